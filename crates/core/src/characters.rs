//! Characters that an editor does not show, by their names.

/// The names of characters that come into templates by copying, as Unicode has them.
const NAMES: [(char, &str); 25] = [
    ('\0', "NUL"),
    ('\t', "TAB"),
    ('\n', "LINE FEED"),
    ('\r', "CARRIAGE RETURN"),
    ('\u{1b}', "ESCAPE"),
    ('\u{85}', "NEXT LINE"),
    ('\u{a0}', "NO-BREAK SPACE"),
    ('\u{ad}', "SOFT HYPHEN"),
    ('\u{2007}', "FIGURE SPACE"),
    ('\u{2009}', "THIN SPACE"),
    ('\u{200b}', "ZERO WIDTH SPACE"),
    ('\u{200c}', "ZERO WIDTH NON-JOINER"),
    ('\u{200d}', "ZERO WIDTH JOINER"),
    ('\u{200e}', "LEFT-TO-RIGHT MARK"),
    ('\u{200f}', "RIGHT-TO-LEFT MARK"),
    ('\u{2028}', "LINE SEPARATOR"),
    ('\u{2029}', "PARAGRAPH SEPARATOR"),
    ('\u{202a}', "LEFT-TO-RIGHT EMBEDDING"),
    ('\u{202d}', "LEFT-TO-RIGHT OVERRIDE"),
    ('\u{202e}', "RIGHT-TO-LEFT OVERRIDE"),
    ('\u{202f}', "NARROW NO-BREAK SPACE"),
    ('\u{2060}', "WORD JOINER"),
    ('\u{2066}', "LEFT-TO-RIGHT ISOLATE"),
    ('\u{3000}', "IDEOGRAPHIC SPACE"),
    ('\u{feff}', "ZERO WIDTH NO-BREAK SPACE"),
];

/// Returns the code point of a character, with its name if it is a common one.
pub(crate) fn name(character: char) -> String {
    let code = format!("U+{:04X}", u32::from(character));
    match NAMES.iter().find(|(known, _)| *known == character) {
        Some((_, name)) => format!("{code} {name}"),
        None if is_space(character) => format!("{code}, a space that is none to a program"),
        None if character.is_control() => format!("{code}, a control character"),
        None => format!("{code}, an invisible character"),
    }
}

/// Returns true for a character that shows as a space, and is none in YAML or to a shell.
pub(crate) fn is_space(character: char) -> bool {
    character.is_whitespace() && !character.is_ascii_whitespace() && !is_line_break(character)
}

fn is_line_break(character: char) -> bool {
    matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns true for a character without a shape that no text needs: those that join emoji and letters of some
/// scripts, or choose their shape, are none.
pub(crate) fn is_invisible(character: char) -> bool {
    let is_needed = matches!(character, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0020}'..='\u{e007f}');
    crate::shown::is_harmful(character) && !character.is_control() && !is_needed
}

/// Returns true for an invisible character, or a space that is none to a program.
pub(crate) fn is_suspect(character: char) -> bool {
    is_invisible(character) || is_space(character)
}

/// Returns `text` without invisible characters and with plain spaces.
pub(crate) fn cleaned(text: &str) -> String {
    let kept = text.chars().filter(|character| !is_invisible(*character));
    kept.map(|character| if is_space(character) { ' ' } else { character })
        .collect()
}
