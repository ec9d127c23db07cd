//! Secrets named by `openjd_redacted_env` appear in no output (OUT-2), and the error for a malformed message shows the
//! right form (SES-5).

use super::{Ended, environment, job, run};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Everything that a run has written.
fn all_of(ended: &Ended) -> String {
    let trace: Vec<_> = ended.trace.iter().map(Value::to_string).collect();
    format!("{}{}{}", ended.out, ended.err, trace.join("\n"))
}

/// A check that writes these lines and fails, beside an action that does nothing.
fn with_check(lines: &str) -> String {
    let check = format!("cat <<'X'\n{lines}\nX\nexit 1");
    let more = "onMonitor:\n  command: { command: sh, args: ['{{Env.File.Check}}'] }\n  period: 5\n  \
                initialDelay: 0\n  onFailure: terminate\n  scope: [onEnter]";
    let around = environment(&[("onEnter", "sleep 1000"), ("Check", &check)], more);
    job(&around, "true")
}

#[test]
fn the_message_itself_shows_nothing_of_its_value() {
    let lines = r#"
openjd_redacted_env: A=secret=1
openjd_redacted_env: "B=sec\"ret\u0032"
openjd_redacted_env: "C=-----\nsecret3\n-----"
openjd_redacted_env:D=secret4
 openjd_redacted_env: E=secret5
OpenJD_Redacted_Env: F=secret6
openjd_redacted_env: BAD NAME=secret7
openjd_redacted_env: secret8
openjd_redacted_env: "G=secret9
openjd_redacted_env: "H=secret10" secret11
openjd_redacted_env secret12
+ echo 'openjd_redacted_env: I=secret13'
openjd_redacted_env: EMPTY=
openjd_redacted_env: "EMPTY="
openjd_redacted_env: BLANK=  
[sec"ret2] secret3, secret5; (secret7)
"#;
    let ended = run(&with_check(lines.trim_start_matches('\n')), &[]);
    assert_eq!(ended.actions(), ["onEnter FAILED"]);
    ended.assert_logged(&[
        "[onMonitor] openjd_redacted_env: A=********",
        "[onMonitor] openjd_redacted_env: \"B=********",
        "[onMonitor] openjd_redacted_env: \"C=********",
        "[onMonitor] openjd_redacted_env:D=********",
        "[onMonitor]  openjd_redacted_env: E=********",
        "[onMonitor] OpenJD_Redacted_Env: F=********",
        "[onMonitor] openjd_redacted_env: BAD NAME=********",
        "[onMonitor] openjd_redacted_env: ********",
        "[onMonitor] openjd_redacted_env: \"G=********",
        "[onMonitor] openjd_redacted_env: \"H=********",
        "[onMonitor] openjd_redacted_env ********",
        "[onMonitor] + echo 'openjd_redacted_env: I=********",
        "[onMonitor] openjd_redacted_env: EMPTY=",
        "[onMonitor] openjd_redacted_env: \"EMPTY=\"",
        "[onMonitor] openjd_redacted_env: BLANK=********",
        "[onMonitor] [********] ********, ********; (********)",
    ]);
    let all = all_of(&ended).replace("secret13'", "");
    assert!(!all.contains("secret") && !all.contains("ret2"), "{all}");
}

#[test]
fn a_malformed_message_is_named_with_its_right_form() {
    let assignment = |name: &str| format!("malformed {name}: write \"{name}: NAME=value\"");
    let (env, redacted) = (assignment("openjd_env"), assignment("openjd_redacted_env"));
    let unset = "malformed openjd_unset_env: write \"openjd_unset_env: NAME\"".to_owned();
    for (message, why) in [
        ("openjd_env: 1A=s3cr3t", &env),
        ("openjd_env: s3cr3t", &env),
        ("openjd_env: \"A=s3cr3t", &env),
        ("openjd_env:A=s3cr3t", &env),
        ("openjd_redacted_env: BAD NAME=s3cr3t", &redacted),
        ("OPENJD_REDACTED_ENV: A=s3cr3t", &redacted),
        ("openjd_unset_env: A B", &unset),
    ] {
        let enter = format!("trap 'exit 0' TERM; echo '{message}'; sleep 1000 & wait");
        let around = environment(&[("onEnter", &enter)], "");
        let ended = run(&job(&around, "true"), &[]);
        assert_eq!(ended.actions(), ["onEnter FAILED"], "{message}");
        assert_eq!(ended.trace.last().expect("an end")["state"], "FAILED");
        let of_redacted = message.to_lowercase().contains("redacted");
        let all = all_of(&ended);
        assert!(!of_redacted || !all.contains("s3cr3t"), "{all}");
        let note = format!("[session] {why} (");
        let result = format!("onEnter of environment 'Env' FAILED: {why} (");
        let (log, summary) = ended.out.split_once("--- Results").expect("a summary");
        assert!(log.contains(&note), "{note}\n{log}");
        assert!(
            log.contains(&format!("[session] {result}")),
            "{result}\n{log}"
        );
        assert!(summary.contains(&result), "{result}\n{summary}");
    }
}

#[test]
fn a_message_behind_a_carriage_return_names_a_secret_and_has_no_other_effect() {
    let enter = r#"printf '50%%\ropenjd_redacted_env: A=hunter2aa\n'
printf '50%%\r60%%\ropenjd_redacted_env hunter2bb\rdone\n'
printf 'openjd_redacted_env: C=hunter2cc\rhunter2dd\n'
printf '1%%\ropenjd_redacted_env: "E=hunter2ee\\nhunter2ff"\r2%%\ropenjd_redacted_env: G=hunter2gg\n'
printf '50%%\ropenjd_status: none\n'
printf 'prefix openjd_redacted_env: B=mentioned\n'
echo 'hunter2aa, hunter2bb, hunter2cc, hunter2dd, hunter2ee, hunter2ff, hunter2gg, mentioned'
echo 'openjd_fail: not hunter2aa'"#;
    let exit = "echo \"[${A-unset}]\"";
    let around = environment(&[("onEnter", enter), ("onExit", exit)], "");
    let ended = run(&job(&around, "true"), &[]);
    let stars = ["********"; 7].join(", ");
    ended.assert_logged(&[
        "50%\\ropenjd_redacted_env: A=********",
        "50%\\r60%\\ropenjd_redacted_env ********",
        "openjd_redacted_env: C=********",
        "1%\\ropenjd_redacted_env: \"E=********",
        "prefix openjd_redacted_env: B=********",
        &format!("{stars}, mentioned"),
    ]);
    assert!(ended.out.contains("[unset]"), "{}", ended.out);
    let all = all_of(&ended);
    assert!(!all.contains("hunter2"), "{all}");
    assert!(
        ended.trace.iter().all(|entry| entry["event"] != "status"),
        "{all}"
    );
}

#[test]
fn a_malformed_message_does_not_hide_what_the_action_says() {
    let enter = "echo 'openjd_fail: no licence'; echo openjd_env:A=b; sleep 1000";
    let ended = run(&job(&environment(&[("onEnter", enter)], ""), "true"), &[]);
    let (_, summary) = ended.out.split_once("--- Results").expect("a summary");
    assert!(
        summary.contains("FAILED: malformed openjd_env: write "),
        "{summary}"
    );
    assert!(summary.contains("); no licence"), "{summary}");
}

#[test]
fn white_space_is_not_a_secret_and_does_not_end_a_name() {
    let enter = "cat <<'X'
openjd_redacted_env: BLANK=   
openjd_redacted_env: NONE=
openjd_env: GONE=1
openjd_unset_env: GONE  \t
X
echo 'plain   text stays'";
    let script = "echo \"[$BLANK]${NONE-unset}[${GONE-unset}]\"";
    let ended = run(&job(&environment(&[("onEnter", enter)], ""), script), &[]);
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&["plain   text stays", "[   ][unset]"]);
}

#[test]
fn a_secret_that_ends_in_white_space_is_hidden_before_its_text_is_trimmed() {
    let enter = "echo 'openjd_redacted_env: KEY=hunter2 '
echo 'openjd_status: trying hunter2 '
echo 'openjd_fail: not hunter2 '";
    let ended = run(&job(&environment(&[("onEnter", enter)], ""), "true"), &[]);
    let of = |event: &str| ended.trace.iter().find(|entry| entry["event"] == event);
    assert_eq!(of("status").expect("a status")["text"], "trying ********");
    assert_eq!(
        of("action_ended").expect("an end")["failMessage"],
        "not ********"
    );
    assert!(!all_of(&ended).contains("hunter2"));
}

#[test]
fn a_plain_value_is_hidden_where_programs_quote_it() {
    let enter = r#"cat <<'X'
openjd_redacted_env: TOKEN=ab"cd-QQQ\dir
openjd_redacted_env: UML=grün-WWW
openjd_redacted_env: Q=it's-SECq1 and more-SECq2
X
printf 'openjd_redacted_env: TAB=yyy\tuuu-TTT\n'"#;
    let script = r#"cat <<'X'
"ab\"cd-QQQ\\dir" "gr\u00fcn-WWW" "yyy\tuuu-TTT" \"ab\\\"cd-QQQ\\\\dir\"
X
set -x; echo "$Q" "$TOKEN" "$TAB" "$UML""#;
    let ended = run(&job(&environment(&[("onEnter", enter)], ""), script), &[]);
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&[
        "\"********\" \"********\" \"********\" \\\"********\\\"",
        "******** ******** ******** ********",
    ]);
    let all = all_of(&ended);
    for part in ["QQQ", "dir\\", "WWW", "TTT", "SECq", "yyy"] {
        assert!(!all.contains(part), "{part}: {all}");
    }
}

#[test]
fn a_value_that_is_no_utf_8_is_hidden_in_actions_and_checks() {
    let lines = r"printf 'abcXX\xffdefYY\n'; printf 'openjd_status: st abcXX\xffdefYY\n'";
    let message = r"printf 'openjd_redacted_env: PW=abcXX\xffdefYY\n'";
    let more = "onMonitor:\n  command: { command: sh, args: ['{{Env.File.Check}}'] }\n  period: 5\n  \
                initialDelay: 1\n  onFailure: log\n  scope: [onEnter]";
    let lines = lines.replace(r"\xff", r"\377");
    let message = message.replace(r"\xff", r"\377");
    for (enter, check) in [
        (format!("{message}; sleep 2"), format!("{lines}; exit 1")),
        (format!("sleep 2; {lines}"), format!("{message}; exit 1")),
    ] {
        let around = environment(&[("onEnter", &enter), ("Check", &check)], more);
        let ended = run(&job(&around, "true"), &[]);
        let all = all_of(&ended);
        assert!(all.contains("st ********"), "{all}");
        assert!(!all.contains("abcXX") && !all.contains("defYY"), "{all}");
    }
}

#[test]
fn an_equals_sign_in_place_of_the_colon_is_noted_and_names_a_secret() {
    let enter = "echo openjd_redacted_env=A=s3cret; echo 'now s3cret'";
    let ended = run(&job(&environment(&[("onEnter", enter)], ""), "true"), &[]);
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&[
        "openjd_redacted_env=********",
        "[session] the line above is no message: write \"openjd_redacted_env: NAME=value\"",
        "now ********",
    ]);
    assert!(!all_of(&ended).contains("s3cret"));
}

#[test]
fn the_start_of_a_secret_is_hidden_in_the_name_of_a_process() {
    let enter = "echo openjd_redacted_env: A=hunter2-abcdef-ghijkl
cp \"$(command -v sleep)\" hunter2-abcdef-ghijkl; setsid ./hunter2-abcdef-ghijkl 100 & sleep .5";
    let ended = run(&job(&environment(&[("onEnter", enter)], ""), "true"), &[]);
    let expected = "left behind by the session: ********";
    assert!(ended.out.contains(expected), "{}", ended.out);
    assert!(!all_of(&ended).contains("hunter2"), "{}", ended.out);
}

#[test]
fn a_secret_is_hidden_in_commands_task_parameters_and_reasons() {
    let action = |script: &str| json!({ "command": "sh", "args": ["-c", script] });
    let template = json!({
        "specificationVersion": "jobtemplate-2023-09",
        "extensions": ["MONITOR", "REDACTED_ENV_VARS"],
        "name": "Job",
        "jobEnvironments": [{ "name": "Env", "script": { "actions": {
            "onEnter": action("echo 'openjd_redacted_env: KEY=hunter2'; sleep 1000"),
            "onMonitor": { "command": { "command": "./hunter2" }, "period": 5, "initialDelay": 1, "onFailure": "log",
                           "scope": ["onEnter"] },
        } } }],
        "steps": [{
            "name": "Step",
            "parameterSpace": { "taskParameterDefinitions": [{ "name": "P", "type": "STRING", "range": ["hunter2"] }] },
            "script": { "actions": { "onRun": action("echo {{Task.Param.P}}") } },
        }],
    });
    let template = template.to_string().replace("sleep 1000", "sleep 2");
    let ended = run(&template, &[]);
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&[
        "openjd_redacted_env: KEY=********",
        "P(STRING) = ********",
        "********",
    ]);
    assert!(
        ended.out.contains("could not start: `./********`"),
        "{}",
        ended.out
    );
    let all = all_of(&ended);
    assert!(!all.contains("hunter2"), "{all}");
}

/// A word of a secret, which occurs in no other output of a run.
fn word() -> impl Strategy<Value = String> {
    "Q[A-Z0-9]{7}"
}

fn secret() -> impl Strategy<Value = String> {
    let joint = select(
        &[
            "\"", "\\", " ", "  ", "=", "ü", "€\t", "'", "\n", "\n\n", "",
        ][..],
    );
    let edge = || select(&["", "", "", " ", "\t", "\""][..]);
    (edge(), vec((word(), joint), 0..3), word(), edge()).prop_map(|(start, words, last, end)| {
        let words: String = words
            .into_iter()
            .map(|(word, joint)| word + joint)
            .collect();
        format!("{start}{words}{last}{end}")
    })
}

/// Ways to write the message, well-formed or not. `PLAIN` stands for the assignment as it is or, if it has several lines,
/// as a JSON string; `JSON` for a JSON string; `ESCAPED` for a JSON string with every possible character escaped; and
/// `BAD` for an invalid name.
const FORMS: &[&str] = &[
    "openjd_redacted_env: PLAIN",
    "openjd_redacted_env: JSON",
    "openjd_redacted_env: ESCAPED",
    "openjd_redacted_env:PLAIN",
    "openjd_redacted_env:ESCAPED",
    " openjd_redacted_env: PLAIN",
    "\topenjd_redacted_env: JSON",
    "OPENJD_REDACTED_ENV: PLAIN",
    "openjd_redacted_env PLAIN",
    "openjd_redacted_env : JSON",
    "openjd_redacted_env: BAD PLAIN",
    "openjd_redacted_env: JSON and more",
];

fn message(form: &str, secret: &str) -> String {
    let name = if form.contains("BAD") {
        "BAD NAME"
    } else {
        "NAME"
    };
    let text = format!("{name}={secret}");
    let json = json!(text).to_string();
    let escape = |c: char| match c {
        'A'..='Z' | '0'..='9' | '=' => c.to_string(),
        _ => format!("\\u{:04x}", u32::from(c)),
    };
    let escaped: String = text.chars().map(escape).collect();
    let plain = if secret.contains('\n') { &json } else { &text };
    form.replace("BAD ", "")
        .replace("PLAIN", plain)
        .replace("JSON", &json)
        .replace("ESCAPED", &format!("\"{escaped}\""))
}

/// A job whose action or check names secrets and writes them in every possible way.
fn telling(named: &[(String, &str)], by_check: bool) -> Value {
    let messages = named.iter().map(|(secret, form)| message(form, secret));
    let mut lines: Vec<_> = messages.collect();
    for (secret, form) in named {
        if form.contains("JSON") {
            lines.push(json!(secret).to_string());
        }
        for line in secret.split('\n').filter(|line| !line.trim().is_empty()) {
            lines.push(line.to_owned());
            lines.push(format!("<{line}>"));
            lines.push(format!("openjd_status: {line} "));
            lines.push(format!("openjd_fail: {line}"));
        }
    }
    let tell = format!("cat <<'END'\n{}\nEND\nexit 1\n", lines.join("\n"));
    let file = |name: &str, data: &str| json!({ "name": name, "type": "TEXT", "data": data });
    let action =
        |name: &str| json!({ "command": "sh", "args": [format!("{{{{Env.File.{name}}}}}")] });
    let mut actions = json!({ "onEnter": action("Enter"), "onExit": action("Tell") });
    if by_check {
        actions["onMonitor"] = json!({ "command": action("Tell"), "period": 5, "initialDelay": 0,
                                       "onFailure": "terminate", "scope": ["onEnter"] });
    }
    let enter = if by_check { "sleep 1000" } else { &tell };
    json!({
        "specificationVersion": "jobtemplate-2023-09",
        "extensions": ["MONITOR", "REDACTED_ENV_VARS"],
        "name": "Job",
        "jobEnvironments": [{ "name": "Env", "script": {
            "actions": actions,
            "embeddedFiles": [file("Enter", enter), file("Tell", &tell)],
        } }],
        "steps": [{ "name": "Step", "script": { "actions": { "onRun": { "command": "true" } } } }],
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_secret_is_readable_anywhere(
        named in vec((secret(), select(FORMS)), 1..4),
        by_check in any::<bool>(),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let picture = folder.path().join("run.svg");
        let template = telling(&named, by_check).to_string();
        let ended = run(&template, &["--timeline", &picture.to_string_lossy()]);
        prop_assert_eq!(ended.status, 1, "{}{}", ended.out, ended.err);
        let all = all_of(&ended) + &std::fs::read_to_string(&picture).expect("a picture");
        for (secret, form) in &named {
            for word in secret.split(|c: char| !c.is_ascii_alphanumeric()) {
                let is_readable = word.len() > 7 && all.contains(word);
                prop_assert!(!is_readable, "{word} of {secret:?}, {form}: {all}");
            }
        }
    }
}

#[test]
fn names_of_processes_that_are_left_behind_are_hidden_and_one_line() {
    let enter = "echo 'openjd_redacted_env: A=sekretl'";
    let around = environment(&[("onEnter", enter)], "");
    let script = "cp /bin/sleep ./$A; cp /bin/sleep \"./a
b\"; setsid ./$A 1000 >/dev/null 2>&1 & setsid \"./a
b\" 1000 >/dev/null 2>&1 & sleep 0.5";
    let ended = run(&job(&around, script), &[]);
    let left = ended
        .out
        .lines()
        .find(|line| line.contains("left behind by the session"));
    let left = left.unwrap_or_else(|| panic!("{}", ended.out));
    assert!(
        left.contains("********") && left.contains("a\\nb"),
        "{left}"
    );
    assert!(!ended.out.contains("sekretl"), "{}", ended.out);
}
