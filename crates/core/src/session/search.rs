//! Search for many texts at once, in one pass over each line.

use std::sync::Arc;

/// Text to search for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pattern {
    pub text: Vec<u8>,
    /// Characters of quoting that an occurrence must have at least.
    pub quotes: usize,
    /// `true` if characters of quoting before an occurrence belong to it.
    pub is_quoted_before: bool,
    /// `true` if characters of quoting behind an occurrence belong to it.
    pub is_quoted_behind: bool,
}

/// Set of patterns that grows. Each automaton is at least twice as large as the next: there are few of them to search
/// with, and each pattern is seldom built into a new one.
#[derive(Debug, Clone, Default)]
pub(super) struct Patterns(Vec<Arc<Automaton>>);

impl Patterns {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds the patterns that are new.
    pub fn extend(&mut self, mut added: Vec<Pattern>) {
        added.retain(|pattern| !self.0.iter().any(|automaton| automaton.covers(pattern)));
        if added.is_empty() {
            return;
        }
        let mut size: usize = added.iter().map(|pattern| pattern.text.len()).sum();
        while let Some(last) = self.0.pop_if(|last| last.nodes.len() < 2 * size) {
            size += last.nodes.len();
            added.extend(last.patterns.iter().cloned());
        }
        self.0.push(Arc::new(Automaton::new(added)));
    }

    /// Makes one automaton of all. It takes as long as to search as many bytes as the patterns have.
    pub fn join(&mut self) {
        if self.0.len() > 1 {
            let automata = std::mem::take(&mut self.0);
            let patterns = automata.iter().flat_map(|automaton| &automaton.patterns);
            let joint = Automaton::new(patterns.cloned().collect());
            self.0.push(Arc::new(joint));
        }
    }

    /// Passes each pattern that ends at some byte to `found`, with the end of the occurrence. Of those that end there, the
    /// longest comes first, and the others only until `found` returns `true`. Returns the length of the longest start of a
    /// pattern with which the text ends.
    pub fn find(&self, text: &[u8], mut found: impl FnMut(&Pattern, usize) -> bool) -> usize {
        let lengths = self
            .0
            .iter()
            .map(|automaton| automaton.find(text, &mut found));
        lengths.max().unwrap_or(0)
    }
}

/// Automata are compared by identity: what has grown differs from what it was.
impl PartialEq for Patterns {
    fn eq(&self, other: &Self) -> bool {
        let mut pairs = self.0.iter().zip(&other.0);
        self.0.len() == other.0.len() && pairs.all(|(one, other)| Arc::ptr_eq(one, other))
    }
}

impl Eq for Patterns {}

/// Automaton of Aho and Corasick. The crate of that name does not tell with which start of a pattern a text ends.
#[derive(Debug)]
struct Automaton {
    /// Patterns in order of their texts, each text once.
    patterns: Vec<Pattern>,
    /// Nodes in order of their depth. Those below a node follow each other, in order of their bytes.
    nodes: Vec<Node>,
}

/// Start of a pattern.
#[derive(Debug, Default)]
struct Node {
    /// Last byte of the start.
    byte: u8,
    depth: usize,
    /// Nodes that are one byte longer.
    first: usize,
    end: usize,
    /// Node of the longest proper end of this start that is a start as well.
    shorter: usize,
    /// Pattern that is this start as a whole.
    pattern: Option<usize>,
    /// Next node on the way over the shorter ones that has a pattern; the root if there is none.
    next_found: usize,
}

const ROOT: usize = 0;

impl Automaton {
    fn new(mut patterns: Vec<Pattern>) -> Self {
        patterns.sort_unstable();
        patterns.dedup_by(|next, kept| {
            let is_same = next.text == kept.text;
            if is_same {
                kept.is_quoted_before |= next.is_quoted_before;
                kept.is_quoted_behind |= next.is_quoted_behind;
            }
            is_same
        });
        let mut automaton = Self {
            nodes: vec![Node::default()],
            patterns,
        };
        // Patterns that begin with the start of each node.
        let mut ranges = vec![(0, automaton.patterns.len())];
        let mut at = 0;
        while at < automaton.nodes.len() {
            automaton.expand(at, &mut ranges);
            at += 1;
        }
        automaton
    }

    /// Adds the nodes below the one at `at`.
    fn expand(&mut self, at: usize, ranges: &mut Vec<(usize, usize)>) {
        let (mut from, end) = ranges[at];
        let depth = self.nodes[at].depth;
        if self.patterns[from].text.len() == depth {
            self.nodes[at].pattern = Some(from);
            from += 1;
        }
        self.nodes[at].first = self.nodes.len();
        while from < end {
            let byte = self.patterns[from].text[depth];
            let rest = self.patterns[from..end].iter();
            let until = from
                + rest
                    .take_while(|pattern| pattern.text[depth] == byte)
                    .count();
            let shorter = match at {
                ROOT => ROOT,
                _ => self.next(self.nodes[at].shorter, byte),
            };
            ranges.push((from, until));
            self.nodes.push(Node {
                byte,
                depth: depth + 1,
                shorter,
                ..Node::default()
            });
            from = until;
        }
        self.nodes[at].end = self.nodes.len();
        let shorter = self.nodes[at].shorter;
        self.nodes[at].next_found = match self.nodes[shorter].pattern {
            Some(_) => shorter,
            None => self.nodes[shorter].next_found,
        };
    }

    /// Returns the node of a start with one more byte.
    fn child(&self, node: usize, byte: u8) -> Option<usize> {
        let Node { first, end, .. } = self.nodes[node];
        let found = self.nodes[first..end].binary_search_by_key(&byte, |node| node.byte);
        found.ok().map(|at| first + at)
    }

    /// Returns the node of the longest start with which a text ends after one more byte.
    fn next(&self, mut node: usize, byte: u8) -> usize {
        loop {
            match self.child(node, byte) {
                Some(next) => return next,
                None if node == ROOT => return ROOT,
                None => node = self.nodes[node].shorter,
            }
        }
    }

    /// Returns `true` if whatever is an occurrence of `pattern` is found already.
    fn covers(&self, pattern: &Pattern) -> bool {
        let mut bytes = pattern.text.iter();
        let node = bytes.try_fold(ROOT, |node, byte| self.child(node, *byte));
        let known = node.and_then(|node| self.nodes[node].pattern);
        known.is_some_and(|known| {
            let known = &self.patterns[known];
            known.quotes <= pattern.quotes
                && known.is_quoted_before >= pattern.is_quoted_before
                && known.is_quoted_behind >= pattern.is_quoted_behind
        })
    }

    fn find(&self, text: &[u8], found: &mut impl FnMut(&Pattern, usize) -> bool) -> usize {
        let mut node = ROOT;
        for (at, byte) in text.iter().enumerate() {
            node = self.next(node, *byte);
            let mut ending = node;
            while ending != ROOT {
                let is_done = |known: usize| found(&self.patterns[known], at + 1);
                if self.nodes[ending].pattern.is_some_and(is_done) {
                    break;
                }
                ending = self.nodes[ending].next_found;
            }
        }
        self.nodes[node].depth
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(text: &str) -> Pattern {
        Pattern {
            text: text.as_bytes().to_vec(),
            quotes: 0,
            is_quoted_before: false,
            is_quoted_behind: false,
        }
    }

    proptest! {
        #[test]
        fn all_that_a_plain_search_finds_is_found(
            texts in proptest::collection::vec("[ab]{1,5}", 1..12),
            line in "[abc]{0,30}",
        ) {
            let mut patterns = Patterns::default();
            for text in &texts {
                patterns.extend(vec![plain(text)]);
            }
            let mut found = Vec::new();
            let start = patterns.find(line.as_bytes(), |pattern, end| {
                found.push((end - pattern.text.len(), end));
                false
            });
            found.sort_unstable();
            let mut expected = Vec::new();
            let distinct: std::collections::BTreeSet<_> = texts.iter().collect();
            for text in distinct {
                let starts = (0..line.len()).filter(|at| line[*at..].starts_with(&**text));
                expected.extend(starts.map(|at| (at, at + text.len())));
            }
            expected.sort_unstable();
            prop_assert_eq!(found, expected);
            let is_start = |text: &&str| texts.iter().any(|whole| whole.starts_with(*text));
            let ends: Vec<_> = (0..=line.len()).map(|at| &line[at..]).collect();
            prop_assert_eq!(start, ends.iter().find(|end| is_start(end)).map_or(0, |end| end.len()));
        }
    }

    #[test]
    fn there_are_few_automata_for_many_patterns() {
        let mut patterns = Patterns::default();
        for number in 0..2000 {
            patterns.extend(vec![plain(&format!("secret-{number}-x"))]);
        }
        assert!(patterns.0.len() < 16, "{}", patterns.0.len());
        let before = patterns.clone();
        patterns.extend(vec![plain("secret-7-x")]);
        assert!(patterns == before);
        patterns.extend(vec![plain("another")]);
        assert!(patterns != before);
    }
}
