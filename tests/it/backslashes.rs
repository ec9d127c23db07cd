//! Backslashes of paths, which start escape sequences: they are reported with their cause, and a fix keeps the text.

use openjd_monitor_core::lint::{self, Safety, Settings};
use openjd_monitor_core::template::{Edit, Syntax};

/// An environment template with these lines as its variables.
fn variables(lines: &str) -> String {
    let lines = lines.lines().map(|line| format!("    {line}\n"));
    let lines: String = lines.collect();
    format!(
        "specificationVersion: environment-2023-09\nenvironment:\n  name: E\n  variables:\n{lines}"
    )
}

/// The findings of a text, as `line:column message`, and the text with its fixes, or with the safe ones only.
pub(crate) fn checked(text: &str, syntax: Syntax, with_unsafe: bool) -> (Vec<String>, String) {
    let checked = lint::check(text.as_bytes(), syntax, &Settings::default());
    let findings = checked.found.expect("a template").findings;
    let said = findings.iter().map(|finding| {
        let start = finding.span.as_ref().expect("a place").start;
        let at = checked.source.position(start);
        format!("{}:{} {}", at.line, at.column, finding.message)
    });
    let said = said.collect();
    let fixes = findings.iter().filter_map(|finding| finding.fix.clone());
    let fixes = fixes.filter(|fix| with_unsafe || fix.safety == Safety::Safe);
    let mut edits: Vec<_> = fixes.flat_map(|fix| fix.edits).collect();
    edits.sort_by_key(|edit| edit.span.start);
    (said, Edit::apply(&edits, text))
}

const OPEN: &str =
    "the backslash before this quote makes it a part of the text, which does not end here";

fn invalid(escape: &str) -> String {
    format!("`{escape}` is not an escape sequence, but in double quotes a backslash starts one")
}

#[test]
fn a_fix_keeps_the_text_that_backslashes_stand_in() {
    // What is written, the place and the message, the fixed text, and whether the fix is safe.
    let cases = [
        (
            r#"A: "C:\Users\bob""#,
            "5:11",
            invalid(r"\U"),
            r"A: 'C:\Users\bob'",
            true,
        ),
        (
            r#"A: "C:\studio\new""#,
            "5:11",
            invalid(r"\s"),
            r"A: 'C:\studio\new'",
            false,
        ),
        (
            r#"A: "\\server\share\foo""#,
            "5:17",
            invalid(r"\s"),
            r"A: '\\server\share\foo'",
            true,
        ),
        (
            r#"A: "\\\\server\share""#,
            "5:19",
            invalid(r"\s"),
            r"A: '\\server\share'",
            true,
        ),
        (
            r#"A: "C:\\a\dir""#,
            "5:14",
            invalid(r"\d"),
            r"A: 'C:\a\dir'",
            true,
        ),
        (
            r#"A: "cd C:\work\nset X=1\n""#,
            "5:14",
            invalid(r"\w"),
            r#"A: "cd C:\\work\nset X=1\n""#,
            false,
        ),
        (
            r#"A: "say \"x\" \d C:\logs""#,
            "5:19",
            invalid(r"\d"),
            r#"A: "say \"x\" \\d C:\\logs""#,
            true,
        ),
        (
            "A: \"one \\d\n  two \\w\"",
            "5:13",
            invalid(r"\d"),
            "A: 'one \\d\n  two \\w'",
            true,
        ),
        (r#"A: "C:\""#, "5:11", OPEN.to_owned(), r"A: 'C:\'", true),
        (
            "A: \"D:\\dir\\\"\nB: x",
            "5:11",
            invalid(r"\d"),
            "A: 'D:\\dir\\'\nB: x",
            true,
        ),
        (
            "A: \"D:\\new\\\"\nB: \"x\"",
            "5:15",
            OPEN.to_owned(),
            "A: 'D:\\new\\'\nB: \"x\"",
            false,
        ),
        (
            "A: \"D:\\\" # drive\nB: \"D:\\dir\\\"\nC: \"x\"",
            "5:11",
            OPEN.to_owned(),
            "A: 'D:\\' # drive\nB: 'D:\\dir\\'\nC: \"x\"",
            true,
        ),
        (
            r#"{A: "C:\Users", B: "D:\data\", C: 'it''s'}"#,
            "5:12",
            invalid(r"\U"),
            r"{A: 'C:\Users', B: 'D:\data\', C: 'it''s'}",
            true,
        ),
        (
            r#"A: "a \d" # "C:\d""#,
            "5:11",
            invalid(r"\d"),
            r#"A: 'a \d' # "C:\d""#,
            true,
        ),
    ];
    for (written, place, message, mended, is_safe) in cases {
        let text = variables(written);
        let (said, all) = checked(&text, Syntax::Yaml, true);
        assert_eq!(said, [format!("{place} {message}")], "{written}");
        assert_eq!(all, variables(mended), "{written}");
        let (_, safe) = checked(&text, Syntax::Yaml, false);
        assert_eq!(safe == all, is_safe, "{written}");
    }
}

#[test]
fn a_quote_that_is_escaped_on_purpose_is_another_mistake() {
    let text = variables("A: \"say \\\"x\\\"\nB: \"b\"");
    let (said, _) = checked(&text, Syntax::Yaml, true);
    assert_eq!(said, ["5:8 the quote that starts here is not closed"]);
    for valid in [
        r#"A: "\\\\server\\share \"x\"""#,
        r#"A: "a\", \"b\\""#,
        "A: \"C:\\\\\"",
    ] {
        let (said, _) = checked(&variables(valid), Syntax::Yaml, true);
        assert_eq!(said, [""; 0], "{valid}");
    }
}
