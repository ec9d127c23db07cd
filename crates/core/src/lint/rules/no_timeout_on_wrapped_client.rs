//! `no-timeout-on-wrapped-client`: an action that waits for a container or another host, and that nothing ends.

use crate::lint::clients::{self, Client};
use crate::lint::commands::ActionCommand;
use crate::lint::context::Context;
use crate::lint::extensions;
use crate::lint::finding::Draft;
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::session_variables::set_on_enter;
use crate::template::{Change, Environment, MONITOR, Slot};
use serde_json::json;

pub(super) static RULE: Rule = rule!(
    "no-timeout-on-wrapped-client",
    Info,
    "an action that waits for a container or another host, without a timeout or monitor",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let hook = Slot::OnWrapTaskRun;
    // It watches the tasks of every step.
    let watches = |environment: &Environment<'_>| {
        let monitor = environment.monitor();
        monitor.is_some_and(|monitor| monitor.slots().contains(&hook))
    };
    let mut around = context
        .around
        .iter()
        .map(|(_, own)| own)
        .chain(&context.environments);
    if around.any(watches) {
        return Vec::new();
    }
    let mut drafts = Vec::new();
    for script in &pass.commands.scripts {
        let name = match script.owner.is_step {
            true => "onRun",
            false => hook.name(),
        };
        let Some(action) = script.action(name) else {
            continue;
        };
        if let Some(client) = clients::waited_for(action).filter(|_| !action.has_timeout()) {
            let draft = draft(&client);
            let proposal = (!script.owner.is_step).then(|| {
                let set = set_on_enter(script);
                watching(context, action, &client, &|name| set.contains(name))
            });
            drafts.push(draft.fix(proposal.flatten()));
        }
    }
    drafts
}

fn draft(client: &Client) -> Draft {
    let message = format!(
        "`{}` may wait forever if the other side is gone: nothing watches it, and the action has no `timeout`",
        client.name
    );
    let help = "watch the other side with an `onMonitor` in the Environment that wraps the tasks, or give the action a `timeout`";
    Draft::new(&RULE, client.place.clone(), message).help(help)
}

/// The monitor that runs something harmless by the same client, if its Environment has none.
fn watching(
    context: &Context<'_>,
    action: &ActionCommand<'_>,
    client: &Client,
    is_set: &dyn Fn(&str) -> bool,
) -> Option<Proposal> {
    let actions = action.action.path.parent()?;
    let has_monitor = actions
        .key("onMonitor")
        .get(context.document.value())
        .is_some();
    if has_monitor || !extensions::can_be_listed(context) {
        return None;
    }
    let command = client.probe(is_set)?;
    let monitor = json!({
        "command": command,
        "period": 30,
        "failureThreshold": 2,
        "onFailure": "terminate",
        "scope": [Slot::OnWrapTaskRun.name()],
    });
    let insert = Change::Insert {
        after: action.action.path.clone(),
        entries: vec![("onMonitor".to_owned(), monitor)],
    };
    let changes = match context.has_extension(MONITOR) {
        true => vec![insert],
        false => vec![insert, extensions::listing(context, &[MONITOR])],
    };
    let title = format!("watch the other side of `{}` every 30 seconds", client.name);
    Some(Proposal::not_safe(title, Change::All(changes)))
}
