//! `missing-extension`: `onMonitor` without `MONITOR` in `extensions` (SCH-1).

use crate::lint::context::{Context, MONITOR};
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::template::{Change, Path};

pub(super) static RULE: Rule = rule!(
    "missing-extension",
    Error,
    "`onMonitor` without MONITOR in `extensions`",
    ["SCH-1"]
)
.hides_nothing();

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    judge(pass.context).into_iter().collect()
}

fn judge(context: &Context<'_>) -> Option<Draft> {
    // A list that is none is wrong enough by itself.
    let listed = context.document.value().get("extensions");
    let is_malformed = listed.is_some_and(|list| !list.is_array() && !list.is_null());
    if context.has_extension(MONITOR) || is_malformed {
        return None;
    }
    // One mistake of the whole template: said once, at the first monitor.
    let mut monitors = context.monitored();
    let key = monitors.next()?.monitor_path();
    let draft = Draft::new(
        &RULE,
        Place::Key(key),
        "`onMonitor` needs the MONITOR extension, which the template does not list",
    );
    let draft = match (context.misspelt_extension(), listed) {
        (Some((path, name)), _) => draft
            .related(
                Place::Value(path.clone()),
                format!("`{name}` is not `{MONITOR}`"),
            )
            .help(format!("write `{MONITOR}` instead of `{name}`"))
            .fix(Proposal::safe(
                format!("replace `{name}` with `{MONITOR}`"),
                Change::SetWord(path.clone(), MONITOR.to_owned()),
            )),
        (None, None) => draft
            .help("add `extensions: [MONITOR]` to the template")
            .fix(Proposal::safe(
                "add `extensions: [MONITOR]`",
                Change::Insert {
                    after: Path::root().key("specificationVersion"),
                    key: "extensions".to_owned(),
                    words: vec![MONITOR.to_owned()],
                },
            )),
        (None, Some(_)) => {
            draft
                .help("add `MONITOR` to the list `extensions`")
                .fix(Proposal::safe(
                    format!("add `{MONITOR}` to `extensions`"),
                    Change::Append(Path::root().key("extensions"), MONITOR.to_owned()),
                ))
        }
    };
    Some(monitors.fold(draft, |draft, environment| {
        draft.related(Place::Key(environment.monitor_path()), "needs it as well")
    }))
}
