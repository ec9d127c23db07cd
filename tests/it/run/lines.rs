//! Lines longer than what is kept of a line: their messages about variables are malformed (SES-5), and all of a secret is
//! hidden, the end that was cut off included (OUT-2).

use super::{environment, job, run};

const LIMIT: usize = 65536;

/// Shell command that writes a line of `length` bytes, which starts and ends with these texts.
fn line(start: &str, length: usize, end: &str) -> String {
    let filling = length - start.len() - end.len();
    format!("printf '%s' '{start}'; head -c {filling} /dev/zero | tr '\\0' x; echo '{end}'")
}

/// Command of a task that prints the length of the variable `A`.
const LENGTH: &str = "echo \"has ${#A}\"";

#[test]
fn a_message_about_a_variable_in_a_line_that_is_too_long_is_malformed() {
    for (start, form) in [
        ("openjd_env: A=", "openjd_env: NAME=value"),
        ("openjd_env: \"A=", "openjd_env: NAME=value"),
        ("openjd_redacted_env: A=", "openjd_redacted_env: NAME=value"),
        ("openjd_unset_env: A", "openjd_unset_env: NAME"),
    ] {
        let name = form.split(':').next().unwrap_or_default();
        let enter = format!(
            "trap 'exit 0' TERM; {}; sleep 1000 & wait",
            line(start, LIMIT + 1, "")
        );
        let around = environment(&[("onEnter", &enter)], "");
        let ended = run(&job(&around, LENGTH), &[]);
        assert_eq!(ended.actions(), ["onEnter FAILED"], "{start}");
        let why = format!(
            "malformed {name}: write \"{form}\" (the line is longer than {LIMIT} bytes, its end is lost)"
        );
        let (log, summary) = ended.out.split_once("--- Results").expect("a summary");
        assert!(log.contains(&format!("[session] {why}")), "{start}");
        assert!(
            summary.contains(&format!("onEnter of environment 'Env' FAILED: {why}")),
            "{summary}"
        );
    }
}

#[test]
fn a_variable_in_the_longest_line_is_set() {
    let around = environment(&[("onEnter", &line("openjd_env: A=", LIMIT, ""))], "");
    let ended = run(&job(&around, LENGTH), &[]);
    assert_eq!(ended.status, 0);
    let length = LIMIT - "openjd_env: A=".len();
    ended.assert_logged(&[&format!("has {length}")]);
}

#[test]
fn the_end_of_a_secret_that_was_cut_off_is_hidden() {
    for start in [
        "openjd_redacted_env: A=",
        "openjd_redacted_env:\"A=first\\nsecond\\n",
    ] {
        let value = start.split('=').next_back().unwrap_or_default();
        let length = LIMIT + 1000;
        let tell = [
            // The malformed message cancels the action, which is to write all of its lines.
            "trap '' TERM".to_owned(),
            line(start, length, "ENDING"),
            "echo first; echo second".to_owned(),
            // Shorter by the message's name, so that more of the secret's end is within the limit.
            line(
                value.rsplit('n').next().unwrap_or_default(),
                LIMIT,
                "ENDING",
            ),
            line("<", LIMIT + 10, "ENDING"),
            line("openjd_status: ", LIMIT + 10, "ENDING"),
            line("openjd_fail: ", LIMIT, "ENDING"),
        ];
        let around = environment(&[("onEnter", &tell.join("\n"))], "");
        let ended = run(&job(&around, "true"), &[]);
        assert_eq!(ended.actions(), ["onEnter FAILED"], "{start}");
        let trace: Vec<_> = ended.trace.iter().map(ToString::to_string).collect();
        let all = format!("{}{}{}", ended.out, ended.err, trace.join("\n"));
        let readable: Vec<_> = all
            .lines()
            .filter(|line| line.contains("xxx") || line.contains("ENDING"))
            .map(|line| line.split_at_checked(200).map_or(line, |(head, _)| head))
            .collect();
        assert_eq!(readable, [""; 0], "{start}");
        let shows = |text: &str| ended.out.lines().any(|line| line.ends_with(text));
        assert_eq!(shows("first"), value.is_empty(), "{start}");
        assert_eq!(shows("second"), value.is_empty(), "{start}");
    }
}

#[test]
fn a_status_in_a_line_that_is_too_long_is_cut_with_it() {
    let around = environment(
        &[("onEnter", &line("openjd_status: ", LIMIT + 1000, ""))],
        "",
    );
    let ended = run(&job(&around, "true"), &[]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(
        ended
            .out
            .contains("[session] the line above was cut after 65536 bytes")
    );
    let statuses = ended
        .trace
        .iter()
        .filter(|entry| entry["event"] == "status");
    let lengths: Vec<_> = statuses
        .filter_map(|entry| Some(entry["text"].as_str()?.len()))
        .collect();
    assert_eq!(lengths, [LIMIT - "openjd_status: ".len()]);
}

#[test]
fn the_start_of_a_secret_at_the_end_of_a_status_is_hidden() {
    let status = line(
        "openjd_status: ",
        LIMIT + 20,
        "hunter2-hunter3-hunter4-hunter5",
    );
    let enter = format!("echo 'openjd_redacted_env: A=hunter2-hunter3-hunter4-hunter5'\n{status}");
    let ended = run(&job(&environment(&[("onEnter", &enter)], ""), "true"), &[]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    let mut statuses = ended
        .trace
        .iter()
        .filter(|entry| entry["event"] == "status");
    let text = statuses.next().and_then(|entry| entry["text"].as_str());
    let text = text.expect("a status");
    assert!(text.ends_with("x********"), "{}", &text[text.len() - 40..]);
    assert!(!ended.out.contains("hunter"));
}
