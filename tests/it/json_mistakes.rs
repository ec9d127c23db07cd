//! Text that is almost JSON: what is wrong is named at its place, and a fix mends it.

use crate::backslashes::checked;
use openjd_monitor_core::template::Syntax;

/// An environment template with these entries as its variables.
fn variables(entries: &str) -> String {
    let head = "{\"specificationVersion\": \"environment-2023-09\",\n";
    format!("{head} \"environment\": {{\"name\": \"E\", \"variables\": {{\n{entries}\n}}}}}}\n")
}

/// Asserts that these entries have this one finding, and that its fix turns them into these, safely or not.
#[track_caller]
fn entries(written: &str, finding: &str, mended: &str, is_safe: bool) {
    let text = variables(written);
    let (said, all) = checked(&text, Syntax::Json, true);
    assert_eq!(said, [finding], "{written}");
    assert_eq!(all, variables(mended), "{written}");
    let (_, safe) = checked(&text, Syntax::Json, false);
    assert_eq!(safe == all, is_safe, "{written}");
    let (left, _) = checked(&all, Syntax::Json, true);
    let is_syntax = |finding: &&String| !finding.contains("official Python tools");
    assert_eq!(left.iter().find(is_syntax), None, "{written}");
}

#[test]
fn backslashes_are_doubled() {
    let invalid = |escape: &str| {
        format!("`{escape}` is not an escape sequence, but in JSON a backslash starts one")
    };
    let open =
        "the backslash before this quote makes it a part of the text, which does not end here";
    let cases = [
        (
            r#""A": "C:\Users\me""#,
            9,
            invalid(r"\U"),
            r#""A": "C:\\Users\\me""#,
            true,
        ),
        (
            r#""A": "C:\Users\new""#,
            9,
            invalid(r"\U"),
            r#""A": "C:\\Users\\new""#,
            false,
        ),
        (
            r#""A": "\\server\share""#,
            15,
            invalid(r"\s"),
            r#""A": "\\\\server\\share""#,
            true,
        ),
        (
            r#""A": "\d+ \"x\"""#,
            7,
            invalid(r"\d"),
            r#""A": "\\d+ \"x\"""#,
            true,
        ),
        (
            r#""A": "C:\", "B": "x""#,
            9,
            open.to_owned(),
            r#""A": "C:\\", "B": "x""#,
            true,
        ),
        (
            r#""A": "cd \work\n""#,
            10,
            invalid(r"\w"),
            r#""A": "cd \\work\n""#,
            false,
        ),
    ];
    for (written, column, message, mended, is_safe) in cases {
        entries(written, &format!("3:{column} {message}"), mended, is_safe);
    }
}

#[test]
fn strings_get_their_quotes() {
    let quotes = "JSON strings need double quotes";
    let other =
        |mark: char| format!("JSON strings need `\"`, and `{mark}` is another quotation mark");
    entries(
        "'A': '1', 'B': 'say \"x\"'",
        &format!("3:1 {quotes}"),
        r#""A": "1", "B": "say \"x\"""#,
        true,
    );
    entries(
        "“A”: “1”, \"B\": ‘2’",
        &format!("3:1 {}", other('“')),
        r#""A": "1", "B": "2""#,
        true,
    );
    entries("\"A\": `1`", &format!("3:6 {quotes}"), "\"A\": \"1\"", true);
    // A comma in a string is not between keys.
    let text = variables("A: 'First, note: this', B: \"2\"");
    let (_, mended) = checked(&text, Syntax::Json, false);
    assert_eq!(mended, variables(r#""A": "First, note: this", "B": "2""#));
    // Another language may mean a line break.
    entries(
        r"'A': 'echo a\necho b'",
        &format!("3:1 {quotes}"),
        r#""A": "echo a\\necho b""#,
        false,
    );
    entries(
        "\"A\": bash -c, \"B\": \"2\"",
        &format!("3:6 {quotes}"),
        r#""A": "bash -c", "B": "2""#,
        true,
    );
    entries(
        "\"A\": b: c",
        &format!("3:6 {quotes}"),
        "\"A\": \"b: c\"",
        false,
    );
    entries(
        "A: \"1\", B: \"2\"",
        "3:1 JSON keys need double quotes",
        r#""A": "1", "B": "2""#,
        true,
    );
    entries(
        "A\": \"1\"",
        "3:1 the quote before `A` is missing",
        "\"A\": \"1\"",
        true,
    );
    entries(
        "\"A\": 1\"",
        "3:6 the quote before `1` is missing",
        "\"A\": \"1\"",
        true,
    );
    let unclosed = "the quote that starts here is not closed";
    entries(
        "\"A\": \"1,\n\"B\": \"2\"",
        &format!("3:6 {unclosed}"),
        "\"A\": \"1\",\n\"B\": \"2\"",
        false,
    );
    entries(
        r#""A": "1, "B": "2""#,
        &format!("3:6 {unclosed}"),
        r#""A": "1", "B": "2""#,
        false,
    );
    entries(
        r#""A: "1", "B": "2""#,
        &format!("3:1 {unclosed}"),
        r#""A": "1", "B": "2""#,
        false,
    );
    let nested = "the quote that starts here ends before `hi`";
    entries(
        r#""A": "say "hi", x", "B": "2""#,
        &format!("3:6 {nested}"),
        r#""A": "say \"hi\", x", "B": "2""#,
        false,
    );
    entries(
        "\"A\": \"\"\"x\"\"\"",
        "3:6 there are no strings in three quotes in JSON",
        "\"A\": \"x\"",
        true,
    );
    let tab = "a U+0009 TAB stands here, which a string of JSON has as an escape sequence only";
    entries(
        "\"A\": \"a\tb\tc\"",
        &format!("3:8 {tab}"),
        r#""A": "a\tb\tc""#,
        true,
    );
    let line = "a string of JSON stands on one line";
    entries(
        "\"A\": \"a\r\nb\"",
        &format!("3:6 {line}"),
        r#""A": "a\nb""#,
        false,
    );
    let text = variables("\"A\": {{Param.X}}/b");
    let (said, all) = checked(&text, Syntax::Json, true);
    let message = "a value with `{{…}}` must be quoted here: JSON reads the brace as an object";
    assert_eq!(said[0], format!("3:6 {message}"));
    assert_eq!(said[1], "3:8 there is no variable `Param.X` here");
    assert_eq!(all, variables("\"A\": \"{{Param.X}}/b\""));
}

#[test]
fn values_of_other_languages_are_named() {
    let zero = "a number of JSON does not start with a `0` before other digits";
    let point = "a number of JSON has digits on both sides of its point";
    let cases = [
        ("True", "this is Python, not JSON", "true", true),
        (
            "FALSE",
            "JSON writes `false` in small letters",
            "false",
            true,
        ),
        ("NaN", "there is no `NaN` in JSON", "\"NaN\"", false),
        ("010", zero, "10", false),
        (".5", point, "0.5", true),
        ("1.", point, "1.0", true),
        ("+1", "a number of JSON has no `+` before it", "1", true),
        ("0x10", "JSON has no hexadecimal numbers", "16", false),
        ("1_000", "a number of JSON has no `_` in it", "1000", true),
        (
            "1e400",
            "`1e400` is beyond the largest number, about 1.8e308",
            "\"1e400\"",
            false,
        ),
    ];
    for (written, message, mended, is_safe) in cases {
        let entry = |value: &str| format!("\"A\": {value}, \"B\": \"2\"");
        entries(
            &entry(written),
            &format!("3:6 {message}"),
            &entry(mended),
            is_safe,
        );
    }
}

#[test]
fn marks_are_put_right() {
    let colon = "JSON has a `:` between a key and its value";
    let comma = "JSON has a `,` between two items";
    let missing = "a comma is missing between the previous item and this one";
    entries(
        "\"A\" \"1\"",
        "3:1 a colon is missing after the key `A`",
        "\"A\": \"1\"",
        false,
    );
    entries(
        "\"A\"= \"1\"",
        &format!("3:4 {colon}"),
        "\"A\": \"1\"",
        true,
    );
    entries(
        "\"A\"： \"1\"",
        &format!("3:4 {colon}"),
        "\"A\": \"1\"",
        true,
    );
    entries(
        "\"A\": \"1\"; \"B\": \"2\"",
        &format!("3:9 {comma}"),
        "\"A\": \"1\", \"B\": \"2\"",
        true,
    );
    entries(
        "\"A\": \"1\" \"B\": \"2\"",
        &format!("3:10 {missing}"),
        "\"A\": \"1\", \"B\": \"2\"",
        false,
    );
    entries(
        "\"A\": \"1\"\n\"B\": \"2\"",
        &format!("4:1 {missing}"),
        "\"A\": \"1\",\n\"B\": \"2\"",
        true,
    );
    entries(
        "\"A\": \"1\",, \"B\": \"2\"",
        "3:10 there is no item before this comma",
        "\"A\": \"1\", \"B\": \"2\"",
        true,
    );
    let (said, _) = checked(&variables("\"A\": , \"B\": \"2\""), Syntax::Json, true);
    assert_eq!(said, ["3:6 the key `A` has no value"]);
}

#[test]
fn brackets_are_named_at_their_start() {
    let head = "{\n  \"specificationVersion\": \"environment-2023-09\",\n";
    let text = |rest: &str| {
        format!("{head}  \"environment\": {{\"name\": \"E\", \"variables\": {rest}\n}}\n")
    };
    let cases = [
        (
            "{\"A\": \"1\"",
            "3:18 the `{` that starts here is not closed",
            "{\"A\": \"1\"}}",
        ),
        (
            "[\"A\": \"1\"]}",
            "3:45 keys with values stand in braces, and these are brackets",
            "{\"A\": \"1\"}}",
        ),
        (
            "{\"A\": \"1\"]}",
            "3:54 `]` does not match the bracket that it closes",
            "{\"A\": \"1\"}}",
        ),
        (
            "{\"A\": \"1\"}}}",
            "4:1 this `}` closes nothing",
            "{\"A\": \"1\"}}}",
        ),
    ];
    for (written, finding, mended) in cases {
        let (said, all) = checked(&text(written), Syntax::Json, true);
        assert_eq!(said, [finding], "{written}");
        if !finding.starts_with('4') {
            assert_eq!(all, text(mended), "{written}");
        }
    }
    let job = |args: &str| {
        format!(
            "{{\"specificationVersion\": \"jobtemplate-2023-09\", \"name\": \"J\",\n\"steps\": [{{\"name\": \"S\", \"script\": {{\"actions\": {{\"onRun\": {{\"command\": \"a\", \"args\": {args}, \"timeout\": 5}}}}}}}}]}}\n"
        )
    };
    let start = "the `[` that starts here is not closed";
    let cases = [
        ("[\"b\"", format!("2:82 {start}"), "[\"b\"]"),
        (
            "{\"b\", \"c\"}",
            "2:82 a list stands in brackets, and these are braces".to_owned(),
            "[\"b\", \"c\"]",
        ),
        (
            "(\"b\", \"c\")",
            "2:82 a list of JSON stands in brackets".to_owned(),
            "[\"b\", \"c\"]",
        ),
    ];
    for (written, finding, mended) in cases {
        let (said, all) = checked(&job(written), Syntax::Json, true);
        assert_eq!(said, [finding], "{written}");
        assert_eq!(all, job(mended), "{written}");
    }
}

#[test]
fn every_mistake_of_a_file_is_reported_and_one_long_line_is_read_fast() {
    let text =
        variables("\"A\": True, \"B-C\": \"C:\\Users\", \"D\" \"1\", \"E\": \"{{Param.No}}\"");
    let (said, _) = checked(&text, Syntax::Json, true);
    assert_eq!(
        said,
        [
            "3:6 this is Python, not JSON",
            "3:12 `B-C` is no name of a variable",
            "3:22 `\\U` is not an escape sequence, but in JSON a backslash starts one",
            "3:31 a colon is missing after the key `D`",
            "3:48 there is no variable `Param.No` here",
        ]
    );
    for mark in ["'", "[", "“", "\"a\" ", "{a ", "\\\"", "(", "0", "{{"] {
        let text = variables(&format!("\"A\": {}", mark.repeat(20_000)));
        let start = std::time::Instant::now();
        checked(&text, Syntax::Json, true);
        assert!(start.elapsed().as_secs() < 10, "{mark}");
    }
}
