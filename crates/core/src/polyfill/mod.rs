//! Compiles templates with monitors to templates of the base specification, in which a supervisor runs the checks.
//!
//! Each monitored action becomes the command line of a supervisor, which starts the original command and the checks
//! beside it. What cannot be expressed that way is refused.

mod bounds;
mod check_line;
mod command_line;
mod plan;
mod rewrite;
mod stack;
mod supervisor;
mod symbols;

pub use supervisor::Supervisor;

use crate::lint::{Context, Settings};
use crate::template::{Document, MONITOR, TemplateKind};
use std::ops::Range;

/// A template of a stack.
#[derive(Debug, Clone, Copy)]
pub struct Template<'d> {
    /// The template, which is valid.
    pub document: &'d Document,
    /// Its kind.
    pub kind: TemplateKind,
    /// Name for the comment that says what it was made from.
    pub name: &'d str,
}

/// Choices of the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// The program that runs the checks.
    pub supervisor: Supervisor,
    /// `true` if no template around those that are given can have wrap hooks.
    pub is_whole: bool,
    /// `true` to accept monitors that can fire in exit slots, where ACT-8 cannot be kept.
    pub exit_overrides: bool,
}

/// Severity of a remark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The result does what the template says.
    Note,
    /// The result does less than the template says.
    Warning,
    /// There is no result.
    Refusal,
}

/// Something to say about a place of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Index of the template.
    pub template: usize,
    /// The bytes that it is about.
    pub span: Range<usize>,
    /// Severity.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
}

/// Result of a compilation.
#[derive(Debug)]
pub struct Compiled {
    /// The text of each template, in order; `None` if something is refused.
    pub texts: Option<Vec<String>>,
    /// Remarks, in order of template and position.
    pub remarks: Vec<Remark>,
}

/// Compiles the templates of a stack, outermost first; the last may be a job template. They must be valid, also
/// together.
pub fn compile(templates: &[Template<'_>], options: &Options) -> Compiled {
    let settings = Settings::default();
    let contexts: Vec<_> = templates
        .iter()
        .map(|template| Context::new(template.document, template.kind, &settings))
        .collect();
    let mut plans: Vec<_> = (0..contexts.len())
        .map(|index| plan::plan(&contexts, index, options))
        .collect();
    let mut texts = Vec::new();
    for (index, plan) in plans.iter_mut().enumerate() {
        let (context, template) = (&contexts[index], &templates[index]);
        if plan.monitors.is_empty() && !context.has_extension(MONITOR) {
            texts.push(template.document.source().text().to_owned());
            continue;
        }
        match rewrite::rewrite(template, plan, options.supervisor) {
            Ok(text) => texts.push(text),
            Err(place) => plan.remarks.push(Remark {
                template: index,
                span: place.span(template.document).unwrap_or_default(),
                severity: Severity::Refusal,
                message: "the supervisor cannot be written into the text here; write it in plain block style, without \
                          aliases and merge keys"
                    .to_owned(),
            }),
        }
    }
    let mut remarks: Vec<_> = plans.into_iter().flat_map(|plan| plan.remarks).collect();
    remarks.sort_by_key(|remark| (remark.template, remark.span.start));
    let is_refused = remarks
        .iter()
        .any(|remark| remark.severity == Severity::Refusal);
    Compiled {
        texts: (!is_refused).then_some(texts),
        remarks,
    }
}
