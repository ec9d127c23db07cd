//! Changes that a client makes to a text.

use super::positions::Encoding;
use lsp_types::{Position, TextDocumentContentChangeEvent};
use ropey::Rope;

/// Returns `text` after `changes`, each of which counts in the text after the one before it. An editor that indents a file
/// sends one for each line: in a rope, each takes a time that hardly depends on the length of the text.
pub(super) fn applied(
    text: &str,
    changes: Vec<TextDocumentContentChangeEvent>,
    encoding: Encoding,
) -> String {
    let mut rope = Rope::from_str(text);
    for change in changes {
        let Some(range) = change.range else {
            rope = Rope::from_str(&change.text);
            continue;
        };
        let [start, end] = [range.start, range.end].map(|at| character(&rope, at, encoding));
        // A range that ends before it starts is meant the other way round.
        let span = start.min(end)..start.max(end);
        rope.remove(span.clone());
        rope.insert(span.start, &change.text);
    }
    rope.to_string()
}

/// Returns the index of the character at a position, as [`Encoding::offset`] has its byte.
fn character(rope: &Rope, position: Position, encoding: Encoding) -> usize {
    let Some(line) = rope.get_line(position.line as usize) else {
        return rope.len_chars();
    };
    let start = rope.line_to_char(position.line as usize);
    let column = position.character as usize;
    let column = match encoding {
        Encoding::Utf8 => line.byte_to_char(column.min(line.len_bytes())),
        Encoding::Utf16 => line.utf16_cu_to_char(column.min(line.len_utf16_cu())),
        Encoding::Utf32 => column,
    };
    let reversed = line.chars_at(line.len_chars()).reversed();
    let line_break = reversed.take_while(|c| ['\r', '\n'].contains(c)).count();
    start + column.min(line.len_chars() - line_break)
}

#[cfg(test)]
mod tests {
    use super::*;
    use openjd_monitor_core::template::Source;

    #[test]
    fn a_position_is_the_same_in_a_rope() {
        let text = "a: é😀x\r\n\u{2028}b\rc\n\n\u{b}d";
        let (source, rope) = (Source::new(text.to_owned()), Rope::from_str(text));
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for (line, column) in (0..8).flat_map(|line| (0..15).map(move |column| (line, column)))
            {
                let position = Position::new(line, column);
                let found = rope.char_to_byte(character(&rope, position, encoding));
                assert_eq!(found, encoding.offset(&source, position), "{position:?}");
            }
        }
    }
}
