//! From the bytes that a process writes to lines, of a length that fits into memory.

use openjd_monitor_core::session::{MAX_LINE, Target};

/// So many bytes more are kept until a line is decoded, so that the cut is no matter of half a character.
const SPARE: usize = 4;

/// A line of output, without its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub text: String,
    /// Whether there was more of it.
    pub is_cut: bool,
}

/// The output of one process, on its way.
#[derive(Debug)]
pub(super) struct Lines {
    of: Target,
    /// The start of the line that has not ended.
    open: Vec<u8>,
    is_cut: bool,
}

impl Lines {
    pub fn new(of: Target) -> Self {
        Self {
            of,
            open: Vec::new(),
            is_cut: false,
        }
    }

    /// The lines that end in `bytes`.
    pub fn take_in(&mut self, bytes: &[u8]) -> Vec<Line> {
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

    /// The line that nothing ends but the end of the output.
    pub fn end(&mut self) -> Option<Line> {
        (!self.open.is_empty()).then(|| self.close())
    }

    fn add(&mut self, piece: &[u8]) {
        let room = (MAX_LINE + SPARE).saturating_sub(self.open.len());
        self.is_cut |= piece.len() > room;
        self.open.extend(piece.iter().take(room));
    }

    fn close(&mut self) -> Line {
        if !self.is_cut && self.open.ends_with(b"\r") {
            self.open.pop();
        }
        let mut text = match self.of {
            Target::Action => with_escapes(&self.open),
            // OUT-3.
            Target::Check => String::from_utf8_lossy(&self.open).into_owned(),
        };
        self.open.clear();
        let is_cut = std::mem::take(&mut self.is_cut) || text.len() > MAX_LINE;
        text.truncate(text.floor_char_boundary(MAX_LINE));
        Line { text, is_cut }
    }
}

/// What is no UTF-8 as `\xNN`, as in the logs of the official runtimes.
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

    fn texts(lines: Vec<Line>) -> Vec<String> {
        lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn a_line_may_come_in_pieces() {
        let mut lines = Lines::new(Target::Action);
        assert_eq!(texts(lines.take_in(b"one\r\ntw")), ["one"]);
        assert_eq!(texts(lines.take_in(b"o\n\nthree")), ["two", ""]);
        assert_eq!(lines.end().map(|line| line.text).as_deref(), Some("three"));
        assert_eq!(lines.end(), None);
    }

    #[test]
    fn what_is_no_utf_8_is_shown() {
        let bytes = b"a\xff\xe2\x82z\n";
        let of = |target| texts(Lines::new(target).take_in(bytes));
        assert_eq!(of(Target::Action), ["a\\xff\\xe2\\x82z"]);
        assert_eq!(of(Target::Check), ["a\u{fffd}\u{fffd}z"]);
    }

    #[test]
    fn a_long_line_is_cut_before_a_character_and_its_rest_is_no_line() {
        let mut lines = Lines::new(Target::Check);
        let euros = "€".repeat(30_000);
        assert_eq!(lines.take_in(euros.as_bytes()), []);
        assert!(lines.open.len() <= MAX_LINE + SPARE);
        let ended = lines.take_in(b"more\nnext\n");
        assert_eq!(ended[0].text, "€".repeat(MAX_LINE / 3));
        assert!(ended[0].is_cut);
        assert_eq!(ended[1].text, "next");
        assert!(!ended[1].is_cut);
        let fits = "x".repeat(MAX_LINE);
        let line = &lines.take_in(format!("{fits}\n").as_bytes())[0];
        assert_eq!((line.text.len(), line.is_cut), (MAX_LINE, false));
    }
}
