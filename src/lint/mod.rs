//! The six stages of a check: bytes to findings. Knows no output format.

mod base;
mod commands;
mod constants;
mod context;
mod finding;
mod fix;
mod guard;
mod parameters;
mod precedence;
mod references;
mod rule;
mod rules;
mod settings;
mod shell;
pub(crate) mod spelling;
mod structure;
mod suppress;
mod taint;
mod timing;
mod variables;

pub use finding::{Finding, Related};
pub use fix::{Fix, Safety};
pub use guard::quiet_caught_panics;
pub use rule::{Level, Rule};
pub use rules::ALL as RULES;
pub use settings::Settings;

use crate::schema::Schema;
use crate::template::{Document, Loaded, Path, Problem, Source, Syntax, TemplateKind, load};
use context::Context;
use finding::Draft;
use rules::{
    check_cannot_fail, check_timeout_too_long, exit_slot_only_logs, ignored_message, invalid_value,
    misplaced_monitor, missing_extension, monitor_never_fires, monitor_never_runs,
    nothing_to_monitor, parameter_allows_bad_value, period_below_floor, redundant_override,
    shadowed_monitor, single_failure_terminates, syntax, tasks_not_monitored,
    threshold_without_effect, undefined_slot, unguarded_session_variable, unquoted_interpolation,
    unused_extension, wrong_type,
};
use suppress::Suppressions;

/// The id of the rule that `written` is most likely meant to be.
pub fn nearest_rule(written: &str) -> Option<&'static str> {
    spelling::nearest(written, RULES.iter().map(|rule| rule.id))
}

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// Whether a user may ignore what `rule` finds: of a file that cannot be read, nothing else is known.
pub fn can_be_ignored(rule: &Rule) -> bool {
    rule.id != syntax::RULE.id
}

/// What a check of a file came to.
#[derive(Debug)]
pub struct Checked {
    /// The text of the file.
    pub source: Source,
    /// What was found; `None` if the file is no template.
    pub found: Option<Found>,
}

/// What was found in a template.
#[derive(Debug, Default)]
pub struct Found {
    /// The findings, in order of position.
    pub findings: Vec<Finding>,
    /// How many more its comments say to ignore.
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
            // What cannot be read is a template if it looks like one.
            let is_template = source.text().contains("specificationVersion");
            Checked {
                found: is_template.then(|| Found {
                    findings: configured(malformed(problems), settings),
                    suppressed: 0,
                }),
                source,
            }
        }
        Loaded::Document(document) => {
            let found =
                TemplateKind::of(&document).map(|kind| check_template(&document, kind, settings));
            Checked {
                source: document.into_source(),
                found,
            }
        }
    }
}

/// What is wrong with a file that is not well-formed.
pub fn malformed(problems: Vec<Problem>) -> Vec<Finding> {
    problems.into_iter().map(syntax::finding).collect()
}

/// Checks the part of `document` at `path`, which is meant to be a template of this `kind`. No comment
/// suppresses what is wrong with it.
pub fn check_part(document: &Document, path: &Path, kind: TemplateKind) -> Vec<Finding> {
    let Some(part) = document.part(path) else {
        return Vec::new();
    };
    let found = TemplateKind::of(&part);
    if found != Some(kind) {
        let message = format!(
            "this is no template whose `specificationVersion` is {}",
            revision(kind)
        );
        let help = found.map(|found| match found {
            TemplateKind::Environment => "an environment template is put around a job template",
            TemplateKind::Job => "a job template is what environment templates are put around",
        });
        return vec![invalid_value::draft(path, message, help).resolve(document)];
    }
    let mut findings = match unknown_revision(&part, kind) {
        Some(finding) => vec![finding],
        None => {
            let settings = Settings::default();
            let context = Context::new(&part, kind, &settings);
            resolved(
                &context,
                precedence::without_hidden_warnings(&context, stages(&context)),
            )
        }
    };
    for finding in &mut findings {
        finding.pointer.insert_str(0, &path.pointer());
    }
    findings
}

/// Checks the structure of a document that is no template with the schema of its kind.
pub fn check_structure(document: &Document, schema: &Schema) -> Vec<Finding> {
    let drafts = structure::check(schema, document.value(), &Path::root());
    in_order(
        drafts
            .into_iter()
            .map(|draft| draft.resolve(document))
            .collect(),
    )
}

/// A value of a document that is no template is not allowed, for the reason that `message` gives.
pub fn mistake(document: &Document, path: &Path, message: impl Into<String>) -> Finding {
    invalid_value::draft(path, message, None).resolve(document)
}

/// The revision of the specification that is known of each kind.
fn revision(kind: TemplateKind) -> &'static str {
    match kind {
        TemplateKind::Job => "jobtemplate-2023-09",
        TemplateKind::Environment => "environment-2023-09",
    }
}

/// `findings` at the levels that the user gave their rules.
fn configured(mut findings: Vec<Finding>, settings: &Settings) -> Vec<Finding> {
    findings.retain_mut(|finding| {
        let level = settings.level(finding.rule, finding.level);
        finding.level = level.unwrap_or(finding.level);
        level.is_some()
    });
    findings
}

fn check_template(document: &Document, kind: TemplateKind, settings: &Settings) -> Found {
    match unknown_revision(document, kind) {
        None => found_in(&Context::new(document, kind, settings)),
        Some(finding) => Found {
            findings: configured(vec![finding], settings),
            suppressed: 0,
        },
    }
}

/// What there is to say of a template of another revision: nothing more.
fn unknown_revision(document: &Document, kind: TemplateKind) -> Option<Finding> {
    let path = Path::root().key("specificationVersion");
    let version = path.get(document.value())?.as_str()?;
    let label = "`specificationVersion`";
    let draft = || invalid_value::not_one_of(&path, label, version, &[revision(kind)]);
    (version != revision(kind)).then(|| draft().resolve(document))
}

/// What the stages find, without what the document says to ignore, and what it says so in vain.
fn found_in(context: &Context<'_>) -> Found {
    let mut suppressions = Suppressions::of(context.document);
    let (suppressed, drafts): (Vec<_>, Vec<_>) = stages(context)
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

/// The findings of `drafts`, in order.
fn resolved(context: &Context<'_>, drafts: Vec<Draft>) -> Vec<Finding> {
    let fixes = fix::of(&drafts, context.document);
    let drafts = drafts.into_iter().zip(fixes);
    let findings = drafts.map(|(draft, fix)| Finding {
        fix,
        ..draft.resolve(context.document)
    });
    configured(in_order(findings.collect()), context.settings)
}

/// Stages 3 to 6, each on what the ones before it left intact.
fn stages(context: &Context<'_>) -> Vec<Draft> {
    let mut drafts = structure::extension(context);
    let mut base = base::check(context, &drafts);
    if !base.drafts.is_empty() {
        // What the model accepts, the schema does: only now is it worth its compilation.
        drafts = structure::template(context);
        base.drop_what_is_said(&drafts);
    }
    let variables = variables::check(context, &base, &drafts);
    drafts.extend(base.drafts);
    drafts.extend(variables);
    drafts.extend(missing_extension::check(context));
    drafts.extend(misplaced_monitor::check(context));
    drafts.extend(nothing_to_monitor::check(context));
    drafts.extend(undefined_slot::check(context));
    drafts.extend(period_below_floor::check(context));
    drafts.extend(check_timeout_too_long::check(context));
    drafts.extend(unused_extension::check(context, &drafts));
    drafts.extend(at_run_time(context));
    drafts
}

/// What is valid and goes wrong when it is run.
fn at_run_time(context: &Context<'_>) -> Vec<Draft> {
    let checks = commands::of(context);
    [
        monitor_never_runs::check(context),
        monitor_never_fires::check(context),
        check_cannot_fail::check(&checks),
        threshold_without_effect::check(context),
        parameter_allows_bad_value::check(context),
        unquoted_interpolation::check(context, &checks),
        ignored_message::check(&checks),
        shadowed_monitor::check(context),
        redundant_override::check(context),
        unguarded_session_variable::check(&checks),
        exit_slot_only_logs::check(context),
        single_failure_terminates::check(context),
        tasks_not_monitored::check(context),
    ]
    .concat()
}

/// Sorts findings by position, and says what is said twice once.
fn in_order(mut findings: Vec<Finding>) -> Vec<Finding> {
    let start = |finding: &Finding| finding.span.as_ref().map(|span| (span.start, span.end));
    let order = |finding: &Finding| RULES.iter().position(|rule| rule.id == finding.rule.id);
    findings
        .sort_by(|a, b| (start(a), order(a), &a.message).cmp(&(start(b), order(b), &b.message)));
    // A value that is wrong in two ways is one mistake; two fields that an object lacks are two.
    let is_of_value =
        |rule: &Rule| [wrong_type::RULE.id, invalid_value::RULE.id].contains(&rule.id);
    findings.dedup_by(|a, b| {
        let is_same_place = a.rule.id == b.rule.id && a.span == b.span;
        is_same_place && (a.message == b.message || is_of_value(a.rule))
    });
    findings
}
