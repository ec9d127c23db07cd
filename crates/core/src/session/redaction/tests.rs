//! Tests of redaction.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn learned(lines: &[&str]) -> Redactions {
    let mut redactions = Redactions::default();
    for line in lines {
        redactions.learn(line);
    }
    redactions
}

#[test]
fn secrets_are_hidden_wherever_they_stand() {
    let redactions = learned(&[
        "openjd_redacted_env: A=abc",
        "openjd_redacted_env: B=bcd",
        "openjd_redacted_env: C=xyzzy",
        "openjd_redacted_env: D=yzz",
    ]);
    let shown = |line: &str| redactions.apply(line).into_owned();
    assert_eq!(shown("abc"), "********");
    assert_eq!(shown("xabcdx"), "x********x");
    assert_eq!(shown("abc bcd"), "******** ********");
    assert_eq!(shown("abcabc"), "********");
    assert_eq!(shown("(xyzzy)"), "(********)");
    assert_eq!(shown("nothing"), "nothing");
    assert_eq!(
        redactions.apply_to_text("é abc\nyzz"),
        "é ********\n********"
    );
}

#[test]
fn each_line_of_a_secret_is_one() {
    let redactions = learned(&[r#"openjd_redacted_env: "A=first\n  second\n\nthird""#]);
    let shown = |line: &str| redactions.apply(line).into_owned();
    assert_eq!(shown("the first, a second"), "the ********, a ********");
    assert_eq!(shown("[  second]"), "[********]");
    assert_eq!(shown("third"), "********");
    assert_eq!(shown("a b"), "a b");
}

#[test]
fn a_value_is_hidden_as_it_is_written_and_as_it_reads() {
    for (line, texts) in [
        (
            r#"openjd_redacted_env: "A=a\"b\u00fc""#,
            [r#"a"bü"#, r#"a\"b\u00fc"#].as_slice(),
        ),
        (r#"openjd_redacted_env: "A=one" two"#, &["one"]),
        (r#"openjd_redacted_env: "A=o\qe""#, &[r"o\qe"]),
        (r#"openjd_redacted_env: "A\u003done""#, &["one"]),
        (r#"openjd_redacted_env: "A=one\u0000two""#, &["one", "two"]),
        ("openjd_redacted_env: A= one ", &[" one ", "one"]),
        ("openjd_redacted_env: A B=one", &["one"]),
        ("openjd_redacted_env: one", &["one"]),
        (" OPENJD_redacted_env:A=one", &["one"]),
        ("openjd_redacted_env\tone", &["one"]),
    ] {
        let redactions = learned(&[line]);
        for text in texts {
            assert_eq!(redactions.apply(text), STARS, "{line}: {text}");
        }
    }
}

#[test]
fn an_empty_or_blank_secret_hides_nothing_elsewhere() {
    let redactions = learned(&[
        "openjd_redacted_env: A=",
        "openjd_redacted_env: B= \t",
        r#"openjd_redacted_env: "C=""#,
        r#"openjd_redacted_env: "D=\n \n""#,
    ]);
    assert_eq!(redactions.apply("a \t\"b"), "a \t\"b");
}

#[test]
fn the_log_shows_no_value_behind_the_word() {
    let redactions = learned(&["openjd_redacted_env: A=Y=x"]);
    for (line, shown) in [
        (
            "openjd_redacted_env: A=b=c",
            "openjd_redacted_env: A=********",
        ),
        (
            "openjd_redacted_env: A= ",
            "openjd_redacted_env: A=********",
        ),
        ("openjd_redacted_env: A=", "openjd_redacted_env: A="),
        (
            r#"openjd_redacted_env: "A=""#,
            r#"openjd_redacted_env: "A=""#,
        ),
        (
            r#"openjd_redacted_env: "A=b""#,
            r#"openjd_redacted_env: "A=********"#,
        ),
        (
            r#"openjd_redacted_env: "A\u003db""#,
            "openjd_redacted_env: ********",
        ),
        ("openjd_redacted_env:b", "openjd_redacted_env:********"),
        (
            " OPENJD_REDACTED_ENV : b",
            " OPENJD_REDACTED_ENV : ********",
        ),
        ("openjd_redacted_env=A=b", "openjd_redacted_env=********"),
        ("openjd_redacted_env b", "openjd_redacted_env ********"),
        (
            "+ echo 'openjd_redacted_env: A=b'",
            "+ echo 'openjd_redacted_env: A=********",
        ),
        ("openjd_redacted_env: Y=x", "openjd_redacted_env: ********"),
        (
            "write openjd_redacted_env for this",
            "write openjd_redacted_env for this",
        ),
        ("openjd_redacted_envs: A=b", "openjd_redacted_envs: A=b"),
        ("openjd_env: A=b", "openjd_env: A=b"),
    ] {
        assert_eq!(redactions.log_line(line), shown, "{line}");
    }
}

#[test]
fn a_secret_that_is_cut_with_its_line_is_hidden() {
    let redactions = learned(&["openjd_redacted_env: A=€abcdef"]);
    let cut = |text: &str| format!("{}{text}", "x".repeat(MAX_LINE - 3 - text.len()));
    let shown = |text| {
        redactions
            .apply(&cut(text))
            .trim_start_matches('x')
            .to_owned()
    };
    assert_eq!(shown("€abcde"), STARS);
    assert_eq!(shown("€"), STARS);
    assert_eq!(shown("€ab "), "€ab ");
    assert_eq!(redactions.apply("€ab"), "€ab");
}

#[test]
fn a_plain_value_is_hidden_however_it_is_quoted() {
    for (value, quoted) in [
        (
            r#"ab"cd-QQQ\dir"#,
            [r#"ab\"cd-QQQ\\dir"#, r#"ab\\\"cd-QQQ\\\\dir"#].as_slice(),
        ),
        ("grün-WWW", &[r"gr\u00fcn-WWW", r"gr\xc3\xbcn-WWW"]),
        ("yyy\tuuu-TTT", &[r"yyy\tuuu-TTT"]),
        ("it's-SECq1", &[r"it'\''s-SECq1", r#"it'"'"'s-SECq1"#]),
        (r#"a"b"#, &[r#"a\"b"#, r#"a\\\"b"#]),
        (r#""true""#, &[r#"\"true\""#]),
        (r"abcXX\xffdefYY", &["abcXX\u{fffd}defYY"]),
        ("abcXX\u{fffd}defYY", &[r"abcXX\xffdefYY"]),
    ] {
        let redactions = learned(&[&format!("openjd_redacted_env: A={value}")]);
        for text in quoted {
            let line = format!("<{text}>");
            let shown = redactions.apply(&line);
            assert_eq!(shown, "<********>", "{value}: {line}");
        }
    }
}

#[test]
fn a_short_value_hides_no_words_that_lack_its_quoting() {
    let redactions = learned(&[
        r#"openjd_redacted_env: A=a"b"#,
        r#"openjd_redacted_env: B="true""#,
        "openjd_redacted_env: C=don't",
        "openjd_redacted_env: D=x\t",
        r"openjd_redacted_env: E=\.",
    ]);
    let line = r#"ab dont true, C:\true 'true story' next."#;
    let shown = redactions.apply(line).replace('x', STARS);
    assert_eq!(shown, line.replace('x', STARS));
}

#[test]
fn an_equals_sign_in_place_of_the_colon_names_a_secret() {
    let redactions = learned(&["openjd_redacted_env=A=s3cret"]);
    assert_eq!(redactions.apply("s3cret A=s3cret"), "******** ********");
    let redactions = learned(&[r#"openjd_redacted_env="A=s3cret""#]);
    assert_eq!(redactions.apply("s3cret"), STARS);
}

#[test]
fn a_secret_that_starts_with_an_escape_is_hidden_at_the_end_of_a_long_line() {
    let redactions = learned(&["openjd_redacted_env: A=übc"]);
    for written in [r"\u00fcbc", r"\xc3\xbcbc"] {
        let line = format!("{}{written}", "x".repeat(MAX_LINE - 3 - written.len()));
        assert_eq!(redactions.apply(&line).trim_start_matches('x'), STARS);
    }
}

#[test]
fn the_start_of_a_secret_is_hidden_where_a_name_is_cut() {
    let redactions = learned(&["openjd_redacted_env: A=hunter2-abcdef-ghijkl"]);
    assert_eq!(redactions.apply_to_name("hunter2-abcdef-"), STARS);
    assert_eq!(
        redactions.apply_to_name("my-hunter2-abcd"),
        format!("my-{STARS}")
    );
    assert_eq!(redactions.apply_to_name("hunter2"), "hunter2");
    assert_eq!(
        redactions.apply_to_name("no-such-process-"),
        "no-such-process-"
    );
}

#[test]
fn a_line_that_repeats_the_byte_of_a_secret_is_hidden_as_a_whole() {
    let redactions = learned(&[&format!("openjd_redacted_env: A={}", "a".repeat(30_000))]);
    let line = "a".repeat(MAX_LINE - 1);
    assert_eq!(redactions.apply(&line), STARS);
}

proptest! {
    #[test]
    fn a_value_is_hidden_as_json_of_json(value in r#"[a-z][a-z "'\\$ü€😀.]{0,8}[a-z]"#) {
        let redactions = learned(&[&format!("openjd_redacted_env: A={value}")]);
        let once = json!(value).to_string();
        let twice = json!(once).to_string();
        prop_assert_eq!(redactions.apply(&value), STARS);
        prop_assert_eq!(redactions.apply(&once), format!("\"{STARS}\""));
        prop_assert_eq!(redactions.apply(&twice), format!(r#""\"{STARS}\"""#));
    }

    #[test]
    fn any_text_can_be_redacted(value in r#"[\\u0-9dcx{}"'\t€]{1,12}"#, line in r#"[\\u0-9dcx{}"'\t€]{0,40}"#) {
        let redactions = learned(&[&format!("openjd_redacted_env: A={value}")]);
        let line = format!("{line}{value}{line}");
        let shown = redactions.apply(&line);
        prop_assert!(value.trim().is_empty() || shown.contains(STARS), "{value}: {shown}");
        redactions.apply_to_name(&line);
    }
}
