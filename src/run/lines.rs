//! Splits the output of a process into lines of bounded length.

use openjd_monitor_core::session::{MAX_LINE, Target};

/// Bytes kept of an overlong line: enough to exceed [`MAX_LINE`] even without a last, incomplete character.
const MAX_KEPT: usize = MAX_LINE + 2 * char::MAX_LEN_UTF8;

/// Splitter for the output of one process.
#[derive(Debug)]
pub(super) struct LineSplitter {
    target: Target,
    /// Start of the current line.
    open: Vec<u8>,
}

impl LineSplitter {
    pub fn new(target: Target) -> Self {
        Self {
            target,
            open: Vec::new(),
        }
    }

    /// Appends `bytes` and returns the lines that they complete.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<String> {
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
    pub fn finish(&mut self) -> Option<String> {
        self.is_open().then(|| self.close())
    }

    /// Returns true if a line has begun and not ended.
    pub fn is_open(&self) -> bool {
        !self.open.is_empty()
    }

    fn add(&mut self, piece: &[u8]) {
        let room = MAX_KEPT - self.open.len();
        self.open.extend(piece.iter().take(room));
    }

    fn close(&mut self) -> String {
        let is_whole = self.open.len() < MAX_KEPT;
        if is_whole && self.open.ends_with(b"\r") {
            self.open.pop();
        }
        let mut text = match self.target {
            Target::Action => with_escapes(&self.open),
            // OUT-3.
            Target::Check => String::from_utf8_lossy(&self.open).into_owned(),
        };
        self.open.clear();
        text.truncate(text.floor_char_boundary(MAX_LINE + char::MAX_LEN_UTF8));
        text
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

    #[test]
    fn a_line_may_come_in_pieces() {
        let mut lines = LineSplitter::new(Target::Action);
        assert_eq!(lines.push(b"one\r\ntw"), ["one"]);
        assert_eq!(lines.push(b"o\n\nthree"), ["two", ""]);
        assert_eq!(lines.finish().as_deref(), Some("three"));
        assert_eq!(lines.finish(), None);
    }

    #[test]
    fn what_is_no_utf_8_is_shown() {
        let bytes = b"a\xff\xe2\x82z\n";
        let of = |target| LineSplitter::new(target).push(bytes);
        assert_eq!(of(Target::Action), ["a\\xff\\xe2\\x82z"]);
        assert_eq!(of(Target::Check), ["a\u{fffd}\u{fffd}z"]);
    }

    #[test]
    fn what_is_kept_of_a_long_line_is_longer_than_a_line_may_be_and_ends_with_a_character() {
        for character in ["x", "ü", "€", "😀"] {
            let mut lines = LineSplitter::new(Target::Check);
            assert!(lines.push(character.repeat(MAX_LINE).as_bytes()).is_empty());
            assert!(lines.open.len() <= MAX_KEPT);
            let ended = lines.push(format!("{}\nnext\n", character.repeat(8)).as_bytes());
            assert!(ended[0].len() > MAX_LINE && ended[0].len() <= MAX_LINE + 4);
            assert_eq!(ended[0].replace(character, ""), "");
            assert_eq!(ended[1], "next");
        }
    }

    #[test]
    fn the_longest_line_is_whole() {
        let longest = "x".repeat(MAX_LINE);
        for end in ["\n", "\r\n"] {
            let ended =
                LineSplitter::new(Target::Action).push(format!("{longest}{end}").as_bytes());
            assert_eq!(ended, [longest.as_str()]);
        }
    }
}
