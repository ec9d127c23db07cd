//! Reading of a text to a tree with positions and a value.

use super::limits::MAX_DEPTH;
use super::problem::Problem;
use super::source::Source;
use super::tree::{Kind, NodeId, Tree};
use super::{expansion, json, traps, value, yaml};
use openjd_model::template::parse::document_string_to_object;
use openjd_model::{CallerLimits, DocumentType};
use serde_json::Value;
use serde_saphyr::Error;
use serde_saphyr::budget::BudgetBreach;

/// The booleans of YAML 1.2.
const BOOLEANS: [&str; 6] = ["true", "True", "TRUE", "false", "False", "FALSE"];

/// A tree, and the value if the root is a mapping.
pub(super) type Parsed = Result<(Tree, Option<Value>), Vec<Problem>>;

/// Reads YAML. An error names the mistake behind it, where it can be told.
pub(super) fn read_yaml(text: &str) -> Parsed {
    parse_yaml(text).map_err(|problems| match problems.as_slice() {
        // Where there is help, the cause is known.
        [problem] if problem.help.is_none() => {
            let scan = |text: &str| yaml::parse(text).map(drop);
            let read = |text: &str| match parse_yaml(text) {
                Ok(_) => Ok(()),
                Err(problems) => problems.into_iter().next().map_or(Ok(()), Err),
            };
            // What the parser itself notices hides mistakes that stand before it.
            let explained = match scan(text) {
                Err(_) => traps::explain_yaml(text, problem.clone(), scan),
                Ok(()) => traps::explain_yaml(text, problem.clone(), read),
            };
            vec![explained]
        }
        _ => problems,
    })
}

fn parse_yaml(text: &str) -> Parsed {
    let tree = yaml::parse(text).map_err(|problem| vec![problem])?;
    if let Some(problem) = traps::spaces_in_names(text, &tree) {
        return Err(vec![problem]);
    }
    if let Some(problem) = expansion::excess(&tree) {
        return Err(vec![problem]);
    }
    refuse_duplicates(&tree).map_err(|problems| {
        // Keys that were meant as list items are often the same.
        let keys = tree.duplicate_keys().into_iter().flatten();
        let mut keys: Vec<_> = keys.map(|key| tree.node(key).span.clone()).collect();
        keys.sort_unstable_by_key(|key| key.start);
        keys.dedup();
        traps::meant_by_keys(text, &keys).map_or(problems, |slip| vec![slip])
    })?;
    if !has_mapping_root(&tree) {
        return Ok((tree, None));
    }
    if let Some(value) = value::certain(text, &tree) {
        return Ok((tree, Some(value)));
    }
    match document_string_to_object(text, DocumentType::Yaml, &CallerLimits::default()) {
        Ok(mut value) => {
            if let Some(root) = tree.root {
                restore_texts(&tree, root, &mut value);
            }
            Ok((tree, Some(value)))
        }
        Err(error) => Err(vec![explain_yaml(text, &error.to_string())]),
    }
}

/// Puts back the text of scalars such as `TrUe`, which YAML 1.2 has for strings and the loader for booleans.
fn restore_texts(tree: &Tree, id: NodeId, value: &mut Value) {
    let id = tree.resolved(id);
    match (&tree.node(id).kind, value) {
        (Kind::Sequence(items), Value::Array(values)) => {
            for (item, value) in items.iter().zip(values) {
                restore_texts(tree, *item, value);
            }
        }
        (Kind::Mapping(entries), Value::Object(map)) => {
            for (key, item) in entries {
                if let Some(value) = map.get_mut(tree.key_text(*key)) {
                    restore_texts(tree, *item, value);
                }
            }
        }
        (Kind::Scalar { text, .. }, value @ Value::Bool(_)) if !BOOLEANS.contains(&&**text) => {
            *value = text.to_string().into();
        }
        _ => {}
    }
}

/// The loader's own error has no position: the same parser, asked directly, has one.
fn explain_yaml(text: &str, fallback: &str) -> Problem {
    let options = serde_saphyr::options! {
        strict_booleans: true,
        reject_non_finite_typeless_float: false,
        budget: serde_saphyr::budget! { max_depth: MAX_DEPTH },
    };
    match serde_saphyr::from_str_with_options::<Value>(text, options) {
        Err(error) => {
            let error = error.without_snippet();
            let offset = error.location().and_then(|at| {
                let line = usize::try_from(at.line()).ok()?.checked_sub(1)?;
                let column = usize::try_from(at.column()).ok()?.checked_sub(1)?;
                offset_of(text, line, column)
            });
            if let Some(problem) = excess(offset.unwrap_or_default(), error) {
                return problem;
            }
            let message = error.to_string();
            let message = message
                .split_once(": ")
                .filter(|(head, _)| head.starts_with("error"));
            let message = message.map_or(error.to_string(), |(_, rest)| rest.to_owned());
            Problem::new(offset.unwrap_or_default(), message)
        }
        Ok(_) => Problem::new(0, fallback),
    }
}

/// Returns the problem of a text with more of something than the loader takes; `None` for any other error.
fn excess(offset: usize, error: &Error) -> Option<Problem> {
    let Error::Budget { breach, .. } = error else {
        return None;
    };
    let message = match breach {
        BudgetBreach::Anchors { anchors } => format!("{anchors} anchors are too many"),
        BudgetBreach::Aliases { aliases } => format!("{aliases} aliases are too many"),
        BudgetBreach::AliasAnchorRatio { aliases, anchors } => {
            format!("{aliases} aliases are too many for the number of anchors, {anchors}")
        }
        BudgetBreach::MergeKeys { merge_keys } => format!("{merge_keys} merge keys are too many"),
        _ => "the document is too large".to_owned(),
    };
    Some(Problem::new(offset, message).help("write out what is meant, or split the template"))
}

/// Reads JSON. An error names the mistake behind it, where it can be told.
pub(super) fn read_json(text: &str) -> Parsed {
    if text.starts_with('\u{feff}') {
        let problem = Problem::new(0, "the file starts with a byte order mark");
        return Err(vec![
            problem.help("save the file without it: JSON readers reject it"),
        ]);
    }
    let value: Value =
        serde_json::from_str(text).map_err(|error| vec![explain_json(text, &error)])?;
    let tree = json::parse(text).map_err(|problem| vec![problem])?;
    refuse_duplicates(&tree)?;
    let is_mapping = has_mapping_root(&tree);
    Ok((tree, is_mapping.then_some(value)))
}

fn explain_json(text: &str, error: &serde_json::Error) -> Problem {
    // serde_json counts columns in bytes, from 1 for a byte and 0 for a line break before it.
    let line_start = text
        .split_inclusive('\n')
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum::<usize>();
    let offset = line_start + error.column().saturating_sub(1);
    let message = error.to_string();
    if message.starts_with("recursion limit exceeded") {
        return Problem::too_deep(offset);
    }
    let message = message
        .split(" at line ")
        .next()
        .unwrap_or_default()
        .to_owned();
    let problem = Problem::new(offset.min(text.len()), message.clone());
    let problem = match message.as_str() {
        "trailing characters" => Problem {
            message: "there is more text after the end of the document".to_owned(),
            ..problem
        },
        _ => problem,
    };
    traps::explain_json(text, problem, || {
        matches!(parse_yaml(text), Ok((_, Some(_))))
    })
}

/// The offset of a line and a column in characters, both from 0.
fn offset_of(text: &str, line: usize, column: usize) -> Option<usize> {
    let line_start = Source::new(text.to_owned()).line_range(line)?.start;
    let mut rest = text[line_start..].char_indices();
    Some(
        rest.nth(column)
            .map_or(text.len(), |(at, _)| line_start + at),
    )
}

fn has_mapping_root(tree: &Tree) -> bool {
    let root = tree.root.map(|id| &tree.node(id).kind);
    matches!(root, Some(Kind::Mapping(_)))
}

fn refuse_duplicates(tree: &Tree) -> Result<(), Vec<Problem>> {
    let problems: Vec<_> = tree
        .duplicate_keys()
        .into_iter()
        .map(|[_, key]| Problem {
            span: tree.node(key).span.clone(),
            message: format!(
                "the key `{}` is repeated in this mapping",
                tree.key_text(key)
            ),
            help: Some("remove one of the two: a key has only one value".to_owned()),
            repair: None,
        })
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}
