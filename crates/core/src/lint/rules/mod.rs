//! The rules: a file each, and the one table that registers them all.

mod changed_scalar;
mod check_cannot_fail;
mod check_timeout_too_long;
mod command_not_runnable;
mod command_of_another_system;
mod draft_variable_name;
mod enter_leaves_foreground;
mod enter_without_timeout;
mod exit_not_guarded;
mod exit_slot_only_logs;
mod ignored_message;
mod invalid_expression;
mod invalid_value;
mod invisible_character;
mod misplaced_monitor;
mod missing_extension;
mod missing_field;
mod monitor_never_fires;
mod monitor_never_runs;
mod no_timeout_on_wrapped_client;
mod nothing_to_monitor;
mod openjd;
mod parameter_allows_bad_value;
mod path_default_absolute;
mod period_below_floor;
mod redundant_override;
mod runnable_without_shebang;
mod shadowed_monitor;
mod shell_line_as_command;
mod single_failure_terminates;
mod syntax;
mod tasks_not_monitored;
mod threshold_without_effect;
mod undefined_slot;
mod undefined_variable;
mod uneven_association;
mod unguarded_session_variable;
mod unknown_field;
mod unquoted_interpolation;
mod unreachable_chunk_size;
mod unreplaced_reference;
mod unused_embedded_file;
mod unused_extension;
mod unused_let;
mod unused_parameter;
mod unused_suppression;
mod variable_out_of_scope;
mod wrong_type;

use super::fact::{Fact, IdleSuppression};
use super::finding::{Draft, Finding};
use super::pass::Pass;
use super::rule::Rule;
use crate::template::Problem;
use std::ops::Range;

/// The function of a rule, by its input.
enum RuleFn {
    /// Reports a problem that keeps a file from being read.
    Problem(fn(&Problem) -> Finding),
    /// Reports the facts of its kind.
    Fact(fn(&Fact<'_>) -> Option<Draft>),
    /// Looks at a whole template.
    Template(fn(&Pass<'_, '_>) -> Vec<Draft>),
    /// Reports a suppression at a place that ignores nothing.
    Suppression(fn(Range<usize>, &IdleSuppression) -> Finding),
}

/// Makes [`ALL`] and the table of checks, which has the same order.
macro_rules! table {
    ($($rule:ident: $input:ident,)*) => {
        /// Every rule, in the order of the stages that apply them.
        pub static ALL: [&Rule; CHECKS.len()] = [$(&$rule::RULE),*];

        static CHECKS: [RuleFn; [$(stringify!($rule)),*].len()] = [$(RuleFn::$input($rule::check)),*];
    };
}

table! {
    syntax: Problem,
    unknown_field: Fact,
    missing_field: Fact,
    wrong_type: Fact,
    invalid_value: Fact,
    invisible_character: Fact,
    openjd: Fact,
    missing_extension: Template,
    misplaced_monitor: Template,
    nothing_to_monitor: Template,
    undefined_slot: Template,
    period_below_floor: Template,
    check_timeout_too_long: Template,
    invalid_expression: Fact,
    undefined_variable: Fact,
    variable_out_of_scope: Fact,
    draft_variable_name: Fact,
    unused_extension: Template,
    monitor_never_runs: Template,
    monitor_never_fires: Template,
    tasks_not_monitored: Template,
    check_cannot_fail: Template,
    threshold_without_effect: Template,
    parameter_allows_bad_value: Template,
    unquoted_interpolation: Template,
    ignored_message: Template,
    shell_line_as_command: Template,
    unreplaced_reference: Template,
    shadowed_monitor: Template,
    redundant_override: Template,
    unguarded_session_variable: Template,
    changed_scalar: Template,
    enter_leaves_foreground: Template,
    exit_not_guarded: Template,
    path_default_absolute: Template,
    command_of_another_system: Template,
    command_not_runnable: Template,
    runnable_without_shebang: Template,
    unused_embedded_file: Template,
    unused_let: Template,
    uneven_association: Template,
    unused_suppression: Suppression,
    exit_slot_only_logs: Template,
    single_failure_terminates: Template,
    enter_without_timeout: Template,
    no_timeout_on_wrapped_client: Template,
    unreachable_chunk_size: Template,
    unused_parameter: Template,
}

/// Returns the findings about a file that cannot be read.
pub(super) fn of_problems(problems: &[Problem]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for problem in problems {
        for check in &CHECKS {
            if let RuleFn::Problem(check) = check {
                findings.push(check(problem));
            }
        }
    }
    findings
}

/// Returns the drafts of a fact.
pub(super) fn of_fact(fact: &Fact<'_>) -> Vec<Draft> {
    let drafts = CHECKS.iter().filter_map(|check| match check {
        RuleFn::Fact(check) => check(fact),
        _ => None,
    });
    drafts.collect()
}

/// Returns the drafts of all rules about a template.
pub(super) fn of_template(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let mut drafts: Vec<_> = pass.facts.iter().flat_map(of_fact).collect();
    for check in &CHECKS {
        if let RuleFn::Template(check) = check {
            drafts.extend(check(pass));
        }
    }
    drafts
}

/// Returns the finding about a suppression at `span` that ignores nothing.
pub(super) fn of_suppression(span: &Range<usize>, idle: &IdleSuppression) -> Option<Finding> {
    CHECKS.iter().find_map(|check| match check {
        RuleFn::Suppression(check) => Some(check(span.clone(), idle)),
        _ => None,
    })
}

/// Returns true for rules that a comment or the configuration can turn off: all but those about files that cannot
/// be read.
pub fn can_be_ignored(rule: &Rule) -> bool {
    !has_check(rule, |check| matches!(check, RuleFn::Problem(_)))
}

/// Returns true for rules about suppressions.
pub(super) fn is_about_suppressions(rule: &Rule) -> bool {
    has_check(rule, |check| matches!(check, RuleFn::Suppression(_)))
}

fn has_check(rule: &Rule, is_such: fn(&RuleFn) -> bool) -> bool {
    let mut checks = ALL.iter().zip(&CHECKS);
    checks.any(|(known, check)| known.id == rule.id && is_such(check))
}
