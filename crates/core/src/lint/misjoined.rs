//! Names of variables whose parts are not joined by dots, or that have a character that no name has: `Param-Name`,
//! `Param['Name']`, `Param.Frame-Start`. The parser takes them for differences, quotients or items.

use super::context::Context;
use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::meant_name::{self, Advice};
use super::references;
use super::spelling::is_same;
use super::unknown_name::Unknown;
use crate::template::Path;
use openjd_model::ModelExtension;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// What stands in place of the dots.
const JOINTS: [&str; 9] = [".", "-", " ", "/", ":", "::", ",", "['", "[\""];

/// Words of expressions, which are no parts of names.
const KEYWORDS: [&str; 8] = ["and", "or", "not", "if", "else", "in", "is", "for"];

/// A name as it is written.
struct Name<'t> {
    /// What stands before the name of the parameter or file, with dots.
    prefix: &'static str,
    /// True if dots join the prefix and the rest.
    has_dots: bool,
    /// The words of the rest.
    words: Vec<&'t str>,
    /// The rest, as it is written.
    rest: &'t str,
}

/// Returns the name that is meant by `expression`, if it is such a name.
pub(super) fn meant(expression: &str) -> Option<String> {
    let name = Name::read(expression.trim())?;
    Some(format!("{}.{}", name.prefix, name.words.concat()))
}

/// Replaces the facts on each such name by one.
pub(super) fn explained<'d>(context: &Context<'_>, facts: Vec<Fact<'d>>) -> Vec<Fact<'d>> {
    let template = context.document.value();
    let mut by_path: HashMap<&Path, Vec<usize>> = HashMap::new();
    for (index, fact) in facts.iter().enumerate() {
        if let Place::Text(path, _) = &fact.place
            && is_of_expression(&fact.kind)
        {
            by_path.entry(path).or_default().push(index);
        }
    }
    let mut gone: HashSet<usize> = HashSet::new();
    let mut found: HashMap<usize, Vec<Fact<'d>>> = HashMap::new();
    for (path, indices) in by_path {
        let Some(text) = path.get(template).and_then(Value::as_str) else {
            continue;
        };
        let ranges = references::ranges(text);
        let mut own: HashMap<usize, Vec<usize>> = HashMap::new();
        for index in indices {
            if let Place::Text(_, range) = &facts[index].place {
                let next = ranges.partition_point(|own| own.end <= range.start);
                own.entry(next).or_default().push(index);
            }
        }
        for (next, indices) in own {
            let Some(range) = ranges.get(next) else {
                continue;
            };
            let said: Vec<_> = indices.iter().map(|index| &facts[*index]).collect();
            if let Some(better) = explanation(template, path, text, range, &said) {
                let first = indices.iter().min().copied().unwrap_or_default();
                let needs = needed_elsewhere(context, path, text, &ranges[next + 1..], &said);
                found.insert(first, better.into_iter().chain(needs).collect());
                gone.extend(indices);
            }
        }
    }
    let mut kept = Vec::new();
    for (index, fact) in facts.into_iter().enumerate() {
        kept.extend(found.remove(&index).into_iter().flatten());
        if !gone.contains(&index) {
            kept.push(fact);
        }
    }
    kept
}

fn is_of_expression(kind: &FactKind<'_>) -> bool {
    matches!(
        kind,
        FactKind::Unparsable { .. }
            | FactKind::IllTyped { .. }
            | FactKind::Undefined(_)
            | FactKind::UndefinedVariable(_)
            | FactKind::NeedsExtension(ModelExtension::Expr)
    )
}

/// Returns the fact on the name at `range` of `text` that says what the facts `said` mean, if it is such a name. There is
/// none on a name that is defined like this: its definition is wrong.
fn explanation<'d>(
    template: &Value,
    path: &Path,
    text: &str,
    range: &Range<usize>,
    said: &[&Fact<'_>],
) -> Option<Option<Fact<'d>>> {
    let inner = references::inner(text, range);
    let written = inner.trim();
    let name = Name::read(written)?;
    let known = meant_name::names_behind(template, path, name.prefix);
    if name.has_dots && known.contains(&name.rest) {
        return Some(None);
    }
    let meant = known.iter().find(|known| is_same(known, name.rest));
    let is_undefined = |word: &&str| {
        said.iter().any(|fact| match &fact.kind {
            FactKind::Undefined(unknown) | FactKind::UndefinedVariable(unknown) => {
                unknown.name == **word
            }
            FactKind::Unparsable { .. } => true,
            _ => false,
        })
    };
    let is_number = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit());
    let mut others = name.words[1..].iter();
    let is_calculation = name.has_dots
        && (known.contains(&name.words[0])
            || others.any(|word| !is_undefined(word) && !is_number(word)))
        || meant.is_none() && name.words.iter().any(is_number);
    if is_calculation {
        return None;
    }
    let prefix = name.prefix;
    let advice = match meant {
        Some(meant) => Advice {
            help: format!("write `{prefix}.{meant}`"),
            name: Some(format!("{prefix}.{meant}")),
        },
        None if name.words.len() == 1 => Advice {
            help: format!("dots join the parts of a name: `{prefix}.{}`", name.rest),
            name: None,
        },
        None => Advice {
            help: "a name has letters, digits and `_` only, and dots join its parts".to_owned(),
            name: None,
        },
    };
    let unknown = Unknown {
        name: written.to_owned(),
        suggestion: None,
        advice: Some(advice),
    };
    let is_of_monitor = |fact: &&Fact<'_>| matches!(fact.kind, FactKind::UndefinedVariable(_));
    let start = range.start + 2 + inner.len() - inner.trim_start().len();
    Some(Some(Fact {
        place: Place::Text(path.clone(), start..start + written.len()),
        kind: match said.iter().any(is_of_monitor) {
            true => FactKind::UndefinedVariable(unknown),
            false => FactKind::Undefined(unknown),
        },
    }))
}

/// Returns the need for EXPR of a later expression of the string, if the facts `said` have it for the first.
fn needed_elsewhere<'d>(
    context: &Context<'_>,
    path: &Path,
    text: &str,
    later: &[Range<usize>],
    said: &[&Fact<'_>],
) -> Option<Fact<'d>> {
    let is_need = |fact: &&Fact<'_>| matches!(fact.kind, FactKind::NeedsExtension(_));
    said.iter().find(|fact| is_need(fact))?;
    let range = later.iter().find(|range| {
        let inner = references::inner(text, range);
        let parsed = context.expressions.expression(inner);
        Name::read(inner.trim()).is_none()
            && parsed.is_ok_and(|parsed| parsed.as_name_lookup().is_none())
    })?;
    Some(Fact {
        place: Place::Text(path.clone(), range.clone()),
        kind: FactKind::NeedsExtension(ModelExtension::Expr),
    })
}

impl<'t> Name<'t> {
    /// Reads a name that is not right, but can be nothing else.
    fn read(written: &'t str) -> Option<Self> {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        if written.chars().all(|c| is_word(c) || c == '.') {
            return None;
        }
        let mut words = Vec::new();
        let mut joints = Vec::new();
        let mut rest = written;
        while !rest.is_empty() {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let next = rest[end..].find(is_word);
            words.push((written.len() - rest.len(), &rest[..end]));
            let next = end + next.unwrap_or(rest.len() - end);
            joints.push(&rest[end..next]);
            rest = &rest[next..];
        }
        let end = joints.pop()?;
        let names: Vec<_> = words.iter().map(|(_, word)| *word).collect();
        let prefix = match names.as_slice() {
            ["Param", ..] => "Param",
            ["RawParam", ..] => "RawParam",
            ["Task", "Param", ..] => "Task.Param",
            ["Task", "RawParam", ..] => "Task.RawParam",
            ["Task", "File", ..] => "Task.File",
            ["Env", "File", ..] => "Env.File",
            _ => return None,
        };
        let length = prefix.split('.').count();
        let (first, _) = *words.get(length)?;
        let (before, within) = joints.split_at(length);
        let closing = match *before.last()? {
            "['" => "']",
            "[\"" => "\"]",
            _ => "",
        };
        let has_dots = before.iter().all(|joint| *joint == ".");
        let names = names[length..].to_vec();
        let is_name = end == closing
            && before.iter().all(|joint| JOINTS.contains(joint))
            && within.iter().all(|joint| ["-", " "].contains(joint))
            && !names.iter().any(|name| KEYWORDS.contains(name))
            && (!has_dots || names.len() > 1);
        is_name.then(|| Self {
            prefix,
            has_dots,
            words: names,
            rest: &written[first..written.len() - closing.len()],
        })
    }
}
