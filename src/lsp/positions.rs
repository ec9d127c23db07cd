//! Positions of the protocol: lines from 0, and columns in the units that the client has chosen.

use lsp_types::{Position, PositionEncodingKind, Range};
use openjd_monitor_core::template::Source;
use std::ops;

/// Unit of columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf16,
    Utf32,
}

impl Encoding {
    /// Chooses among the units that a client offers: bytes, where it can have them. A client that offers none has UTF-16.
    pub fn negotiated(offered: &[PositionEncodingKind]) -> Self {
        let preferred = [Self::Utf8, Self::Utf32, Self::Utf16].into_iter();
        let mut common = preferred.filter(|encoding| offered.contains(&encoding.kind()));
        common.next().unwrap_or(Self::Utf16)
    }

    /// Its name in the protocol.
    pub fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
            Self::Utf32 => PositionEncodingKind::UTF32,
        }
    }

    /// The position of the byte at `offset`; past the end, of the end.
    pub fn position(self, source: &Source, offset: usize) -> Position {
        let text = source.text();
        let inside = text.floor_char_boundary(offset.min(text.len()));
        let line = source.line_index(inside);
        let start = source.line_range(line).unwrap_or_default().start;
        let before = start..inside;
        let column = match self {
            Self::Utf8 => before.len(),
            Self::Utf16 => source.utf16_units(before),
            Self::Utf32 => source.chars(before),
        };
        Position::new(number(line), number(column))
    }

    /// The range of the bytes in `span`.
    pub fn range(self, source: &Source, span: &ops::Range<usize>) -> Range {
        Range::new(
            self.position(source, span.start),
            self.position(source, span.end.max(span.start)),
        )
    }

    /// The offset of a position. One past the end of its line is at that end, as the protocol has it; one inside a
    /// character is at its start.
    pub fn offset(self, source: &Source, position: Position) -> usize {
        let Some(line) = source.line_range(position.line as usize) else {
            return source.text().len();
        };
        let text = source.text()[line.clone()].trim_end_matches(['\r', '\n']);
        let mut left = position.character as usize;
        for (at, character) in text.char_indices() {
            let width = match self {
                Self::Utf8 => character.len_utf8(),
                Self::Utf16 => character.len_utf16(),
                Self::Utf32 => 1,
            };
            if left < width {
                return line.start + at;
            }
            left -= width;
        }
        line.start + text.len()
    }

    /// The bytes of a range; empty for one that ends before it starts.
    pub fn span(self, source: &Source, range: Range) -> ops::Range<usize> {
        let start = self.offset(source, range.start);
        start..self.offset(source, range.end).max(start)
    }
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a: é😀x\r\nb\rc\n";

    #[test]
    fn a_column_counts_the_units_of_the_encoding() {
        let source = Source::new(TEXT.to_owned());
        let x = TEXT.find('x').unwrap_or_default();
        for (encoding, column) in [
            (Encoding::Utf8, 9),
            (Encoding::Utf16, 6),
            (Encoding::Utf32, 5),
        ] {
            let position = Position::new(0, column);
            assert_eq!(encoding.position(&source, x), position);
            assert_eq!(encoding.offset(&source, position), x);
        }
        let c = TEXT.find('c').unwrap_or_default();
        assert_eq!(Encoding::Utf16.position(&source, c), Position::new(2, 0));
    }

    #[test]
    fn a_column_far_in_a_long_line_counts_the_same_units() {
        let source = Source::new(format!("a\n{}x", "é😀".repeat(1000)));
        let x = source.text().len() - 1;
        for (encoding, column) in [
            (Encoding::Utf8, 6000),
            (Encoding::Utf16, 3000),
            (Encoding::Utf32, 2000),
        ] {
            let position = Position::new(1, column);
            assert_eq!(encoding.position(&source, x), position);
            assert_eq!(encoding.offset(&source, position), x);
        }
    }

    #[test]
    fn a_position_that_is_none_is_moved_to_the_nearest_before_it() {
        let source = Source::new(TEXT.to_owned());
        let end_of_line = TEXT.find('\r').unwrap_or_default();
        let offset = |line, column| Encoding::Utf16.offset(&source, Position::new(line, column));
        assert_eq!(offset(0, 99), end_of_line);
        assert_eq!(offset(0, 5), 5, "inside of a pair of surrogates");
        assert_eq!(offset(99, 0), TEXT.len());
    }
}
