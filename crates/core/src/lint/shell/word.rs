//! Words: their quotes, and the variables, substitutions and interpolations in them.

use super::reader::Reader;
use super::{Hole, Language, UNKNOWN, Variable, Within, Word};
use std::rc::Rc;

/// Maximum nesting depth of substitutions; deeper ones are skipped.
const MAX_DEPTH: usize = 16;

impl Reader<'_> {
    /// The word that starts here; empty if none does.
    pub(super) fn word(&mut self) -> Word {
        let mut word = Word::default();
        let start = self.at;
        let mut quote = None;
        loop {
            if let Some(range) = self.hole() {
                self.at = range.end;
                word.text.push(UNKNOWN);
                self.holes.push(Hole {
                    range,
                    within: match quote {
                        Some(_) => Within::Quotes,
                        None => Within::Code,
                    },
                });
                continue;
            }
            let Some(next) = self.peek() else {
                self.is_whole &= quote.is_none();
                break;
            };
            if quote.is_none() && self.ends_word(next) {
                break;
            }
            let from = self.at;
            self.at += next.len_utf8();
            match (next, quote) {
                (c, Some(open)) if c == open => {
                    // Doubled, it stands for itself.
                    let is_doubled = self.is(Language::PowerShell) && self.peek() == Some(c);
                    if is_doubled {
                        self.at += c.len_utf8();
                        word.text.push(c);
                    } else {
                        quote = None;
                    }
                }
                ('"', None) => quote = Some('"'),
                ('\'', None) if !self.is(Language::Cmd) => quote = Some('\''),
                (c, Some('\'')) => word.text.push(c),
                (c, _) if self.is_escape(c, quote) => {
                    let escaped = self.peek().filter(|_| self.hole().is_none());
                    self.at += escaped.map_or(0, char::len_utf8);
                    word.text.extend(escaped.filter(|&escaped| escaped != '\n'));
                }
                ('$', _) if !self.is(Language::Cmd) => self.expansion(from, &mut word),
                ('`', _) if self.is(Language::Sh) => self.backquoted(&mut word),
                ('%', _) if self.is(Language::Cmd) => self.percent(from, &mut word),
                (c, _) => word.text.push(c),
            }
        }
        word.range = start..self.at;
        word
    }

    fn ends_word(&self, next: char) -> bool {
        let is_common = " \t\r\n&|<>()".contains(next);
        match self.language {
            Language::Sh => is_common || next == ';',
            Language::Cmd => is_common,
            Language::PowerShell => is_common || matches!(next, ';' | '{' | '}'),
        }
    }

    fn is_escape(&self, c: char, quote: Option<char>) -> bool {
        match self.language {
            Language::Sh => {
                let in_quotes = matches!(self.peek(), Some('"' | '\\' | '$' | '`' | '\n'));
                c == '\\' && (quote.is_none() || in_quotes)
            }
            Language::Cmd => c == '^' && quote.is_none(),
            Language::PowerShell => c == '`',
        }
    }

    /// Reads the expansion after the dollar sign at `from`.
    fn expansion(&mut self, from: usize, word: &mut Word) {
        if self.hole().is_some() {
            word.text.push('$');
        } else if self.rest().starts_with("((") && self.is(Language::Sh) {
            word.text.push(UNKNOWN);
            self.skip_parentheses();
        } else if self.take("(") {
            word.text.push(UNKNOWN);
            self.substitution(word);
        } else if self.take("{") {
            word.text.push(UNKNOWN);
            let name = self.name();
            let has_operator = self.peek() != Some('}') || self.hole().is_some();
            self.skip_braces();
            word.variables.extend(name.map(|name| Variable {
                name,
                range: from..self.at,
                has_operator,
            }));
        } else if let Some(name) = self.name() {
            word.text.push(UNKNOWN);
            word.variables.push(Variable {
                name,
                range: from..self.at,
                has_operator: false,
            });
        } else if let Some(special) = self.peek().filter(|c| "?$!#@*-_".contains(*c)) {
            word.text.push(UNKNOWN);
            self.at += special.len_utf8();
        } else {
            word.text.push('$');
        }
    }

    /// The name of a variable; a `$` stands before those that PowerShell itself defines.
    fn name(&mut self) -> Option<String> {
        let is_env = self.is(Language::PowerShell)
            && self
                .rest()
                .get(..4)
                .is_some_and(|prefix| prefix.eq_ignore_ascii_case("env:"));
        self.at += if is_env { 4 } else { 0 };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = self
            .rest()
            .find(|c| !is_name(c))
            .unwrap_or(self.rest().len());
        let name = self.text[self.at..self.at + length].to_owned();
        self.at += length;
        let is_of_environment = is_env || self.is(Language::Sh);
        let sign = if is_of_environment { "" } else { "$" };
        (!name.is_empty()).then(|| format!("{sign}{name}"))
    }

    fn substitution(&mut self, word: &mut Word) {
        if self.depth == MAX_DEPTH {
            self.is_whole = false;
            self.at = self.text.len();
            return;
        }
        self.depth += 1;
        let commands = self.commands(Some(')'));
        self.depth -= 1;
        word.substitutions.push(Rc::new(commands));
    }

    fn backquoted(&mut self, word: &mut Word) {
        word.text.push(UNKNOWN);
        let Some(length) = self.length_to("`").filter(|_| self.depth < MAX_DEPTH) else {
            self.is_whole = false;
            self.at = self.text.len();
            return;
        };
        let end = self.at + length;
        let mut inner = Reader {
            text: &self.text[..end],
            depth: self.depth + 1,
            holes: Vec::new(),
            heredocs: Vec::new(),
            ..*self
        };
        let commands = inner.commands(None);
        let (holes, is_whole) = (inner.holes, inner.is_whole);
        self.is_whole &= is_whole;
        self.holes.extend(holes);
        self.at = end + 1;
        word.substitutions.push(Rc::new(commands));
    }

    /// Reads the `%NAME%` whose first percent sign is at `from`.
    fn percent(&mut self, from: usize, word: &mut Word) {
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let length = self
            .rest()
            .find(|c| !is_name(c))
            .unwrap_or(self.rest().len());
        if length == 0 || !self.rest()[length..].starts_with('%') {
            word.text.push('%');
            return;
        }
        let name = self.rest()[..length].to_owned();
        self.at += length + 1;
        word.text.push(UNKNOWN);
        word.variables.push(Variable {
            name,
            range: from..self.at,
            has_operator: false,
        });
    }

    fn skip_parentheses(&mut self) {
        self.skip_balanced('(', ')', 0);
    }

    fn skip_braces(&mut self) {
        self.skip_balanced('{', '}', 1);
    }

    /// Goes on to behind the character that closes `depth` groups, or the first one.
    fn skip_balanced(&mut self, open: char, close: char, mut depth: usize) {
        loop {
            if let Some(range) = self.hole() {
                self.at = range.end;
                self.holes.push(Hole {
                    range,
                    within: Within::Quotes,
                });
                continue;
            }
            let Some(next) = self.peek() else {
                self.is_whole = false;
                return;
            };
            self.at += next.len_utf8();
            if next == open {
                depth += 1;
            } else if next == close {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return;
                }
            }
        }
    }
}
