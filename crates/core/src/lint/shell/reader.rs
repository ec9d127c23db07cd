//! Text to commands. Every byte is looked at a bounded number of times, and nesting is limited.

use super::{Command, Hole, Joint, Language, Redirection, ShellScript, Within};
use std::ops::Range;

/// Reads a script whose interpolations stand at `holes`, in order.
pub(crate) fn read(text: &str, language: Language, holes: &[Range<usize>]) -> ShellScript {
    let mut reader = Reader {
        text,
        language,
        interpolations: holes,
        at: 0,
        depth: 0,
        is_whole: true,
        holes: Vec::new(),
        heredocs: Vec::new(),
    };
    let commands = reader.commands(None);
    ShellScript {
        commands,
        holes: reader.holes,
        is_whole: reader.is_whole,
    }
}

pub(super) struct Heredoc {
    delimiter: String,
    is_literal: bool,
}

pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) language: Language,
    pub(super) interpolations: &'t [Range<usize>],
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) is_whole: bool,
    pub(super) holes: Vec<Hole>,
    pub(super) heredocs: Vec<Heredoc>,
}

impl Reader<'_> {
    pub(super) fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn take(&mut self, prefix: &str) -> bool {
        let is_next = self.rest().starts_with(prefix) && self.hole().is_none();
        self.at += if is_next { prefix.len() } else { 0 };
        is_next
    }

    /// The interpolation that starts here.
    pub(super) fn hole(&self) -> Option<Range<usize>> {
        let found = self
            .interpolations
            .binary_search_by_key(&self.at, |range| range.start);
        found.ok().map(|index| self.interpolations[index].clone())
    }

    /// The bytes up to the next `mark` outside of interpolations.
    pub(super) fn length_to(&self, mark: &str) -> Option<usize> {
        let is_outside = |length: &usize| {
            let at = self.at + length;
            let index = self.interpolations.partition_point(|hole| hole.start <= at);
            index == 0 || self.interpolations[index - 1].end <= at
        };
        let mut marks = self.rest().match_indices(mark).map(|(length, _)| length);
        marks.find(is_outside)
    }

    pub(super) fn is(&self, language: Language) -> bool {
        self.language == language
    }

    /// The commands up to `end`, which is taken, or to the end of the text.
    pub(super) fn commands(&mut self, end: Option<char>) -> Vec<Command> {
        let mut commands = Vec::new();
        let mut current = Command::default();
        loop {
            self.skip_blanks(current.words.is_empty());
            if self.hole().is_some() {
                self.word_or_redirection(&mut current);
                continue;
            }
            let Some(next) = self.peek() else {
                self.is_whole &= end.is_none();
                finish(&mut commands, &mut current);
                return commands;
            };
            if Some(next) == end {
                self.at += next.len_utf8();
                finish(&mut commands, &mut current);
                return commands;
            }
            let joint = self.joint(&current);
            match joint {
                Some((joint, is_background)) => {
                    current.is_background = is_background;
                    finish(&mut commands, &mut current);
                    current.joint = joint;
                }
                None if self.is_group(next) => {
                    self.at += next.len_utf8();
                    finish(&mut commands, &mut current);
                    let joint = std::mem::take(&mut current.joint);
                    // A closing bracket starts a list of its own, whose status is unknown.
                    let is_closing = next == ')' || next == '}';
                    commands.push(Command {
                        joint: if is_closing { Joint::Next } else { joint },
                        ..Command::default()
                    });
                }
                None => self.word_or_redirection(&mut current),
            }
        }
    }

    fn is_group(&self, next: char) -> bool {
        match self.language {
            Language::Sh | Language::Cmd => matches!(next, '(' | ')'),
            Language::PowerShell => matches!(next, '(' | ')' | '{' | '}'),
        }
    }

    fn skip_blanks(&mut self, is_start: bool) {
        loop {
            if self.hole().is_some() {
                return;
            }
            let continuation = match self.language {
                Language::Sh => "\\\n",
                Language::Cmd => "^\n",
                Language::PowerShell => "`\n",
            };
            let is_comment = match self.language {
                Language::Sh | Language::PowerShell => self.rest().starts_with('#'),
                Language::Cmd => is_start && is_remark(self.rest()),
            };
            let is_blank = [" ", "\t", "\r", continuation]
                .into_iter()
                .any(|blank| self.take(blank));
            if is_blank || (is_start && self.is(Language::Cmd) && self.take("@")) {
                continue;
            }
            if self.is(Language::PowerShell) && self.rest().starts_with("<#") {
                let end = self.length_to("#>").map(|end| end + 2);
                self.is_whole &= end.is_some();
                self.at += end.unwrap_or(self.rest().len());
            } else if is_comment {
                let length = self.length_to("\n").unwrap_or(self.rest().len());
                self.add_holes(self.at..self.at + length, Within::Comment);
                self.at += length;
            } else {
                return;
            }
        }
    }

    /// Reads a separator of two commands at this place: the joint of the next, and true if the
    /// current one runs in the background.
    fn joint(&mut self, current: &Command) -> Option<(Joint, bool)> {
        if self.take("&&") {
            return Some((Joint::And, false));
        }
        if self.take("||") {
            return Some((Joint::Or, false));
        }
        if self.take("|&") || self.take("|") {
            return Some((Joint::Pipe, false));
        }
        if self.take("\n") {
            self.skip_heredocs();
            // A line that ends with an operator goes on.
            let is_open = current.words.is_empty() && current.redirections.is_empty();
            return Some((if is_open { current.joint } else { Joint::Next }, false));
        }
        if !self.is(Language::Cmd) && self.take(";") {
            return Some((Joint::Next, false));
        }
        if self.rest().starts_with("&>") && self.is(Language::Sh) {
            return None;
        }
        match self.language {
            Language::Sh => self.take("&").then_some((Joint::Next, true)),
            Language::Cmd => self.take("&").then_some((Joint::Next, false)),
            // The call operator.
            Language::PowerShell if current.words.is_empty() => {
                self.take("&").then_some((current.joint, false))
            }
            Language::PowerShell => self.take("&").then_some((Joint::Next, true)),
        }
    }

    fn word_or_redirection(&mut self, command: &mut Command) {
        let start = self.at;
        let word = self.word();
        let is_descriptor = self.at - start == word.text.len()
            && word.text.chars().all(|c| c.is_ascii_digit())
            && matches!(self.peek(), Some('<' | '>'));
        let is_redirection = is_descriptor || (word.range.is_empty());
        if !is_redirection {
            command.words.push(word);
            return;
        }
        self.take("&");
        let is_output = self.rest().starts_with('>') || self.rest().starts_with("<>");
        if self.is(Language::Sh) && !self.rest().starts_with("<<<") && self.take("<<") {
            self.take("-");
            self.skip_blanks(false);
            let start = self.at;
            let delimiter = self.word();
            let written = &self.text[start..self.at];
            self.heredocs.push(Heredoc {
                is_literal: written.contains(['\'', '"', '\\']),
                delimiter: delimiter.text,
            });
            return;
        }
        let length = self
            .rest()
            .find(|c| !matches!(c, '<' | '>' | '|' | '&'))
            .unwrap_or(self.rest().len());
        // Every turn goes on by one character at least.
        let next = self.peek().map_or(0, char::len_utf8);
        self.at += if length == 0 { next } else { length };
        self.skip_blanks(false);
        let target = self.word();
        command.redirections.push(Redirection {
            descriptor: word.text.parse().ok(),
            is_output,
            target,
        });
    }

    /// Adds the interpolations that start within `part` of the text.
    fn add_holes(&mut self, part: Range<usize>, within: Within) {
        let all = self.interpolations;
        let index = all.partition_point(|hole| hole.start < part.start);
        let inside = all[index..].iter();
        let inside = inside.take_while(|hole| hole.start < part.end);
        self.holes.extend(inside.map(|hole| Hole {
            range: hole.clone(),
            within,
        }));
    }

    /// The bodies that start on this line.
    fn skip_heredocs(&mut self) {
        for heredoc in std::mem::take(&mut self.heredocs) {
            loop {
                let rest = self.rest();
                let length = self.length_to("\n").unwrap_or(rest.len());
                let is_end = rest[..length].trim() == heredoc.delimiter;
                let is_last = length == rest.len();
                if !heredoc.is_literal {
                    self.add_holes(self.at..self.at + length, Within::Quotes);
                }
                self.at += length + usize::from(!is_last);
                self.is_whole &= is_end || !is_last;
                if is_end || is_last {
                    break;
                }
            }
        }
    }
}

fn is_remark(text: &str) -> bool {
    let word = text.get(..3).unwrap_or_default();
    let after = text.get(3..).and_then(|rest| rest.chars().next());
    text.starts_with("::")
        || (word.eq_ignore_ascii_case("rem") && after.is_none_or(char::is_whitespace))
}

fn finish(commands: &mut Vec<Command>, current: &mut Command) {
    let command = std::mem::take(current);
    if !command.words.is_empty() || !command.redirections.is_empty() {
        commands.push(command);
    } else {
        current.joint = command.joint;
    }
}
