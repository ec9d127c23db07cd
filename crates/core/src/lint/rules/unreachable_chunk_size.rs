//! `unreachable-chunk-size`: chunks that are larger than what there is to put into them.

use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::template::{Path, items_of};
use openjd_expr::RangeExpr;
use serde_json::Value;

pub(super) static RULE: Rule = rule!(
    "unreachable-chunk-size",
    Info,
    "a `defaultTaskCount` larger than the number of values",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let template = pass.context.document.value();
    let steps = items_of(template.get("steps")).iter().enumerate();
    let mut drafts = Vec::new();
    for (index, step) in steps {
        let list = Path::root().key("steps").index(index).key("parameterSpace");
        let list = list.key("taskParameterDefinitions");
        let space = step.get("parameterSpace");
        let definitions = space.and_then(|space| space.get("taskParameterDefinitions"));
        for (index, definition) in items_of(definitions).iter().enumerate() {
            drafts.extend(judge(&list.index(index), definition));
        }
    }
    drafts
}

fn judge(path: &Path, definition: &Value) -> Option<Draft> {
    let chunks = definition.get("chunks")?;
    let count = chunks.get("defaultTaskCount")?.as_u64()?;
    let values = values(definition.get("range")?)?;
    let is_contiguous = chunks.get("rangeConstraint").and_then(Value::as_str) == Some("CONTIGUOUS");
    let longest = match is_contiguous {
        true => longest_run(&values),
        false => values.len(),
    };
    let place = Place::Value(path.key("chunks").key("defaultTaskCount"));
    let message = match is_contiguous && longest < values.len() {
        true => format!("no chunk has {count} values: at most {longest} of `range` are contiguous"),
        false => format!("no chunk has {count} values: `range` has {longest}, which are one task"),
    };
    let draft = Draft::new(&RULE, place, message)
        .related(Place::Value(path.key("range")), "the values")
        .help(format!("write {longest} or less"));
    (count > longest as u64).then_some(draft)
}

/// The values of a literal range, in order.
fn values(range: &Value) -> Option<RangeExpr> {
    match range {
        Value::String(text) => text.trim().parse().ok(),
        Value::Array(items) => {
            let values: Option<Vec<_>> = items.iter().map(Value::as_i64).collect();
            RangeExpr::from_values(values?).ok()
        }
        _ => None,
    }
}

/// The length of the longest run of neighbors.
fn longest_run(values: &RangeExpr) -> usize {
    let ranges = values.ranges().iter();
    // Neighbors are in one range, as `openjd-expr` keeps them.
    let lengths = ranges.map(|range| if range.step() == 1 { range.len() } else { 1 });
    lengths.max().unwrap_or_default()
}
