//! `unguarded-session-variable`: a check beside `onEnter` that needs a variable before `onEnter` sets it (VAR-5).

use crate::lint::commands::{CheckCommand, Code};
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Level, Rule, rule};
use crate::lint::session_variables::{set_on_enter, unguarded};
use crate::lint::shell::{Language, Variable};
use crate::template::Slot;

pub(super) static RULE: Rule = rule!(
    "unguarded-session-variable",
    Warning,
    "a check of `onEnter` that uses a variable set by this `onEnter`, without testing it",
    ["VAR-5"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let checks = pass.commands.checks.iter();
    checks.flat_map(|check| judge(pass, check)).collect()
}

fn judge(pass: &Pass<'_, '_>, check: &CheckCommand<'_, '_>) -> Vec<Draft> {
    let monitor = check
        .monitors
        .iter()
        .find(|monitor| monitor.slot == Slot::OnEnter);
    let Some(monitor) = monitor else {
        return Vec::new();
    };
    let set = set_on_enter(pass.commands.script_of(check));
    let mut drafts = Vec::new();
    for code in check.run.code.iter().filter(|_| !set.is_empty()) {
        for variable in unguarded(code, &set).into_values() {
            let draft = draft(check, code, variable);
            drafts.push(if monitor.can_fire() {
                draft
            } else {
                draft.level(Level::Info)
            });
        }
    }
    drafts
}

fn draft(check: &CheckCommand<'_, '_>, code: &Code<'_>, variable: &Variable) -> Draft {
    let name = &variable.name;
    let message = format!(
        "`{name}` may not be set yet: checks start before `onEnter` sets it with `openjd_env`"
    );
    let place = Place::Text(code.path.clone(), variable.range.clone());
    let key = check.environment.actions_path().key(Slot::OnEnter.name());
    let draft = Draft::new(&RULE, place, message).related(
        Place::Key(key),
        "this action sets it, and is monitored itself",
    );
    let test = match code.language {
        Language::Sh => format!("test it first, as in `[ -n \"${{{name}:-}}\" ] || exit 0`"),
        _ => "test it first".to_owned(),
    };
    // Without a hook there would be nothing left to watch.
    let is_elsewhere = check.environment.defines(Slot::OnWrapTaskRun);
    draft.help(match is_elsewhere {
        true => format!("{test}, or leave `onEnter` out of `scope`"),
        false => test,
    })
}
