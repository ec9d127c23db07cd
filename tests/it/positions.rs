//! Random strings through every scalar style, written out and read back: each character of the
//! decoded string must map to the bytes it was written with.

use openjd_monitor_core::template::{Loaded, Path, Syntax, limits, load};
use proptest::prelude::*;

/// A document with one string, and the bytes that each of the string's characters came from.
#[derive(Default, Debug)]
struct Written {
    document: String,
    expected: Vec<(char, std::ops::Range<usize>)>,
}

impl Written {
    fn raw(&mut self, text: &str) {
        self.document.push_str(text);
    }

    fn character(&mut self, character: char, written_as: &str) {
        let start = self.document.len();
        self.document.push_str(written_as);
        self.expected.push((character, start..self.document.len()));
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            self.character(character, character.encode_utf8(&mut [0; 4]));
        }
    }

    fn check(&self, syntax: Syntax) {
        let loaded = load(self.document.as_bytes(), syntax, limits::DEFAULT_MAX_BYTES);
        let Loaded::Document(document) = loaded else {
            panic!("not read: {loaded:?}\n{}", self.document);
        };
        let path = Path::root().key("key");
        let text: String = self
            .expected
            .iter()
            .map(|(character, _)| character)
            .collect();
        assert_eq!(
            document.value()["key"].as_str(),
            Some(text.as_str()),
            "{}",
            self.document
        );
        let mut at = 0;
        for (character, bytes) in &self.expected {
            let part = at..at + character.len_utf8();
            let found = document.text_span(&path, &part);
            assert_eq!(
                found.as_ref(),
                Some(bytes),
                "{character:?} at {at} of\n{}",
                self.document
            );
            at = part.end;
        }
        if let (Some(first), Some(last)) = (self.expected.first(), self.expected.last()) {
            let whole = document.text_span(&path, &(0..at));
            assert_eq!(whole, Some(first.1.start..last.1.end.max(first.1.start)));
        }
    }
}

const LINE_BREAKS: [&str; 2] = ["\n", "\r\n"];

/// Words of a line; the first starts with a letter so that no style takes it for something else.
fn words() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-zé][a-zé日😀{}.]{0,5}", 1..4)
}

/// Lines of words, with the number of blank lines before each.
fn paragraphs() -> impl Strategy<Value = Vec<(usize, Vec<String>)>> {
    prop::collection::vec((0usize..3, words()), 1..5)
}

/// Words folded over lines as plain and quoted scalars may be.
fn fold(
    out: &mut Written,
    lines: &[(usize, Vec<String>)],
    line_break: &str,
    quote: &dyn Fn(&mut Written, &str),
) {
    for (index, (blank_lines, words)) in lines.iter().enumerate() {
        if index > 0 {
            match blank_lines {
                0 => out.character(' ', line_break),
                _ => {
                    out.raw(line_break);
                    (0..*blank_lines).for_each(|_| out.character('\n', line_break));
                }
            }
            out.raw("    ");
        }
        for (index, word) in words.iter().enumerate() {
            if index > 0 {
                quote(out, " ");
            }
            quote(out, word);
        }
    }
}

proptest! {
    #[test]
    fn plain(lines in paragraphs(), line_break in 0usize..2) {
        let mut out = Written::default();
        out.raw("\u{feff}ключ: 1\nkey: ");
        fold(&mut out, &lines, LINE_BREAKS[line_break], &|out, word| out.text(&word.replace(['{', '}'], "")));
        out.raw("\nlast: 1\n");
        out.check(Syntax::Yaml);
    }

    #[test]
    fn single_quoted(lines in paragraphs(), line_break in 0usize..2, flow: bool) {
        let mut out = Written::default();
        out.raw(if flow { "{key:   '" } else { "key: '" });
        fold(&mut out, &lines, LINE_BREAKS[line_break], &|out, word| {
            out.text(word);
            if word.len() > 3 {
                out.character('\'', "''");
            }
        });
        out.raw(if flow { "', x: 1}" } else { "'" });
        out.check(Syntax::Yaml);
    }

    #[test]
    fn double_quoted(lines in paragraphs(), line_break in 0usize..2) {
        let mut out = Written::default();
        out.raw("key: \"");
        fold(&mut out, &lines, LINE_BREAKS[line_break], &|out, word| {
            for character in word.chars() {
                match character {
                    'é' => out.character('é', "\\xe9"),
                    'a' => out.character('\n', "\\n"),
                    '日' => out.character('日', "\\u65e5"),
                    '😀' => out.character('😀', "\\U0001F600"),
                    'b' => {
                        out.character('b', "b");
                        out.raw("\\\n   ");
                    }
                    'c' => {
                        out.character('\t', "\\\t");
                        out.raw("\\\n");
                        out.character('\n', "\n");
                        out.raw("  ");
                    }
                    other => out.character(other, other.encode_utf8(&mut [0; 4])),
                }
            }
            out.character('"', "\\\"");
        });
        out.raw("\"\n");
        out.check(Syntax::Yaml);
    }

    #[test]
    fn literal(
        lines in prop::collection::vec("[a-z é#{}'\"\\\\😀]{0,12}", 1..8),
        indent in 1usize..5, chomp in 0usize..3, line_break in 0usize..2, follows: bool,
    ) {
        let line_break = LINE_BREAKS[line_break];
        let mut out = Written::default();
        out.raw(&format!("key: |{indent}{}  # a comment{line_break}", ["", "-", "+"][chomp]));
        let last = lines.iter().rposition(|line| !line.is_empty());
        // The parser gives no useful span to a text of nothing but line breaks.
        prop_assume!(last.is_some());
        for (index, line) in lines.iter().enumerate() {
            if !line.is_empty() {
                out.raw(&" ".repeat(indent));
                out.text(line);
            }
            let kept = match chomp {
                0 => Some(index) <= last,
                1 => Some(index) < last,
                _ => true,
            };
            if kept { out.character('\n', line_break) } else { out.raw(line_break) }
        }
        out.raw(if follows { "# comment\nlast: 1\n" } else { "" });
        out.check(Syntax::Yaml);
    }

    #[test]
    fn folded(lines in prop::collection::vec((0usize..3, 0usize..3, words()), 1..6), line_break in 0usize..2) {
        let line_break = LINE_BREAKS[line_break];
        let mut out = Written::default();
        out.raw(&format!("key: >2{line_break}"));
        for (index, (blank_lines, extra, words)) in lines.iter().enumerate() {
            let is_spaced = *extra > 0 || index > 0 && lines[index - 1].1 > 0;
            let breaks = usize::from(index > 0) + blank_lines;
            for number in 0..breaks {
                match (index, is_spaced, breaks, number) {
                    (0, ..) | (_, true, ..) => out.character('\n', line_break),
                    (_, false, 1, _) => out.character(' ', line_break),
                    (_, false, _, 0) => out.raw(line_break),
                    _ => out.character('\n', line_break),
                }
            }
            out.raw("  ");
            out.text(&" ".repeat(*extra));
            out.text(&words.join(" "));
        }
        out.character('\n', line_break);
        out.check(Syntax::Yaml);
    }

    #[test]
    fn json(text in ".{0,20}", spaces in 0usize..4) {
        let mut out = Written::default();
        out.raw(&format!("{{{}\"other\"\n:\t1, \"key\": \"", " ".repeat(spaces)));
        for character in text.chars() {
            match character {
                '/' => out.character('/', "\\/"),
                '"' => out.character('"', "\\\""),
                '\\' => out.character('\\', "\\\\"),
                c if c < ' ' => out.character(c, &format!("\\u{:04x}", u32::from(c))),
                c if u32::from(c) > 0xffff => {
                    let pair = c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04X}")).collect::<String>();
                    out.character(c, &pair);
                }
                c => out.character(c, c.encode_utf8(&mut [0; 4])),
            }
        }
        out.raw("\"}");
        out.check(Syntax::Json);
    }
}
