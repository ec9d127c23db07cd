//! The rules: a file each, and the one table that registers them all.

pub(crate) mod check_cannot_fail;
pub(crate) mod check_timeout_too_long;
pub(crate) mod draft_variable_name;
pub(crate) mod exit_slot_only_logs;
pub(crate) mod ignored_message;
pub(crate) mod invalid_expression;
pub(crate) mod invalid_value;
pub(crate) mod misplaced_monitor;
pub(crate) mod missing_extension;
pub(crate) mod missing_field;
pub(crate) mod monitor_never_fires;
pub(crate) mod monitor_never_runs;
pub(crate) mod nothing_to_monitor;
pub(crate) mod openjd;
pub(crate) mod parameter_allows_bad_value;
pub(crate) mod period_below_floor;
pub(crate) mod redundant_override;
pub(crate) mod shadowed_monitor;
pub(crate) mod single_failure_terminates;
pub(crate) mod syntax;
pub(crate) mod tasks_not_monitored;
pub(crate) mod threshold_without_effect;
pub(crate) mod undefined_slot;
pub(crate) mod undefined_variable;
pub(crate) mod unguarded_session_variable;
pub(crate) mod unknown_field;
pub(crate) mod unquoted_interpolation;
pub(crate) mod unused_extension;
pub(crate) mod unused_suppression;
pub(crate) mod variable_out_of_scope;
pub(crate) mod wrong_type;

use super::rule::Rule;

/// Every rule, in the order of the stages that apply them.
pub static ALL: [&Rule; 31] = [
    &syntax::RULE,
    &unknown_field::RULE,
    &missing_field::RULE,
    &wrong_type::RULE,
    &invalid_value::RULE,
    &openjd::RULE,
    &missing_extension::RULE,
    &misplaced_monitor::RULE,
    &nothing_to_monitor::RULE,
    &undefined_slot::RULE,
    &period_below_floor::RULE,
    &check_timeout_too_long::RULE,
    &invalid_expression::RULE,
    &undefined_variable::RULE,
    &variable_out_of_scope::RULE,
    &draft_variable_name::RULE,
    &unused_extension::RULE,
    &monitor_never_runs::RULE,
    &monitor_never_fires::RULE,
    &check_cannot_fail::RULE,
    &threshold_without_effect::RULE,
    &parameter_allows_bad_value::RULE,
    &unquoted_interpolation::RULE,
    &ignored_message::RULE,
    &shadowed_monitor::RULE,
    &redundant_override::RULE,
    &unguarded_session_variable::RULE,
    &unused_suppression::RULE,
    &exit_slot_only_logs::RULE,
    &single_failure_terminates::RULE,
    &tasks_not_monitored::RULE,
];
