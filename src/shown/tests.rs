use super::screen::Screen;
use super::*;
use std::io::Write as _;

fn screened(allowed: Allowed, parts: &[&str]) -> String {
    let mut out = Vec::new();
    let mut screen = Screen::allowing(allowed, &mut out);
    for part in parts {
        screen.write_all(part.as_bytes()).expect("memory");
    }
    drop(screen);
    String::from_utf8(out).expect("UTF-8")
}

fn plain(parts: &[&str]) -> String {
    screened(Allowed::default(), parts)
}

#[test]
fn a_line_has_no_character_that_does_harm_and_keeps_all_others() {
    let shown = |text: &str| Shown::line(text).to_string();
    assert_eq!(
        shown("a\n\r\t\u{1b}[31m\u{7f}\u{9b}\u{202e}\u{200b}\u{feff}\u{fffe}\u{e0041}"),
        "a\\n\\r\\t\\u001b[31m\\u007f\\u009b\\u202e\\u200b\\ufeff\\ufffe\\udb40\\udc41"
    );
    for text in ["é e\u{301} 漢字 \u{a0} עברית \\ \"", ""] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn a_long_line_is_cut_and_says_what_was_cut() {
    let text = "é".repeat(MAX_CHARS);
    assert_eq!(Shown::line(&text).as_str(), text);
    let longer = format!("{text}\n\nx");
    assert_eq!(
        Shown::line(&longer).as_str(),
        format!("{text}… (3 more characters)")
    );
    assert_eq!(Shown::whole(&longer).as_str(), format!("{text}\\n\\nx"));
}

#[test]
fn a_screen_passes_text_line_ends_and_tabs_and_escapes_the_rest() {
    assert_eq!(plain(&["a\tb\r\nc é\n"]), "a\tb\r\nc é\n");
    assert_eq!(
        plain(&["a\rb\u{1b}[31m\u{202e}\n"]),
        "a\\rb\\u001b[31m\\u202e\n"
    );
    let mut out = Vec::new();
    Screen::new(&mut out).write_all(b"a\xff\n").expect("memory");
    assert_eq!(out, "a\u{fffd}\n".as_bytes());
}

#[test]
fn a_character_in_two_writes_is_one() {
    let mut out = Vec::new();
    let mut screen = Screen::new(&mut out);
    for byte in "é\u{202e}\n".bytes() {
        screen.write_all(&[byte]).expect("memory");
    }
    drop(screen);
    assert_eq!(out, "é\\u202e\n".as_bytes());
}

#[test]
fn nothing_is_a_command_unless_commands_are_what_is_written() {
    let commands = Allowed {
        commands: true,
        ..Allowed::default()
    };
    for (text, shown) in [
        ("::error::x\n", "\\u003a:error::x\n"),
        (" \t ::error::x\n", " \t \\u003a:error::x\n"),
        ("a ##[error]x\n", "a \\u0023#[error]x\n"),
        ("###[error]x\n", "#\\u0023#[error]x\n"),
        ("##vso[task]x\n", "\\u0023#vso[task]x\n"),
    ] {
        assert_eq!(plain(&[text]), shown);
        assert_eq!(screened(commands, &[text]), text);
    }
    for text in ["a::b\n", "## Title [x]\n", "12\t::x\n"] {
        assert_eq!(plain(&[text]), text);
    }
    assert_eq!(plain(&["a", "::b\n"]), "a::b\n");
}

#[test]
fn styles_and_links_of_the_project_pass_where_they_are_allowed() {
    let styles = Allowed {
        styles: true,
        ..Allowed::default()
    };
    let page = env!("CARGO_PKG_REPOSITORY");
    let ours = format!("\u{1b}[1;31mred\u{1b}[0m \u{1b}]8;;{page}/x\u{1b}\\x\u{1b}]8;;\u{1b}\\\n");
    assert_eq!(screened(styles, &[&ours]), ours);
    assert!(!plain(&[&ours]).contains('\u{1b}'));
    for theirs in [
        "\u{1b}[2J\n",
        "\u{1b}]8;;http://elsewhere\u{1b}\\\n",
        "\u{1b}]0;x\u{7}\n",
    ] {
        assert!(
            !screened(styles, &[theirs]).contains('\u{1b}'),
            "{theirs:?}"
        );
    }
}
