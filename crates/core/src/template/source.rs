//! The text of a file, and the lines and columns of its bytes.

use std::ops::Range;

/// A place in a text as people count it: line and column from 1, the column in characters, and the
/// offset in bytes from the start of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1. LF, CR LF and a lone CR end a line, as in YAML.
    pub line: usize,
    /// The column, from 1, in characters. A byte order mark has no column.
    pub column: usize,
    /// Bytes from the start of the file, from 0.
    pub offset: usize,
}

/// The text of a file with an index of its lines.
#[derive(Debug, Clone)]
pub struct Source {
    text: String,
    line_starts: Vec<usize>,
    /// Number of characters before each block of [`BLOCK`] bytes, and of those that are two units of UTF-16: a column is
    /// found without reading its whole line, which in minified JSON is the whole file.
    before_blocks: Vec<(usize, usize)>,
}

const BLOCK: usize = 1024;

impl Source {
    /// Indexes `text`.
    pub fn new(text: String) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let mut line_starts = vec![0];
        let ends = memchr::memchr2_iter(b'\n', b'\r', bytes).filter(|&at| ends_line(at));
        line_starts.extend(ends.map(|at| at + 1));
        let mut before_blocks = vec![(0, 0)];
        let (mut chars, mut pairs) = (0, 0);
        for block in bytes.chunks(BLOCK) {
            // Most text is ASCII, which is cheaper to check than to count.
            let counts = match block.is_ascii() {
                true => (block.len(), 0),
                false => (count_chars(block), count_pairs(block)),
            };
            chars += counts.0;
            pairs += counts.1;
            before_blocks.push((chars, pairs));
        }
        Self {
            text,
            line_starts,
            before_blocks,
        }
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The index, from 0, of the line that holds `offset`.
    pub fn line_index(&self, offset: usize) -> usize {
        self.line_starts.partition_point(|&start| start <= offset) - 1
    }

    /// The bytes of the line with `index` (from 0), its line break included; `None` past the end.
    pub fn line_range(&self, index: usize) -> Option<Range<usize>> {
        let start = *self.line_starts.get(index)?;
        let end = self.line_starts.get(index + 1).copied();
        Some(start..end.unwrap_or(self.text.len()))
    }

    /// The line and column of the byte at `offset`; past the end, of the end.
    pub fn position(&self, offset: usize) -> Position {
        let inside = self.floor_char_boundary(offset);
        let line = self.line_index(inside);
        let start = self.line_starts[line];
        let mark = usize::from(self.text[start..inside].starts_with('\u{feff}'));
        Position {
            line: line + 1,
            column: self.chars(start..inside) - mark + 1,
            offset,
        }
    }

    /// Number of characters in `span`, which starts and ends between characters.
    pub fn chars(&self, span: Range<usize>) -> usize {
        let before =
            |offset: usize| self.before_blocks[offset / BLOCK].0 + count_chars(self.block(offset));
        before(span.end) - before(span.start)
    }

    /// Number of UTF-16 units of `span`, which starts and ends between characters.
    pub fn utf16_units(&self, span: Range<usize>) -> usize {
        let before =
            |offset: usize| self.before_blocks[offset / BLOCK].1 + count_pairs(self.block(offset));
        self.chars(span.clone()) + before(span.end) - before(span.start)
    }

    /// The bytes of the block of `offset` that are before it.
    fn block(&self, offset: usize) -> &[u8] {
        &self.text.as_bytes()[offset / BLOCK * BLOCK..offset]
    }

    /// `span` cut down to its first line, so that a report can underline it; never empty unless it
    /// starts at the end of its line.
    pub fn first_line_of(&self, span: &Range<usize>) -> Range<usize> {
        let start = self.floor_char_boundary(span.start);
        let line = self
            .line_range(self.line_index(start))
            .unwrap_or(start..start);
        let line_end = line.start + self.text[line].trim_end_matches(['\r', '\n']).len();
        let one_char = self.text[start..].chars().next().map_or(0, char::len_utf8);
        let wanted = self.floor_char_boundary(span.end).max(start + one_char);
        start..wanted.min(line_end).max(start)
    }

    fn floor_char_boundary(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset.min(self.text.len()))
    }
}

/// The characters that start among `bytes` of UTF-8.
fn count_chars(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|&&byte| byte & 0b1100_0000 != 0b1000_0000)
        .count()
}

/// The characters that start among `bytes` of UTF-8 and are two units of UTF-16.
fn count_pairs(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte >= 0b1111_0000).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
        let position = Source::new(text.to_owned()).position(offset);
        (position.line, position.column)
    }

    #[test]
    fn columns_count_characters_and_leave_out_the_byte_order_mark() {
        assert_eq!(line_and_column("\u{feff}é: x", 6), (1, 3));
        assert_eq!(line_and_column("a\r\nb\rc\nd", 6), (3, 2));
        assert_eq!(line_and_column("a\r\nb\rc\nd", 7), (4, 1));
        assert_eq!(line_and_column("a\n", 2), (2, 1));
        assert_eq!(line_and_column("", 0), (1, 1));
        let long = format!("a\n{}x", "é".repeat(BLOCK));
        assert_eq!(line_and_column(&long, long.len() - 1), (2, BLOCK + 1));
    }

    #[test]
    fn a_span_over_lines_is_cut_at_the_end_of_its_first() {
        let source = Source::new("abc\r\ndef".to_owned());
        assert_eq!(source.first_line_of(&(1..7)), 1..3);
        assert_eq!(source.first_line_of(&(1..1)), 1..2);
        assert_eq!(source.first_line_of(&(3..4)), 3..3);
    }
}
