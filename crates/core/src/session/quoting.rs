//! Texts without the quoting that JSON, shells and programming languages give them, however often.

use super::search::Pattern;

/// Length from which on a text is recognized without its quoting, in bytes. Shorter ones may be words like any other.
const LONG: usize = 8;

/// Text without its quoting.
#[derive(Debug, Default)]
pub(super) struct Bare {
    /// The rest. A byte or a run of bytes that are no UTF-8, which may be shown as U+FFFD or as `\xNN`, is one 0xFF.
    pub bytes: Vec<u8>,
    /// Place of each of these bytes.
    places: Vec<Place>,
    /// Number of characters of quoting in all.
    quotes: usize,
    /// Length of the original.
    len: usize,
}

#[derive(Debug, Clone, Copy)]
struct Place {
    /// Start in the original, with the backslashes of an escape.
    start: usize,
    end: usize,
    /// Number of characters of quoting before it.
    quotes: usize,
}

impl Bare {
    /// Takes the quoting off a text; off one that is `cut`, also an escape that has no end.
    pub fn new(text: &[u8], is_cut: bool) -> Self {
        let mut bare = Self {
            len: text.len(),
            ..Self::default()
        };
        let mut at = 0;
        while at < text.len() {
            let rest = &text[at..];
            let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
            if slashes == 0 {
                let length = char_length(rest);
                match std::str::from_utf8(&rest[..length]).map(|text| text.chars().next()) {
                    Ok(Some(character)) => bare.push(character, at, at + length),
                    _ => bare.push_byte(rest[0], at, at + 1),
                }
                at += length;
                continue;
            }
            let rest = &rest[slashes..];
            if is_cut && rest.len() < r"u0000\u0000".len() && matches!(rest, [b'u' | b'x', ..]) {
                // No escape is whole, or it is as good as cut.
                break;
            }
            let end = at + slashes;
            at = match Escape::read(rest) {
                Some((Escape::Char(character), length)) => {
                    bare.push(character, at, end + length);
                    end + length
                }
                Some((Escape::Byte(byte), length)) => {
                    bare.push_byte(byte, at, end + length);
                    end + length
                }
                None => {
                    bare.quotes += slashes;
                    end
                }
            };
        }
        bare.join_invalid();
        bare
    }

    /// Returns the pattern that finds this text however it is quoted; `None` if nothing is left of it.
    pub fn into_pattern(self) -> Option<Pattern> {
        let (first, last) = (self.places.first()?, self.places.last()?);
        let is_long = self.bytes.len() >= LONG;
        Some(Pattern {
            quotes: if is_long { 0 } else { self.quotes },
            is_quoted_before: first.start > 0 && first.quotes > 0,
            is_quoted_behind: last.end < self.len,
            text: self.bytes,
        })
    }

    /// Returns the place of an occurrence in the original, if it is quoted as the pattern requires.
    pub fn place_of(&self, pattern: &Pattern, end: usize) -> Option<(usize, usize)> {
        let from = end - pattern.text.len();
        let (first, last) = (self.places[from], self.places[end - 1]);
        let before = from.checked_sub(1).map(|at| self.places[at]);
        let behind = self.places.get(end);
        let (start, quotes_before) = match pattern.is_quoted_before {
            true => before.map_or((0, 0), |before| (before.end, before.quotes)),
            false => (first.start, first.quotes),
        };
        let (end, quotes) = match pattern.is_quoted_behind {
            true => behind.map_or((self.len, self.quotes), |next| (next.start, next.quotes)),
            false => (last.end, last.quotes),
        };
        (quotes - quotes_before >= pattern.quotes).then_some((start, end))
    }

    /// Returns the start in the original of the last `length` bytes.
    pub fn start_of_end(&self, length: usize) -> Option<usize> {
        let at = self.bytes.len().checked_sub(length)?;
        self.places.get(at).map(|place| place.start)
    }

    fn push(&mut self, character: char, start: usize, end: usize) {
        if matches!(character, '"' | '\'' | '\\') {
            self.quotes += 1;
            return;
        }
        // The letter of its escape.
        let letter = match character {
            '\t' => Some(b't'),
            '\n' => Some(b'n'),
            '\r' => Some(b'r'),
            '\x07' => Some(b'a'),
            '\x08' => Some(b'b'),
            '\x0b' => Some(b'v'),
            '\x0c' => Some(b'f'),
            char::REPLACEMENT_CHARACTER => return self.push_byte(0xff, start, end),
            _ => None,
        };
        if let Some(letter) = letter {
            self.quotes += 1;
            return self.push_byte(letter, start, end);
        }
        let mut buffer = [0; char::MAX_LEN_UTF8];
        for byte in character.encode_utf8(&mut buffer).bytes() {
            self.push_byte(byte, start, end);
        }
    }

    fn push_byte(&mut self, byte: u8, start: usize, end: usize) {
        self.bytes.push(byte);
        let quotes = self.quotes;
        self.places.push(Place { start, end, quotes });
    }

    /// Makes each run of bytes that are no UTF-8 one byte.
    fn join_invalid(&mut self) {
        if std::str::from_utf8(&self.bytes).is_ok() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let places = std::mem::take(&mut self.places);
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            let valid = at + chunk.valid().len();
            self.bytes.extend_from_slice(&bytes[at..valid]);
            self.places.extend_from_slice(&places[at..valid]);
            at = valid + chunk.invalid().len();
            if valid == at {
                continue;
            }
            let end = places[at - 1].end;
            match (self.bytes.last(), self.places.last_mut()) {
                (Some(0xff), Some(last)) => last.end = end,
                _ => {
                    self.bytes.push(0xff);
                    self.places.push(Place {
                        end,
                        ..places[valid]
                    });
                }
            }
        }
    }
}

/// Length of the character at the start of a text; 1 if it is no UTF-8.
fn char_length(text: &[u8]) -> usize {
    let width = match text[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    };
    let start = text.get(..width);
    match start.is_some_and(|start| std::str::from_utf8(start).is_ok()) {
        true => width,
        false => 1,
    }
}

/// What an escape stands for.
enum Escape {
    Char(char),
    Byte(u8),
}

impl Escape {
    /// Reads an escape behind its backslashes. Returns its length as well.
    fn read(text: &[u8]) -> Option<(Self, usize)> {
        let digits = |from: usize, count: usize, radix: u32| {
            let digits = std::str::from_utf8(text.get(from..from + count)?).ok()?;
            let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            is_number.then(|| u32::from_str_radix(digits, radix).ok())?
        };
        // Nobody escapes other bytes by their number.
        let byte = |value: u32| {
            let byte = u8::try_from(value).ok()?;
            (byte.is_ascii_control() || !byte.is_ascii()).then(|| match byte.is_ascii() {
                true => Self::Char(char::from(byte)),
                false => Self::Byte(byte),
            })
        };
        match text.first()? {
            b'u' if text.get(1) == Some(&b'{') => {
                let length = text.iter().take(9).position(|byte| *byte == b'}')?;
                let character = char::from_u32(digits(2, length - 2, 16)?)?;
                Some((Self::Char(character), length + 1))
            }
            b'u' => {
                let unit = digits(1, 4, 16)?;
                let slashes = text[5..].iter().take_while(|byte| **byte == b'\\').count();
                let low = (slashes > 0 && text.get(5 + slashes) == Some(&b'u'))
                    .then(|| digits(6 + slashes, 4, 16))
                    .flatten();
                Some(match (char::from_u32(unit), low) {
                    (Some(character), _) => (Self::Char(character), 5),
                    (None, Some(low @ 0xdc00..=0xdfff)) if unit < 0xdc00 => {
                        let value = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                        (Self::Char(char::from_u32(value)?), 10 + slashes)
                    }
                    // Python has bytes that are no UTF-8 as such halves.
                    (None, _) => (Self::Byte(0xff), 5),
                })
            }
            b'x' => Some((byte(digits(1, 2, 16)?)?, 3)),
            b'0'..=b'3' => Some((byte(digits(0, 3, 8)?)?, 3)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str) -> Vec<u8> {
        Bare::new(text.as_bytes(), false).bytes
    }

    #[test]
    fn texts_are_the_same_however_they_are_quoted() {
        for (text, quoted) in [
            (
                r#"ab"cd\dir"#,
                [r#"ab\"cd\\dir"#, r#"ab\\\"cd\\\\dir"#].as_slice(),
            ),
            ("it's", &[r"it'\''s", r#"it'"'"'s"#, r"it\'s"]),
            (
                "grün",
                &[r"gr\u00fcn", r"gr\xc3\xbcn", r"gr\303\274n", r"gr\u{fc}n"],
            ),
            ("a😀", &[r"a\ud83d\ude00", r"a\\ud83d\\ude00"]),
            ("yyy\tuuu", &[r"yyy\tuuu", r"yyy\u0009uuu", r"yyy\x09uuu"]),
            (r"C:\temp", &[r"C:\\temp"]),
            ("<a&b>", &[r"\u003ca\u0026b\u003e"]),
            ("a b$c", &[r"a\ b\$c"]),
            (
                r"XX\xff\xfeYY",
                &["XX\u{fffd}\u{fffd}YY", r"XX\udcff\udcfeYY"],
            ),
            (r"XX\xe2\x82YY", &["XX\u{fffd}YY"]),
        ] {
            for other in quoted {
                assert_eq!(bare(text), bare(other), "{text}: {other}");
            }
        }
        assert_eq!(Bare::new(b"XX\xffYY", false).bytes, bare("XX\u{fffd}YY"));
    }

    #[test]
    fn an_escape_that_is_cut_is_left_out() {
        for text in [r"ab\", r"ab\u", r"ab\u00f", r"ab\x", r"ab\xc"] {
            assert_eq!(Bare::new(text.as_bytes(), true).bytes, b"ab", "{text}");
        }
    }
}
