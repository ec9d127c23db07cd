//! Bytes to findings: reads a file, runs a pass over it, and applies the rules. Knows no output format.

mod adding;
mod anchors;
mod base;
mod beside;
mod braced;
mod braces;
mod budget;
mod clients;
mod commands;
mod constants;
mod context;
mod cycles;
mod decimal;
mod endless;
mod excess;
mod expressions;
mod extensions;
mod fact;
mod finding;
mod fix;
mod fixing;
mod foreign;
mod forms;
mod guard;
mod hooks;
mod hosts;
mod ignoring;
mod integers;
mod invisible;
mod malformed;
mod meant_action;
mod meant_name;
mod mentions;
mod messages;
mod misjoined;
mod misnamed;
mod misplaced;
mod missing_files;
mod missing_owner;
mod monitored;
mod nesting;
pub(crate) mod parameters;
mod pass;
mod path_escapes;
mod precedence;
mod programs;
pub(crate) mod references;
mod repaired;
mod resolve;
mod rule;
mod rules;
mod services;
mod session_variables;
mod settings;
mod shapes;
mod shell;
mod shell_line;
mod short_forms;
mod slips;
pub mod spelling;
mod stack;
mod structure;
mod suppress;
mod taint;
mod takes;
mod timing;
mod unknown_name;
mod variables;
mod version;
mod violation;
mod watchable;
mod words;

pub use adding::{Addition, Additions, Missed, add_monitors, proposed_timeout};
pub(crate) use budget::{CHEAP_MEMORY, CHEAP_OPERATIONS};
pub(crate) use context::Context;
pub use excess::without_excess;
pub(crate) use finding::Place;
pub use finding::{Finding, Related};
pub use fix::{Fix, Safety};
pub use fixing::{Fixed, fixed};
pub use guard::quiet_caught_panics;
pub(crate) use hosts::Families;
pub use ignoring::Ignoring;
pub(crate) use monitored::Monitored;
pub(crate) use references::{dotted_names, ranges as interpolations};
pub use rule::{Level, Rule, Tag};
pub use rules::{ALL as RULES, can_be_ignored};
pub use settings::{Around, Settings};
pub(crate) use suppress::MARK;
pub use suppress::mentioned_rules;

use crate::schema::Schema;
use crate::template::{Document, Loaded, Path, Problem, Source, Syntax, TemplateKind, load};
use fact::Fact;
use pass::Pass;
use resolve::{configured, in_order, resolved};
use suppress::Suppressions;

/// The id of the rule that `written` is most likely meant to be.
pub fn nearest_rule(written: &str) -> Option<&'static str> {
    spelling::nearest(written, RULES.iter().map(|rule| rule.id))
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Result of checking a file.
#[derive(Debug)]
pub struct Checked {
    /// The text of the file.
    pub source: Source,
    /// The findings; `None` if the file is not a template.
    pub found: Option<Found>,
}

/// Findings in a template.
#[derive(Debug, Default)]
pub struct Found {
    /// The findings, in order of position.
    pub findings: Vec<Finding>,
    /// Number of findings that comments suppress.
    pub suppressed: usize,
}

/// Checks the bytes of a file.
pub fn check(bytes: &[u8], syntax: Syntax, settings: &Settings) -> Checked {
    match load(bytes, syntax, settings.max_bytes) {
        Loaded::NoMapping(source) => Checked {
            source,
            found: None,
        },
        Loaded::Malformed(source, problems) => {
            let is_template = version::is_mentioned(source.text());
            Checked {
                found: is_template.then(|| repaired::check(&source, problems, syntax, settings)),
                source,
            }
        }
        Loaded::Document(document) => {
            let found = check_document(&document, settings).map(|found| {
                found.unwrap_or_else(|problems| {
                    repaired::check(document.source(), problems, syntax, settings)
                })
            });
            Checked {
                source: document.into_source(),
                found,
            }
        }
    }
}

/// Returns true if a text that is no valid template is probably meant to be one.
pub fn is_meant_as_template(text: &str) -> bool {
    version::is_mentioned(text)
}

/// Returns the findings about a file that is not well-formed.
pub fn malformed(problems: Vec<Problem>) -> Vec<Finding> {
    rules::of_problems(&problems)
}

/// Checks the part of `document` at `path`, which is meant to be a template of this `kind`. Comments suppress
/// nothing in it.
pub fn check_part(document: &Document, path: &Path, kind: TemplateKind) -> Vec<Finding> {
    let Some(part) = document.part(path) else {
        return Vec::new();
    };
    let found = TemplateKind::of(&part);
    if found != Some(kind) {
        let message = format!(
            "this is not a template with `specificationVersion: {}`",
            version::revision(kind)
        );
        let help = found.map(|found| match found {
            TemplateKind::Environment => "this is an environment template, which wraps a job",
            TemplateKind::Job => "this is a job template, which environment templates wrap",
        });
        return reported(&Fact::invalid_value(path, message, help), document);
    }
    let mut findings = match version::mistake(&part, kind) {
        Some(mistake) => reported(&mistake, &part),
        None => {
            let settings = Settings::default();
            let context = Context::new(&part, kind, &settings);
            let drafts = rules::of_template(&Pass::new(&context));
            resolved(
                &context,
                precedence::without_hidden_warnings(&context, drafts),
            )
        }
    };
    for finding in &mut findings {
        finding.pointer.insert_str(0, &path.pointer());
    }
    findings
}

/// Checks the structure of a document that is no template with the schema of its kind.
pub fn check_structure(document: &Document, schema: &'static Schema) -> Vec<Finding> {
    let facts = structure::check(schema, document.value(), &Path::root());
    in_order(
        facts
            .iter()
            .flat_map(|fact| reported(fact, document))
            .collect(),
    )
}

/// Reports a value of a document that is no template, with the reason in `message`.
pub fn mistake(document: &Document, path: &Path, message: impl Into<String>) -> Vec<Finding> {
    reported(&Fact::invalid_value(path, message, None), document)
}

/// Returns the finding of the rule that reports `fact`.
fn reported(fact: &Fact<'_>, document: &Document) -> Vec<Finding> {
    let drafts = rules::of_fact(fact).into_iter();
    drafts.map(|draft| draft.resolve(document)).collect()
}

/// Checks a document; `None` if it is no template. Of one whose version is wrong, that is the only finding. An error is
/// what to repair before the rest can be checked.
fn check_document(document: &Document, settings: &Settings) -> Option<Result<Found, Vec<Problem>>> {
    if let Some(slip) = slips::first(document) {
        return Some(Err(vec![slip]));
    }
    let (kind, mistake) = version::of(document)?;
    let context = Context::new(document, kind, settings);
    Some(match mistake {
        None => {
            let pass = Pass::new(&context);
            match nesting::mistakes(&context, &pass.facts) {
                mistakes if mistakes.is_empty() => Ok(found_in(&context, &pass)),
                mistakes => Err(mistakes),
            }
        }
        Some(mistake) => Ok(Found {
            findings: resolved(&context, rules::of_fact(&mistake)),
            suppressed: 0,
        }),
    })
}

/// Runs the rules, applies suppressions, and reports those that suppress nothing.
fn found_in(context: &Context<'_>, pass: &Pass<'_, '_>) -> Found {
    let mut suppressions = Suppressions::of(context.document);
    let (suppressed, drafts): (Vec<_>, Vec<_>) = rules::of_template(pass)
        .into_iter()
        .partition(|draft| suppressions.cover(draft.rule, draft.span(context.document)));
    let mut findings = resolved(
        context,
        precedence::without_hidden_warnings(context, drafts),
    );
    findings.extend(configured(suppressions.unused(), context.settings));
    Found {
        findings: in_order(findings),
        suppressed: resolved(context, suppressed).len(),
    }
}
