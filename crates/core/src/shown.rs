//! Text from outside, made fit to be shown.
//!
//! Templates, file names and the output of processes may hold anything. [`Shown`] is one line of it, escaped and of
//! bounded length. Characters are escaped as JSON and YAML escape them: `\u202e`.

use std::fmt::{self, Display, Write};

/// Longest line that [`Shown::line`] keeps whole, in characters.
const MAX_CHARS: usize = 1000;

/// One line of text without characters that would do harm where it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Shown(String);

impl Shown {
    /// Returns `text` as a line: escaped, and cut where it gets too long, with a count of what was cut.
    pub fn line(text: &(impl Display + ?Sized)) -> Self {
        let mut line = Line::default();
        // Writing to a line does not fail.
        let _ = write!(line, "{text}");
        if line.left_out > 0 {
            let _ = write!(line.text, "… ({} more characters)", line.left_out);
        }
        Self(line.text)
    }

    /// Returns all of `text` as a line.
    pub fn whole(text: &str) -> Self {
        let mut whole = String::with_capacity(text.len());
        text.chars()
            .for_each(|character| push(character, &mut whole));
        Self(whole)
    }

    /// Returns a line of a file as it is shown beside the places in it: tabs are what they are there.
    pub fn excerpt(text: &str) -> Self {
        let mut excerpt = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '\t' => excerpt.push('\t'),
                other => push(other, &mut excerpt),
            }
        }
        Self(excerpt)
    }

    /// Returns the escaped text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A line under construction.
#[derive(Default)]
struct Line {
    text: String,
    chars: usize,
    left_out: usize,
}

impl Write for Line {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        for character in part.chars() {
            if self.chars < MAX_CHARS {
                self.chars += 1;
                push(character, &mut self.text);
            } else {
                self.left_out += 1;
            }
        }
        Ok(())
    }
}

/// Appends `character`, escaped if it does harm or breaks the line.
fn push(character: char, line: &mut String) {
    match is_harmful(character) {
        true => escape(character, line),
        false => line.push(character),
    }
}

/// Appends `character` to `text` as JSON and YAML escape it.
pub fn escape(character: char, text: &mut String) {
    match character {
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        other => {
            for unit in other.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        }
    }
}

/// Returns true for a character that does more than show: a control, an invisible one, one that changes the direction
/// of the text around it, or one that XML does not allow.
pub fn is_harmful(character: char) -> bool {
    let code = u32::from(character);
    character.is_control()
        // Non-characters.
        || code & 0xfffe == 0xfffe
        || matches!(character, '\u{fdd0}'..='\u{fdef}')
        // What Unicode says may be left out of a drawing (Default_Ignorable_Code_Point), and separators of lines.
        || matches!(
            character,
            '\u{ad}'
                | '\u{34f}'
                | '\u{61c}'
                | '\u{115f}'..='\u{1160}'
                | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{3164}'
                | '\u{fe00}'..='\u{fe0f}'
                | '\u{feff}'
                | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}'
                | '\u{1bca0}'..='\u{1bca3}'
                | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// Quotes text from a template, as Markdown quotes code.
pub fn code(text: &str) -> String {
    let shown = Shown::line(text).to_string();
    let runs = shown.split(|character| character != '`');
    let fence = "`".repeat(runs.map(str::len).max().unwrap_or(0) + 1);
    match shown.starts_with('`') || shown.ends_with('`') {
        true => format!("{fence} {shown} {fence}"),
        false => format!("{fence}{shown}{fence}"),
    }
}

/// Returns text from a template as Markdown that shows it as it is: no image is fetched, no markup of its own.
pub fn prose(text: &str) -> String {
    let shown = Shown::line(text).to_string();
    let mut prose = String::with_capacity(shown.len());
    for character in shown.chars() {
        if r"\`*_[]<>!&~|".contains(character) {
            prose.push('\\');
        }
        prose.push(character);
    }
    prose
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
