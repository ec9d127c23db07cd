//! Comments that say which findings to ignore.
//!
//! `# openjd-monitor: ignore[rule, …] reason` means the line that it stands on and, if it stands there
//! alone, the line below; `ignore-file[…]` means the file. What stands inside a scalar of several
//! lines, where no comment can be, also stands on the scalar's first line.

use super::fact::IdleSuppression;
use super::finding::Finding;
use super::fix::Fix;
use super::rule::Rule;
use super::rules::{self, can_be_ignored, is_about_suppressions};
use super::spelling;
use crate::template::{Document, Edit, ScalarLines, Source};
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// Prefix of every such comment, after the `#`.
pub(crate) const MARK: &str = "openjd-monitor:";

/// A rule, by its id, on a line, by its index; or in the whole file.
type Spot = (Option<usize>, &'static str);

/// The suppressions of a document.
pub(super) struct Suppressions<'d> {
    document: &'d Document,
    scalars: Vec<ScalarLines>,
    list: Vec<Suppression>,
    /// The spots to ignore.
    ignored: HashSet<Spot>,
    /// The spots of all findings, ignored or not.
    found: HashSet<Spot>,
}

struct Suppression {
    /// The comment, or the part of it that is this suppression.
    span: Range<usize>,
    /// The lines that it means, by index; `None` for the whole file.
    lines: Option<Range<usize>>,
    names: Vec<Name>,
}

/// Name in a suppression.
enum Name {
    Rule(&'static Rule),
    Unknown(String),
}

impl<'d> Suppressions<'d> {
    pub fn of(document: &'d Document) -> Self {
        let source = document.source();
        let mut suppressions = Self {
            document,
            scalars: Vec::new(),
            list: Vec::new(),
            ignored: HashSet::new(),
            found: HashSet::new(),
        };
        // Most templates have none, and need not be read for comments.
        if source.text().contains(MARK) {
            suppressions.scalars = document.scalars_of_several_lines();
            let comments = document.comments().into_iter();
            suppressions.list = comments.flat_map(|comment| read(source, comment)).collect();
            let list = suppressions.list.iter();
            suppressions.ignored = list.flat_map(Suppression::all_spots).collect();
        }
        suppressions
    }

    /// Returns true if a finding of `rule` at `span` is to be ignored, and marks its suppressions as used.
    pub fn cover(&mut self, rule: &'static Rule, span: Option<Range<usize>>) -> bool {
        let lines = span.map_or([None; 2], |span| self.lines_of(&span).map(Some));
        let spots = lines.into_iter().chain([None]).map(|line| (line, rule.id));
        let is_ignored = spots.clone().any(|spot| self.ignored.contains(&spot));
        self.found.extend(spots);
        is_ignored
    }

    /// Returns the indices of the lines whose comments apply to `span`: its own, and the first of the scalar that
    /// holds it.
    fn lines_of(&self, span: &Range<usize>) -> [usize; 2] {
        let before = self
            .scalars
            .partition_point(|scalar| scalar.span.start <= span.start);
        let scalar = self.scalars[..before]
            .last()
            .filter(|scalar| span.start < scalar.span.end);
        let header = scalar.map_or(span.start, |scalar| scalar.header);
        [span.start, header].map(|offset| self.document.source().line_index(offset))
    }

    /// A finding for each suppression that is none, or has had no use.
    pub fn unused(mut self) -> Vec<Finding> {
        let is_of_others = |rule: &Rule| !is_about_suppressions(rule);
        let mut findings = self.without_rule();
        findings.extend(self.without_use(is_of_others));
        // These can be ignored as well, and what ignores none of them is one of them.
        findings.retain(|finding| !self.cover(finding.rule, finding.span.clone()));
        findings.extend(self.without_use(|rule| !is_of_others(rule)));
        findings
    }

    fn without_use(&self, is_asked_for: impl Fn(&Rule) -> bool) -> Vec<Finding> {
        let mut findings = Vec::new();
        for suppression in &self.list {
            for rule in suppression.rules().filter(|rule| is_asked_for(rule)) {
                let mut spots = suppression.spots(rule);
                if !spots.any(|spot| self.found.contains(&spot)) {
                    let idle = IdleSuppression::NothingToIgnore {
                        id: rule.id,
                        is_of_file: suppression.lines.is_none(),
                        can_be_ignored: can_be_ignored(rule),
                    };
                    let finding = rules::of_suppression(&suppression.span, &idle);
                    findings.extend(finding.map(|finding| Finding {
                        fix: suppression.without(rule, self.document),
                        ..finding
                    }));
                }
            }
        }
        findings
    }

    fn without_rule(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        for Suppression { span, names, .. } in &self.list {
            if names.is_empty() {
                findings.extend(rules::of_suppression(span, &IdleSuppression::Malformed));
            }
            findings.extend(names.iter().filter_map(|name| match name {
                Name::Unknown(name) => {
                    let near = super::nearest_rule(name);
                    let name = name.clone();
                    rules::of_suppression(span, &IdleSuppression::UnknownRule { name, near })
                }
                Name::Rule(_) => None,
            }));
        }
        findings
    }
}

impl Suppression {
    fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        self.names.iter().filter_map(|name| match name {
            Name::Rule(rule) => Some(*rule),
            Name::Unknown(_) => None,
        })
    }

    fn spots(&self, rule: &'static Rule) -> impl Iterator<Item = Spot> + use<> {
        let lines = self.lines.clone().into_iter().flatten().map(Some);
        let file = self.lines.is_none().then_some(None);
        lines.chain(file).map(|line| (line, rule.id))
    }

    /// The fix that leaves `rule` out, and the whole suppression if it names no other.
    fn without(&self, rule: &Rule, document: &Document) -> Option<Fix> {
        let edit = match self.names.as_slice() {
            [_] => document.without_comment(&self.span)?,
            _ => Edit {
                span: self.listed(rule.id, document.source().text())?,
                text: String::new(),
            },
        };
        let title = format!("do not ignore `{}`", rule.id);
        Some(Fix::of_edit(title, edit, &self.span))
    }

    /// The bytes of `name` in the brackets of the suppression, with a comma beside it.
    fn listed(&self, name: &str, text: &str) -> Option<Range<usize>> {
        let (before, list) = text[self.span.clone()].split_once('[')?;
        let list = list.split_once(']')?.0;
        let mut start = self.span.start + before.len() + "[".len();
        let end = start + list.len();
        for part in list.split(',') {
            let part_end = start + part.len();
            if part.trim() == name {
                return Some(match part_end < end {
                    true => start..part_end + ",".len(),
                    false => start - ",".len()..part_end,
                });
            }
            start = part_end + ",".len();
        }
        None
    }

    fn all_spots(&self) -> impl Iterator<Item = Spot> {
        self.rules().flat_map(|rule| self.spots(rule))
    }
}

impl Name {
    fn new(written: &str) -> Self {
        match super::rule(written) {
            Some(rule) => Self::Rule(rule),
            None => Self::Unknown(written.to_owned()),
        }
    }
}

/// Returns the text of a comment that has `rule` ignored.
pub(super) fn comment(rule: &Rule) -> String {
    format!("# {MARK} ignore[{}]", rule.id)
}

/// Returns the rules that the suppressions of a document name, each with its bytes.
pub fn mentioned_rules(document: &Document) -> Vec<(Range<usize>, &'static Rule)> {
    let source = document.source();
    let comments = document.comments().into_iter();
    let suppressions = comments.flat_map(|comment| read(source, comment));
    let mentions = suppressions.flat_map(|suppression| {
        let rules: Vec<_> = suppression.rules().collect();
        let span = move |rule: &'static Rule| {
            let text = &source.text()[suppression.span.clone()];
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
            let found = text.match_indices(rule.id).find(|(at, _)| {
                let rest = &text[at + rule.id.len()..];
                !text[..*at].ends_with(is_part) && !rest.starts_with(is_part)
            });
            let start = suppression.span.start + found?.0;
            Some((start..start + rule.id.len(), rule))
        };
        rules.into_iter().filter_map(span).collect::<Vec<_>>()
    });
    mentions.collect()
}

/// Returns the ends of the lists of rules in suppressions, by the indices of the lines that they mean: of several for one
/// line, that of the first.
pub(super) fn ends_of_lists(document: &Document) -> HashMap<usize, usize> {
    let source = document.source();
    let comments = document.comments().into_iter();
    let suppressions = comments.flat_map(|comment| read(source, comment));
    let mut ends = HashMap::new();
    for suppression in suppressions.filter(|suppression| !suppression.names.is_empty()) {
        let Some(length) = source.text()[suppression.span.clone()].find(']') else {
            continue;
        };
        for line in suppression.lines.into_iter().flatten() {
            ends.entry(line).or_insert(suppression.span.start + length);
        }
    }
    ends
}

/// The suppressions in a comment: several tools can share one, each behind a `#` of its own.
fn read(source: &Source, comment: Range<usize>) -> Vec<Suppression> {
    let text = &source.text()[comment.clone()];
    let starts = text.match_indices('#').map(|(at, _)| at);
    let starts: Vec<_> = starts
        .filter(|at| text[at + 1..].trim_start().starts_with(MARK))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let parts = starts.iter().zip(ends).map(|(start, end)| *start..end);
    parts
        .filter_map(|part| {
            let text = text[part.clone()].trim_end();
            let start = comment.start + part.start;
            let (is_of_file, names) = parse(text[1..].trim_start().strip_prefix(MARK)?)?;
            Some(Suppression {
                span: start..start + text.len(),
                lines: (!is_of_file).then(|| lines_meant(source, comment.start)),
                names,
            })
        })
        .collect()
}

/// The lines that a comment at `start` means.
fn lines_meant(source: &Source, start: usize) -> Range<usize> {
    let line = source.line_index(start);
    let line_start = source.line_range(line).unwrap_or_default().start;
    let is_alone = source.text()[line_start..start]
        .trim_start_matches('\u{feff}')
        .trim()
        .is_empty();
    line..line + 1 + usize::from(is_alone)
}

/// Returns true for `ignore-file`, with the names in the brackets behind [`MARK`]: none where the text
/// is not of the form it is meant to have. `None` for a text that is no suppression at all.
fn parse(text: &str) -> Option<(bool, Vec<Name>)> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
    let (word, rest) = text.split_at(end.unwrap_or(text.len()));
    let list = rest.trim_start().strip_prefix('[');
    let is_exact = ["ignore", "ignore-file"].contains(&word);
    let is_meant = list.is_some()
        || spelling::is_near(word, "ignore")
        || spelling::is_near(word, "ignore-file");
    if !is_meant {
        return None;
    }
    let listed = list
        .and_then(|list| list.split_once(']'))
        .filter(|_| is_exact);
    let names = listed.map(|(names, _)| {
        let names = names.split(',').map(str::trim);
        names
            .filter(|name| !name.is_empty())
            .map(Name::new)
            .collect()
    });
    Some((word == "ignore-file", names.unwrap_or_default()))
}
