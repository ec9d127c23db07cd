//! The last place that everything passes on its way out.

use super::{escape, is_harmful};
use std::borrow::Cow;
use std::io::{self, Write};

/// Where the pages are that links may lead to.
const PAGES: &str = env!("CARGO_PKG_REPOSITORY");

/// What a screen lets pass beside text.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Allowed {
    /// Colours, and links to pages of the project (SGR and OSC 8).
    pub styles: bool,
    /// Lines that are workflow commands.
    pub commands: bool,
}

/// A writer that escapes what would do harm in a terminal or a log: control characters, invisible characters and those
/// that turn text around, bytes that are no UTF-8, and commands to the runner of a workflow.
///
/// What is written is passed on line by line, and on [`flush`](Write::flush).
pub struct Screen<'w> {
    inner: Box<dyn Write + 'w>,
    allowed: Allowed,
    line: Vec<u8>,
    /// Whether a part of the line has been passed on.
    is_begun: bool,
}

impl<'w> Screen<'w> {
    /// A screen before `inner`.
    pub fn new(inner: impl Write + 'w) -> Self {
        Self::allowing(Allowed::default(), inner)
    }

    pub(crate) fn allowing(allowed: Allowed, inner: impl Write + 'w) -> Self {
        Self {
            inner: Box::new(inner),
            allowed,
            line: Vec::new(),
            is_begun: false,
        }
    }

    /// What is behind the screen, for bytes that are to stay as they are.
    ///
    /// # Errors
    ///
    /// What writing gives.
    pub fn raw(&mut self) -> io::Result<&mut (dyn Write + 'w)> {
        self.pass()?;
        self.is_begun = false;
        Ok(&mut *self.inner)
    }

    /// Passes on what has been written.
    fn pass(&mut self) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        if line.is_empty() {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line);
        let shown = screened(&text, self.allowed, self.is_begun);
        self.is_begun = !text.ends_with('\n');
        self.inner.write_all(shown.as_bytes())
    }
}

impl Write for Screen<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.pass()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.inner.flush()
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        // Who cares about errors has flushed.
        let _ = self.pass();
    }
}

/// Whether a screen passes `text` on as it is.
pub fn is_fit(text: &str) -> bool {
    let mut lines = text.split_inclusive('\n');
    lines.all(|line| matches!(screened(line, Allowed::default(), false), Cow::Borrowed(_)))
}

/// Returns a line, or a part of one, as it is passed on.
fn screened(text: &str, allowed: Allowed, is_begun: bool) -> Cow<'_, str> {
    let end = match text.strip_suffix('\n') {
        Some(line) => line.strip_suffix('\r').unwrap_or(line).len(),
        None => text.len(),
    };
    let (line, end) = text.split_at(end);
    let may_command = !allowed.commands && (line.contains("##") || line.contains("::"));
    let does_harm = |character| is_harmful(character) && character != '\t';
    if !may_command && !line.contains(does_harm) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = line;
    if may_command && !is_begun && line.trim_start().starts_with("::") {
        // A runner takes such a line for a command, however far it is indented.
        let (indent, command) = line.split_at(line.len() - line.trim_start().len());
        shown.push_str(indent);
        shown.push_str("\\u003a");
        rest = &command[1..];
    }
    while let Some(character) = rest.chars().next() {
        let length = match allowed.styles {
            true => style(rest),
            false => 0,
        };
        if length > 0 {
            shown.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        rest = &rest[character.len_utf8()..];
        if does_harm(character) {
            escape(character, &mut shown);
        } else if character == '#' && may_command && is_command(rest) {
            shown.push_str("\\u0023");
        } else {
            shown.push(character);
        }
    }
    shown.push_str(end);
    Cow::Owned(shown)
}

/// Whether `rest`, behind a `#`, makes that the start of a command that runners find anywhere in a line: `##[error]`,
/// `##vso[…]`, `##teamcity[…]`.
fn is_command(rest: &str) -> bool {
    rest.strip_prefix('#').is_some_and(|rest| {
        rest.trim_start_matches(|character: char| character.is_ascii_alphabetic())
            .starts_with('[')
    })
}

/// The length of the style or the link that `text` starts with; 0 for anything else.
fn style(text: &str) -> usize {
    let Some(sequence) = text.strip_prefix('\u{1b}') else {
        return 0;
    };
    let after = match sequence.strip_prefix('[') {
        Some(rest) => rest
            .trim_start_matches(|character: char| character.is_ascii_digit() || character == ';')
            .strip_prefix('m'),
        None => sequence.strip_prefix("]8;;").and_then(|link| {
            let (target, rest) = link.split_once("\u{1b}\\")?;
            let is_ours = target.is_empty() || target.starts_with(PAGES);
            let is_plain = target.chars().all(|character| character.is_ascii_graphic());
            (is_ours && is_plain).then_some(rest)
        }),
    };
    after.map_or(0, |rest| text.len() - rest.len())
}
