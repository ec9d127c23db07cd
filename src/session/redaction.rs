//! Secrets, kept out of everything that people read (OUT-2).

use super::effect::{Effect, Start};
use super::event::Invocation;
use super::machine::Session;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

const STARS: &str = "********";

impl Session {
    /// An effect as people may see it: what it says of a process to start has no secret in it (OUT-2). All
    /// else has none anyway.
    pub fn shown<'e>(&self, effect: &'e Effect) -> Cow<'e, Effect> {
        let Effect::Start(start) = effect else {
            return Cow::Borrowed(effect);
        };
        if self.redactions.is_empty() {
            return Cow::Borrowed(effect);
        }
        let shown = |text: &String| self.redactions.apply_to_text(text);
        let Invocation { command, args } = &*start.invocation;
        let variables = start.variables.iter();
        Cow::Owned(Effect::Start(Box::new(Start {
            invocation: Arc::new(Invocation {
                command: shown(command),
                args: args.iter().map(shown).collect(),
            }),
            variables: Arc::new(
                variables
                    .map(|(name, value)| (name.clone(), value.as_ref().map(shown)))
                    .collect(),
            ),
            files: Vec::new(),
            ..(**start).clone()
        })))
    }
}

/// The values that are not to be shown.
#[derive(Debug, Default)]
pub(super) struct Redactions {
    /// Wherever they occur in a line.
    values: BTreeSet<String>,
    /// As lines of their own: the inner lines of values of several lines.
    lines: BTreeSet<String>,
}

impl Redactions {
    /// Hides `value` from now on.
    pub fn add(&mut self, value: &str) {
        let parts: Vec<_> = value.split('\n').collect();
        for (at, part) in parts
            .iter()
            .enumerate()
            .filter(|(_, part)| !part.is_empty())
        {
            let is_outer = at == 0 || at == parts.len() - 1;
            let set = if is_outer {
                &mut self.values
            } else {
                &mut self.lines
            };
            set.insert((*part).to_owned());
        }
    }

    fn is_empty(&self) -> bool {
        self.values.is_empty() && self.lines.is_empty()
    }

    /// `line` with every secret in it replaced by stars; touching and overlapping ones by one group.
    pub fn apply<'l>(&self, line: &'l str) -> Cow<'l, str> {
        if self.lines.contains(line) {
            return Cow::Borrowed(STARS);
        }
        let mut secret: Vec<(usize, usize)> = Vec::new();
        for value in &self.values {
            let mut from = 0;
            while let Some(found) = line.get(from..).and_then(|rest| rest.find(value.as_str())) {
                let start = from + found;
                secret.push((start, start + value.len()));
                let first = value.chars().next().map_or(1, char::len_utf8);
                from = start + first;
            }
        }
        if secret.is_empty() {
            return Cow::Borrowed(line);
        }
        secret.sort_unstable();
        let mut shown = String::new();
        let mut at = 0;
        for (start, end) in secret {
            if start > at || at == 0 {
                shown.push_str(&line[at..start]);
                shown.push_str(STARS);
            }
            at = at.max(end);
        }
        shown.push_str(&line[at..]);
        Cow::Owned(shown)
    }

    /// A text of several lines, each as [`Self::apply`] has it.
    pub fn apply_to_text(&self, text: &str) -> String {
        let lines: Vec<_> = text.split('\n').map(|line| self.apply(line)).collect();
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let mut redactions = Redactions::default();
        redactions.add("abc");
        redactions.add("bcd");
        redactions.add("first\nsecond\nthird");
        let shown = |line: &str| redactions.apply(line).into_owned();
        assert_eq!(shown("abc"), "********");
        assert_eq!(shown("xabcdx"), "x********x");
        assert_eq!(shown("abc bcd"), "******** ********");
        assert_eq!(shown("abcabc"), "********");
        assert_eq!(shown("the first"), "the ********");
        assert_eq!(shown("the second"), "the second");
        assert_eq!(shown("second"), "********");
        assert_eq!(shown("nothing"), "nothing");
        assert_eq!(
            redactions.apply_to_text("é abc\nthird"),
            "é ********\n********"
        );
    }

    #[test]
    fn an_empty_secret_hides_nothing() {
        let mut redactions = Redactions::default();
        redactions.add("");
        assert_eq!(redactions.apply("a"), "a");
    }
}
