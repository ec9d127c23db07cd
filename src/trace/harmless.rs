//! Texts that anything may have written, where they are shown.

/// What stands for a character that would do harm where it is shown: control characters, what XML has no
/// place for, and what would turn the text around.
pub(crate) fn harmless(character: char) -> char {
    match character {
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        character if character.is_control() => '\u{fffd}',
        character => character,
    }
}
