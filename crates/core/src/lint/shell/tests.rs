//! Tests of reading command lines.

use super::*;
use proptest::prelude::*;

fn words(text: &str, language: Language) -> Vec<Vec<String>> {
    let script = read(text, language, &[]);
    script.commands.iter().map(texts).collect()
}

fn texts(command: &Command) -> Vec<String> {
    let words = command.words.iter();
    words.map(|word| word.text.replace(UNKNOWN, "?")).collect()
}

#[test]
fn words_are_those_of_the_shell() {
    let sh = |text| words(text, Language::Sh);
    assert_eq!(sh("a 'b c'\\''d' \"e $f\""), [["a", "b c'd", "e ?"]]);
    assert_eq!(sh("a; b # c\n\nd"), [["a"], ["b"], ["d"]]);
    assert_eq!(
        sh("a $(b | c ')') `d` $((1 + 2)) ${e:-}}"),
        [["a", "?", "?", "?", "?}"]]
    );
    assert_eq!(sh("a 2>&1 <b >'c d' &>e f"), [["a", "f"]]);
    assert_eq!(sh("a <<X && b\n$(c\nX\nd"), [["a"], ["b"], ["d"]]);
    assert_eq!(sh("a \\\nb\n"), [["a", "b"]]);
    assert_eq!(
        words("@a \"b & c\" ^& %D% & rem e", Language::Cmd),
        [["a", "b & c", "&", "?"]]
    );
    assert_eq!(
        words("& a 'b''c' `\"d; $e", Language::PowerShell),
        [["a", "b'c", "\"d"].as_slice(), &["?"]]
    );
}

#[test]
fn commands_are_joined_as_they_are_written() {
    let script = read("a | b && c ||\n d\n(e) &", Language::Sh, &[]);
    let joints: Vec<_> = script
        .commands
        .iter()
        .map(|command| command.joint)
        .collect();
    use Joint::{And, Next, Or, Pipe};
    assert_eq!(joints, [Next, Pipe, And, Or, Next, Next, Next]);
    assert!(script.is_whole);
}

#[test]
fn what_is_left_open_is_no_whole_script() {
    for text in ["a 'b", "a \"b", "a $(b", "a `b", "a ${b"] {
        assert!(!read(text, Language::Sh, &[]).is_whole, "{text}");
    }
    let deep = "$(".repeat(100_000);
    assert!(!read(&deep, Language::Sh, &[]).is_whole);
}

#[test]
fn an_interpolation_is_one_part_of_a_word() {
    let text = "a x{{ b('c d') }}y '{{e}}' # {{f}}";
    let holes = [3..17, 20..25, 29..34];
    let script = read(text, Language::Sh, &holes);
    let found: Vec<_> = script
        .holes
        .iter()
        .map(|hole| (hole.range.start, hole.within))
        .collect();
    let expected = [
        (3, Within::Code),
        (20, Within::Quotes),
        (29, Within::Comment),
    ];
    assert_eq!(found, expected);
    assert_eq!(script.commands[0].words.len(), 3);
}

#[test]
fn nothing_ends_within_an_interpolation() {
    for (language, text, expected) in [
        (
            Language::Sh,
            "`a {{ '`' }}` b",
            [["?", "b"].as_slice()].as_slice(),
        ),
        (Language::Sh, "# {{ '\n' }} a\nb", &[&["b"]]),
        (
            Language::Sh,
            "a <<X\n{{ '\nX\n' }}\nX\nb",
            &[&["a"], &["b"]],
        ),
        (Language::PowerShell, "<# {{ '#>' }} a #> b", &[&["b"]]),
    ] {
        let hole = text.find("{{").unwrap_or_default()..text.find("}}").unwrap_or_default() + 2;
        let script = read(text, language, &[hole]);
        let found = script.commands.iter().map(texts).collect::<Vec<_>>();
        assert_eq!(found, expected, "{text}");
        assert!(script.is_whole, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_to_its_end(text in "[a-c$(){}'\"`|&;<>#\\\\ \n^%@!=-é]{0,60}", at in 0..60usize) {
        let at = text.floor_char_boundary(at.min(text.len()));
        let hole = "{{'`\n#>'}}";
        let text = format!("{}{hole}{}", &text[..at], &text[at..]);
        for language in [Language::Sh, Language::Cmd, Language::PowerShell] {
            let script = read(&text, language, std::slice::from_ref(&(at..at + hole.len())));
            for word in script.commands.iter().flat_map(|command| &command.words) {
                prop_assert!(text.get(word.range.clone()).is_some());
            }
            let _ = of_script(&script, language, &["-e"]);
        }
    }
}
