//! `openjd`: rejected by `openjd-model`, and covered by no other rule.

use crate::lint::fact::{Dependency, Fact, FactKind};
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use crate::template::Change;
use openjd_model::capabilities::{
    standard_amount_capability_names, standard_attribute_capability_names,
};
use openjd_model::types::{Extensions, SpecificationRevision};

pub(super) static RULE: Rule = rule!(
    "openjd",
    Error,
    "any other violation of the Open Job Description specification",
    []
);

pub(super) fn check(fact: &Fact<'_>) -> Option<Draft> {
    let message = match &fact.kind {
        FactKind::Rejected { message } => message,
        FactKind::Cycle(dependencies) => return Some(cycle(fact, dependencies)),
        FactKind::UnknownStep { .. } => return unknown_step(fact),
        _ => return None,
    };
    // The model's messages are full sentences without a subject, or have a drawing below them.
    let sentence = message
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let message = match fact.place.path().last_key() {
        Some(key) if sentence.starts_with(char::is_lowercase) && !sentence.starts_with(key) => {
            format!("`{key}`: {sentence}")
        }
        _ => sentence.to_owned(),
    };
    let draft = Draft::new(&RULE, fact.place.clone(), message);
    Some(match sentence {
        _ if sentence.contains("range expression error") => {
            draft.help("write a range as `1-10`, `1-10:2` (every second value) or `1,3,5-9`")
        }
        _ if sentence.contains("uses reserved scope") => draft.help(capability(sentence)),
        _ if sentence.starts_with("Parameter '") => Draft {
            help: constraint(sentence),
            ..draft
        },
        "format strings in timeout are not allowed" => {
            draft.help("write an integer, or add FEATURE_BUNDLE_1 to `extensions`")
        }
        _ => draft,
    })
}

/// Says what to write instead of a value that breaks a constraint of its parameter.
fn constraint(sentence: &str) -> Option<String> {
    let behind = |words: &str| Some(sentence.split_once(words)?.1);
    let (least, most) = match sentence.contains(" length ") {
        true => ("minLength", "maxLength"),
        false => ("minValue", "maxValue"),
    };
    if sentence.ends_with("allowedValues") || sentence.ends_with("allowed values") {
        let is_value = sentence.contains(" is not in ");
        return is_value.then(|| "write one of the `allowedValues`, or add it to them".to_owned());
    }
    let limit = behind("exceeds maximum ").or_else(|| behind("exceeds maxLength "));
    if let Some(limit) = limit {
        return Some(format!("make it {limit} at most, or raise `{most}`"));
    }
    let limit = behind("less than minimum ").or_else(|| behind("less than minLength "));
    if let Some(limit) = limit {
        return Some(format!("make it {limit} at least, or lower `{least}`"));
    }
    let (_, bounds) = sentence.split_once("': ")?;
    let (lower, upper) = bounds.split_once(" > ")?;
    let (least, _) = lower.split_once(' ')?;
    let (most, _) = upper.split_once(' ')?;
    Some(format!(
        "`{least}` must not be above `{most}`: swap them, or change one"
    ))
}

/// Says how to write the capability that `sentence` quotes, whose scope is that of the specification's own ones.
fn capability(sentence: &str) -> String {
    let written = sentence.split('\'').nth(1).unwrap_or_default();
    let (revision, extensions) = (SpecificationRevision::V2023_09, Extensions::default());
    let amounts = standard_amount_capability_names(revision, &extensions).unwrap_or_default();
    let attributes = standard_attribute_capability_names(revision, &extensions).unwrap_or_default();
    let known = || amounts.iter().chain(&attributes).copied();
    if let Some(near) = spelling::nearest(written, known()) {
        return format!("did you mean `{near}`?");
    }
    let (kind, rest) = written.split_once('.').unwrap_or((written, ""));
    let own = rest.split_once('.').map_or("NAME", |(_, own)| own);
    let standard: Vec<_> = known().filter(|name| name.starts_with(kind)).collect();
    format!(
        "write `{kind}.{own}` for a capability of your own; those of the specification are {}",
        spelling::list(standard, "and")
    )
}

fn unknown_step(fact: &Fact<'_>) -> Option<Draft> {
    let FactKind::UnknownStep {
        written,
        near,
        meant,
        steps,
    } = &fact.kind
    else {
        return None;
    };
    let message = format!("there is no step `{written}`");
    let draft = Draft::new(&RULE, fact.place.clone(), message);
    let draft = match near {
        Some(near) => draft.help(format!("did you mean `{near}`?")),
        None if !steps.is_empty() => {
            let names = steps.iter().map(String::as_str);
            draft.help(format!("the steps are {}", spelling::list(names, "and")))
        }
        None => draft,
    };
    Some(match meant {
        Some(meant) => {
            let change = Change::SetWord(fact.place.path().clone(), meant.clone());
            draft.fix(Proposal::safe(
                format!("replace `{written}` with `{meant}`"),
                change,
            ))
        }
        None => draft,
    })
}

/// Number of steps of a circle that a message names.
const MAX_NAMED: usize = 10;

fn cycle(fact: &Fact<'_>, dependencies: &[Dependency]) -> Draft {
    let quoted = |dependency: &Dependency| format!("`{}`", dependency.step);
    let mut names: Vec<_> = dependencies.iter().map(quoted).collect();
    let first = names[0].clone();
    if names.len() > MAX_NAMED {
        let more = names.len() - MAX_NAMED;
        names.truncate(MAX_NAMED);
        names.push(format!("{more} more"));
    }
    names.push(first);
    let message = format!(
        "steps depend on each other in a circle: {}",
        names.join(" → ")
    );
    let draft = Draft::new(&RULE, fact.place.clone(), message)
        .help("remove one of these dependencies: no step of the circle can be the first to run");
    let others = dependencies
        .iter()
        .zip(dependencies.iter().cycle().skip(1))
        .skip(1);
    others.take(MAX_NAMED).fold(draft, |draft, (own, next)| {
        let note = format!("`{}` depends on `{}`", own.step, next.step);
        draft.related(Place::Value(own.path.clone()), note)
    })
}
