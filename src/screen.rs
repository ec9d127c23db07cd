//! The writer that all output passes last.
//!
//! Messages and excerpts are escaped where they are made ([`Shown`](openjd_monitor_core::shown::Shown)). A [`Screen`]
//! escapes whatever that was forgotten for.

use memchr::memmem::Finder;
use openjd_monitor_core::shown::{escape, is_harmful};
use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::LazyLock;

/// Prefix of the pages that links may lead to.
const PAGES: &str = env!("CARGO_PKG_REPOSITORY");

/// Starts of commands to the runner of a workflow.
static MARKS: LazyLock<[Finder<'static>; 2]> = LazyLock::new(|| ["##", "::"].map(Finder::new));

/// Sequences that a screen lets pass beside text.
#[derive(Debug, Default, Clone, Copy)]
pub struct Allowed {
    /// Colours, and links to pages of the project (SGR and OSC 8).
    pub styles: bool,
    /// Lines that are workflow commands of the form `::error::`. Within them, other forms are escaped.
    pub commands: bool,
}

/// A writer that escapes what would do harm in a terminal or a log: control characters, invisible characters and those
/// that turn text around, bytes that are no UTF-8, and commands to the runner of a workflow.
///
/// Passes text on line by line, and on [`flush`](Write::flush).
pub struct Screen<'w> {
    inner: Box<dyn Write + 'w>,
    allowed: Allowed,
    line: Vec<u8>,
    /// True if a part of the line has been passed on.
    is_begun: bool,
}

impl<'w> Screen<'w> {
    /// Creates a screen before `inner` that lets text pass only.
    pub fn new(inner: impl Write + 'w) -> Self {
        Self::allowing(Allowed::default(), inner)
    }

    /// Creates a screen before `inner` that also lets pass the `allowed` sequences.
    pub fn allowing(allowed: Allowed, inner: impl Write + 'w) -> Self {
        Self {
            inner: Box::new(inner),
            allowed,
            line: Vec::new(),
            is_begun: false,
        }
    }

    /// Returns the writer behind the screen, for bytes that must stay as they are.
    ///
    /// # Errors
    ///
    /// Fails if what was written before cannot be passed on.
    pub fn raw(&mut self) -> io::Result<&mut (dyn Write + 'w)> {
        self.pass()?;
        self.is_begun = false;
        Ok(&mut *self.inner)
    }

    /// Passes on the line so far.
    fn pass(&mut self) -> io::Result<()> {
        if self.line.is_empty() {
            return Ok(());
        }
        let text = match str::from_utf8(&self.line) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => String::from_utf8_lossy(&self.line),
        };
        let shown = screened(&text, self.allowed, self.is_begun);
        let is_ended = text.ends_with('\n');
        let written = self.inner.write_all(shown.as_bytes());
        self.is_begun = !is_ended;
        self.line.clear();
        written
    }
}

impl Write for Screen<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, next) = rest.split_at(end + 1);
            self.line.extend_from_slice(line);
            self.pass()?;
            rest = next;
        }
        self.line.extend_from_slice(rest);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass()?;
        self.inner.flush()
    }
}

impl Drop for Screen<'_> {
    fn drop(&mut self) {
        // Those who care about errors have flushed.
        let _ = self.pass();
    }
}

/// Returns true if a screen passes `text` on unchanged.
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
    let bytes = line.as_bytes();
    let may_command = MARKS.iter().any(|mark| mark.find(bytes).is_some());
    let does_harm = |character| is_harmful(character) && character != '\t';
    if !may_command && (is_printable_ascii(bytes) || !line.contains(does_harm)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    let mut rest = line;
    if may_command && !allowed.commands && !is_begun && is_command_line(line) {
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

/// Returns true if all bytes are printable ASCII, as in most lines. It looks at eight at a time.
fn is_printable_ascii(bytes: &[u8]) -> bool {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let (words, rest) = bytes.as_chunks();
    let are_plain = words.iter().all(|word| {
        let word = u64::from_ne_bytes(*word);
        // The high bit of each byte that is out of range is set, and behind the first such byte perhaps others.
        let below_space = word.wrapping_sub(EACH * u64::from(b' ')) & !word;
        let above_tilde = word.wrapping_add(EACH) | word;
        (below_space | above_tilde) & (EACH * 0x80) == 0
    });
    are_plain && rest.iter().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Returns true if a runner takes `line` for a command, as it does however far one is indented. No name of a command
/// begins with a colon, as places in drawings do: `::: a.yaml:1:2`.
fn is_command_line(line: &str) -> bool {
    let command = line.trim_start().strip_prefix("::");
    command.is_some_and(|command| !command.starts_with(':'))
}

/// Returns true if `rest`, behind a `#`, makes that the start of a command that runners find anywhere in a line: `##[error]`,
/// `##vso[…]`, `##teamcity[…]`.
fn is_command(rest: &str) -> bool {
    rest.strip_prefix('#').is_some_and(|rest| {
        rest.trim_start_matches(|character: char| character.is_ascii_alphabetic())
            .starts_with('[')
    })
}

/// Returns the length of the style or the link that `text` starts with; 0 for anything else.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn screened(allowed: Allowed, parts: &[&str]) -> String {
        let mut out = Vec::new();
        let mut screen = Screen::allowing(allowed, &mut out);
        for part in parts {
            screen.write_all(part.as_bytes()).expect("memory");
        }
        drop(screen);
        String::from_utf8(out).expect("UTF-8")
    }

    fn plain(parts: &[&str]) -> String {
        screened(Allowed::default(), parts)
    }

    #[test]
    fn a_screen_passes_text_line_ends_and_tabs_and_escapes_the_rest() {
        assert_eq!(plain(&["a\tb\r\nc é\n"]), "a\tb\r\nc é\n");
        assert_eq!(
            plain(&["a\rb\u{1b}[31m\u{202e}\n"]),
            "a\\rb\\u001b[31m\\u202e\n"
        );
        let mut out = Vec::new();
        Screen::new(&mut out).write_all(b"a\xff\n").expect("memory");
        assert_eq!(out, "a\u{fffd}\n".as_bytes());
    }

    #[test]
    fn a_byte_that_is_not_printable_is_seen_wherever_it_stands() {
        for byte in 0..=u8::MAX {
            for at in 0..10 {
                let mut bytes = *b" ~ ~ ~ ~ ~";
                bytes[at] = byte;
                let is_printable = byte.is_ascii_graphic() || byte == b' ';
                assert_eq!(is_printable_ascii(&bytes), is_printable, "{byte} at {at}");
            }
        }
    }

    #[test]
    fn a_character_in_two_writes_is_one() {
        let mut out = Vec::new();
        let mut screen = Screen::new(&mut out);
        for byte in "é\u{202e}\n".bytes() {
            screen.write_all(&[byte]).expect("memory");
        }
        drop(screen);
        assert_eq!(out, "é\\u202e\n".as_bytes());
    }

    #[test]
    fn nothing_is_a_command_unless_commands_are_what_is_written() {
        let commands = Allowed {
            commands: true,
            ..Allowed::default()
        };
        for (text, shown) in [
            ("::error::x\n", "\\u003a:error::x\n"),
            (" \t ::error::x\n", " \t \\u003a:error::x\n"),
        ] {
            assert_eq!(plain(&[text]), shown);
            assert_eq!(screened(commands, &[text]), text);
        }
        for (text, shown) in [
            ("a ##[error]x\n", "a \\u0023#[error]x\n"),
            ("###[error]x\n", "#\\u0023#[error]x\n"),
            ("##vso[task]x\n", "\\u0023#vso[task]x\n"),
        ] {
            assert_eq!(plain(&[text]), shown);
            assert_eq!(screened(commands, &[text]), shown);
        }
        for text in ["a::b\n", "## Title [x]\n", "12\t::x\n", " ::: a.yaml:1:2\n"] {
            assert_eq!(plain(&[text]), text);
        }
        assert_eq!(plain(&["a", "::b\n"]), "a::b\n");
    }

    #[test]
    fn styles_and_links_of_the_project_pass_where_they_are_allowed() {
        let styles = Allowed {
            styles: true,
            ..Allowed::default()
        };
        let page = env!("CARGO_PKG_REPOSITORY");
        let ours =
            format!("\u{1b}[1;31mred\u{1b}[0m \u{1b}]8;;{page}/x\u{1b}\\x\u{1b}]8;;\u{1b}\\\n");
        assert_eq!(screened(styles, &[&ours]), ours);
        assert!(!plain(&[&ours]).contains('\u{1b}'));
        for theirs in [
            "\u{1b}[2J\n",
            "\u{1b}]8;;http://elsewhere\u{1b}\\\n",
            "\u{1b}]0;x\u{7}\n",
        ] {
            assert!(
                !screened(styles, &[theirs]).contains('\u{1b}'),
                "{theirs:?}"
            );
        }
    }
}
