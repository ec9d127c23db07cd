//! Maps positions in a decoded string to bytes of the file.
//!
//! Each style is decoded once more, this time keeping the origin of every character. If the result
//! is not what the parser read, there is no map, and the whole scalar stands for any part of it.

use super::tree::Style;
use std::ops::Range;

/// For each byte of a decoded text, the bytes of the file that its character was written with.
#[derive(Debug, Clone)]
pub(super) struct Origins(Vec<Range<usize>>);

impl Origins {
    /// The origins of the characters of `decoded`, which the scalar at `span` of `source` stands
    /// for; `None` if they cannot be told.
    pub fn of(source: &str, span: &Range<usize>, style: Style, decoded: &str) -> Option<Self> {
        let mut out = Decoded::default();
        match style {
            Style::Plain => flow(&mut out, source, span.clone(), copy),
            Style::SingleQuoted => flow(&mut out, source, span.start + 1..span.end - 1, unquote),
            Style::DoubleQuoted => flow(&mut out, source, span.start + 1..span.end - 1, unescape),
            Style::Literal => literal(&mut out, source, &block_lines(source, span)),
            Style::Folded => folded(&mut out, source, &block_lines(source, span)),
        }
        // Chomping: the lines above were all kept, with every line break after the last.
        if !out.text.starts_with(decoded) {
            return None;
        }
        out.origins.truncate(decoded.len());
        Some(Self(out.origins))
    }

    /// The bytes of the file from the start of the first to the end of the last character of
    /// `range`; `None` if it is not in the text.
    pub fn bytes(&self, range: &Range<usize>) -> Option<Range<usize>> {
        let start = self.0.get(range.start)?.start;
        let end = match range.end.checked_sub(1) {
            Some(last) if last >= range.start => self.0.get(last)?.end,
            _ => start,
        };
        Some(start..end.max(start))
    }
}

#[derive(Default)]
struct Decoded {
    text: String,
    origins: Vec<Range<usize>>,
}

impl Decoded {
    fn push(&mut self, character: char, origin: Range<usize>) {
        self.text.push(character);
        self.origins.resize(self.text.len(), origin);
    }

    fn copy(&mut self, source: &str, range: Range<usize>) {
        let start = range.start;
        for (at, character) in source[range].char_indices() {
            self.push(character, start + at..start + at + character.len_utf8());
        }
    }

    /// Line breaks between two lines of a text that folds: one is a space, `n + 1` are `n` LF.
    fn fold(&mut self, breaks: &[Range<usize>]) {
        match breaks {
            [only] => self.push(' ', only.clone()),
            [_, rest @ ..] => self.keep(rest),
            [] => {}
        }
    }

    fn keep(&mut self, breaks: &[Range<usize>]) {
        breaks
            .iter()
            .for_each(|line_break| self.push('\n', line_break.clone()));
    }
}

/// A line of a scalar: its content and its line break (empty at the end of the text).
struct PhysicalLine {
    content: Range<usize>,
    line_break: Range<usize>,
}

fn lines(source: &str, range: Range<usize>) -> Vec<PhysicalLine> {
    let mut lines = Vec::new();
    let mut start = range.start;
    loop {
        let rest = &source[start..range.end];
        let end = start + rest.find(['\n', '\r']).unwrap_or(rest.len());
        let after = match &source[end..range.end] {
            tail if tail.starts_with("\r\n") => end + 2,
            tail => end + usize::from(!tail.is_empty()),
        };
        lines.push(PhysicalLine {
            content: start..end,
            line_break: end..after,
        });
        if after == end {
            return lines;
        }
        start = after;
    }
}

const BLANK: [char; 2] = [' ', '\t'];

/// Plain and quoted scalars: white space around line breaks goes, the breaks fold. `decode` takes
/// the content of one line and says whether it escaped the line break after it.
fn flow(
    out: &mut Decoded,
    source: &str,
    range: Range<usize>,
    decode: fn(&mut Decoded, &str, Range<usize>, bool) -> bool,
) {
    let lines = lines(source, range);
    let mut breaks: Vec<Range<usize>> = Vec::new();
    let mut is_break_escaped = false;
    for (index, line) in lines.iter().enumerate() {
        let (is_first, is_last) = (index == 0, index + 1 == lines.len());
        let mut content = line.content.clone();
        if !is_first {
            let indented = &source[content.clone()];
            content.start += indented.len() - indented.trim_start_matches(BLANK).len();
        }
        if is_first || is_last || !content.is_empty() {
            match breaks.split_first() {
                Some((_, rest)) if is_break_escaped => out.keep(rest),
                _ => out.fold(&breaks),
            }
            breaks.clear();
            is_break_escaped = decode(out, source, content, is_last);
        }
        breaks.push(line.line_break.clone());
    }
}

fn trimmed(source: &str, content: Range<usize>, is_last: bool) -> Range<usize> {
    let text = &source[content.clone()];
    let kept = if is_last {
        text
    } else {
        text.trim_end_matches(BLANK)
    };
    content.start..content.start + kept.len()
}

fn copy(out: &mut Decoded, source: &str, content: Range<usize>, is_last: bool) -> bool {
    out.copy(source, trimmed(source, content, is_last));
    false
}

fn unquote(out: &mut Decoded, source: &str, content: Range<usize>, is_last: bool) -> bool {
    let mut at = trimmed(source, content, is_last);
    while let Some(quote) = source[at.clone()].find("''") {
        let quote = at.start + quote;
        out.copy(source, at.start..quote);
        out.push('\'', quote..quote + 2);
        at.start = quote + 2;
    }
    out.copy(source, at);
    false
}

fn unescape(out: &mut Decoded, source: &str, content: Range<usize>, is_last: bool) -> bool {
    let mut at = trimmed(source, content.clone(), is_last);
    while let Some(backslash) = source[at.clone()].find('\\') {
        let backslash = at.start + backslash;
        out.copy(source, at.start..backslash);
        // The escaped character may be white space that trimming took off the end of the line.
        let Some((character, length)) = escape(&source[backslash..content.end]) else {
            return true;
        };
        out.push(character, backslash..backslash + length);
        at.start = backslash + length;
        at.end = at.end.max(at.start);
    }
    out.copy(source, at);
    false
}

/// The character that the escape at the start of `text` stands for, and the escape's length;
/// `None` for an escaped line break.
fn escape(text: &str) -> Option<(char, usize)> {
    let named = text[1..].chars().next()?;
    let simple = |character| Some((character, 1 + named.len_utf8()));
    match named {
        '0' => simple('\0'),
        'a' => simple('\u{7}'),
        'b' => simple('\u{8}'),
        't' => simple('\t'),
        'n' => simple('\n'),
        'v' => simple('\u{b}'),
        'f' => simple('\u{c}'),
        'r' => simple('\r'),
        'e' => simple('\u{1b}'),
        'N' => simple('\u{85}'),
        '_' => simple('\u{a0}'),
        'L' => simple('\u{2028}'),
        'P' => simple('\u{2029}'),
        'x' => Some((char::from_u32(hex(text, 2, 2)?)?, 4)),
        'U' => Some((char::from_u32(hex(text, 2, 8)?)?, 10)),
        'u' => {
            let unit = hex(text, 2, 4)?;
            if let Some(character) = char::from_u32(unit) {
                return Some((character, 6));
            }
            // JSON writes what is beyond the basic plane as two surrogates.
            let pair = [
                u16::try_from(unit).ok()?,
                u16::try_from(hex(text, 8, 4)?).ok()?,
            ];
            Some((char::decode_utf16(pair).next()?.ok()?, 12))
        }
        other => simple(other),
    }
}

fn hex(text: &str, start: usize, digits: usize) -> Option<u32> {
    u32::from_str_radix(text.get(start..start + digits)?, 16).ok()
}

/// A byte of the line with the header of the block scalar at `span`.
pub(super) fn header(source: &str, span: &Range<usize>) -> usize {
    first_line(source, span).saturating_sub(1)
}

/// The start of the first line of the block scalar at `span`: the one below its header.
fn first_line(source: &str, span: &Range<usize>) -> usize {
    let mut start = line_start(source, span.start);
    // The span starts at the first line with text; blank lines may stand before it.
    while let Some(above) = blank_line_above(source, start) {
        start = above;
    }
    start
}

/// The lines of a block scalar without their indentation, from the first below its header.
fn block_lines(source: &str, span: &Range<usize>) -> Vec<PhysicalLine> {
    let start = first_line(source, span);
    let indent = span.start - line_start(source, span.start);
    let mut lines = lines(source, start..span.end.max(span.start));
    for line in &mut lines {
        let text = &source[line.content.clone()];
        let spaces = text.len() - text.trim_start_matches(' ').len();
        line.content.start += spaces.min(indent);
    }
    lines
}

fn line_start(source: &str, at: usize) -> usize {
    source[..at]
        .rfind(['\n', '\r'])
        .map_or(0, |found| found + 1)
}

/// The start of the line above the one that starts at `start`, if that line is blank.
fn blank_line_above(source: &str, start: usize) -> Option<usize> {
    let above = &source[..start];
    let line_break = ["\r\n", "\n", "\r"]
        .into_iter()
        .find(|line_break| above.ends_with(line_break))?;
    let end = start - line_break.len();
    let above = line_start(source, end);
    source[above..end]
        .chars()
        .all(|c| c == ' ')
        .then_some(above)
}

fn literal(out: &mut Decoded, source: &str, lines: &[PhysicalLine]) {
    for line in lines {
        out.copy(source, line.content.clone());
        out.keep(std::slice::from_ref(&line.line_break));
    }
}

/// Breaks fold between two lines of text, unless one of them starts with white space.
fn folded(out: &mut Decoded, source: &str, lines: &[PhysicalLine]) {
    let mut breaks: Vec<Range<usize>> = Vec::new();
    // Before the first line every break stays, as after a line that starts with white space.
    let mut is_previous_spaced = true;
    for line in lines {
        let text = &source[line.content.clone()];
        if !text.is_empty() {
            let is_spaced = text.starts_with(BLANK);
            if is_spaced || is_previous_spaced {
                out.keep(&breaks);
            } else {
                out.fold(&breaks);
            }
            breaks.clear();
            out.copy(source, line.content.clone());
            is_previous_spaced = is_spaced;
        }
        breaks.push(line.line_break.clone());
    }
    out.keep(&breaks);
}
