//! Splits the output of a process into lines of bounded length.

use openjd_monitor_core::session::{MAX_LINE, Target};

/// Bytes kept beyond the limit until a line is decoded, so that the cut does not split a character.
const SPARE: usize = 4;

/// A line of output, without its line break.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OutputLine {
    pub text: String,
    /// True if the line was longer.
    pub is_cut: bool,
}

/// Splitter for the output of one process.
#[derive(Debug)]
pub(super) struct LineSplitter {
    target: Target,
    /// Start of the current line.
    open: Vec<u8>,
    is_cut: bool,
}

impl LineSplitter {
    pub fn new(target: Target) -> Self {
        Self {
            target,
            open: Vec::new(),
            is_cut: false,
        }
    }

    /// Appends `bytes` and returns the lines that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<OutputLine> {
        let mut lines = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            match piece.strip_suffix(b"\n") {
                Some(piece) => {
                    self.add(piece);
                    lines.push(self.close());
                }
                None => self.add(piece),
            }
        }
        lines
    }

    /// Returns the last line, if it has no line break.
    pub fn finish(&mut self) -> Option<OutputLine> {
        (!self.open.is_empty()).then(|| self.close())
    }

    fn add(&mut self, piece: &[u8]) {
        let room = (MAX_LINE + SPARE).saturating_sub(self.open.len());
        self.is_cut |= piece.len() > room;
        self.open.extend(piece.iter().take(room));
    }

    fn close(&mut self) -> OutputLine {
        if !self.is_cut && self.open.ends_with(b"\r") {
            self.open.pop();
        }
        let mut text = match self.target {
            Target::Action => with_escapes(&self.open),
            // OUT-3.
            Target::Check => String::from_utf8_lossy(&self.open).into_owned(),
        };
        self.open.clear();
        let is_cut = std::mem::take(&mut self.is_cut) || text.len() > MAX_LINE;
        text.truncate(text.floor_char_boundary(MAX_LINE));
        OutputLine { text, is_cut }
    }
}

/// Decodes UTF-8; other bytes become `\xNN`, as in the logs of the official runtimes.
fn with_escapes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(lines: Vec<OutputLine>) -> Vec<String> {
        lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_line_may_come_in_pieces() {
        let mut lines = LineSplitter::new(Target::Action);
        assert_eq!(texts(lines.push(b"one\r\ntw")), ["one"]);
        assert_eq!(texts(lines.push(b"o\n\nthree")), ["two", ""]);
        assert_eq!(
            lines.finish().map(|line| line.text).as_deref(),
            Some("three")
        );
        assert_eq!(lines.finish(), None);
    }

    #[test]
    fn what_is_no_utf_8_is_shown() {
        let bytes = b"a\xff\xe2\x82z\n";
        let of = |target| texts(LineSplitter::new(target).push(bytes));
        assert_eq!(of(Target::Action), ["a\\xff\\xe2\\x82z"]);
        assert_eq!(of(Target::Check), ["a\u{fffd}\u{fffd}z"]);
    }

    #[test]
    fn a_long_line_is_cut_before_a_character_and_its_rest_is_no_line() {
        let mut lines = LineSplitter::new(Target::Check);
        let euros = "€".repeat(30_000);
        assert_eq!(lines.push(euros.as_bytes()), []);
        assert!(lines.open.len() <= MAX_LINE + SPARE);
        let ended = lines.push(b"more\nnext\n");
        assert_eq!(ended[0].text, "€".repeat(MAX_LINE / 3));
        assert!(ended[0].is_cut);
        assert_eq!(ended[1].text, "next");
        assert!(!ended[1].is_cut);
        let fits = "x".repeat(MAX_LINE);
        let line = &lines.push(format!("{fits}\n").as_bytes())[0];
        assert_eq!((line.text.len(), line.is_cut), (MAX_LINE, false));
    }
}
