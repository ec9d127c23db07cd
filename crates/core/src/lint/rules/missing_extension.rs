//! `missing-extension`: extensions that the template uses and does not list (SCH-1).

use crate::lint::context::{Context, MONITOR};
use crate::lint::extensions;
use crate::lint::fact::FactKind;
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::spelling;
use openjd_model::ModelExtension;

pub(super) static RULE: Rule = rule!(
    "missing-extension",
    Error,
    "a field or an expression whose extension `extensions` does not list",
    ["SCH-1"]
)
.hides_nothing();

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    judge(pass).into_iter().collect()
}

/// Reports the missing extensions of the whole template once, with the first place that needs each of them.
fn judge(pass: &Pass<'_, '_>) -> Option<Draft> {
    let context = pass.context;
    // A list that is none is wrong enough by itself.
    if !extensions::can_be_listed(context) {
        return None;
    }
    let monitors: Vec<_> = match context.has_extension(MONITOR) {
        true => Vec::new(),
        false => context.monitored().collect(),
    };
    let mut needs: Vec<(&str, Place)> = Vec::new();
    for fact in &pass.facts {
        if let FactKind::NeedsExtension(extension) = fact.kind {
            add(context, &mut needs, extension, &fact.place);
        }
    }
    if let Some(environment) = monitors.first() {
        needs.push((MONITOR, Place::Key(environment.monitor_path())));
    }
    // MONITOR comes last, and is what the finding is about.
    let (about, place) = needs.last()?.clone();
    let draft = Draft::new(&RULE, place, message(about, &needs));
    let draft = needs[..needs.len() - 1]
        .iter()
        .fold(draft, |draft, (name, place)| {
            draft.related(place.clone(), format!("needs `{name}`"))
        });
    let draft = monitors.iter().skip(1).fold(draft, |draft, environment| {
        draft.related(Place::Key(environment.monitor_path()), "needs it as well")
    });
    let names: Vec<_> = needs.iter().map(|(name, _)| *name).collect();
    Some(mended(context, &names, draft))
}

/// Adds an extension with those that it needs itself, each once, in the order of their first use.
fn add(
    context: &Context<'_>,
    needs: &mut Vec<(&str, Place)>,
    extension: ModelExtension,
    place: &Place,
) {
    if extension == ModelExtension::WrapActions && !context.has_extension("EXPR") {
        add(context, needs, ModelExtension::Expr, place);
    }
    let name = extension.as_str();
    // A misspelt name is wrong where it is listed. (Of MONITOR, this rule speaks.) One that is listed beside a name that
    // is none has no effect for the model.
    if context.misspelt(name).is_some() || context.has_extension(name) {
        return;
    }
    if !needs.iter().any(|(known, _)| *known == name) {
        needs.push((name, place.clone()));
    }
}

fn message(about: &str, needs: &[(&str, Place)]) -> String {
    match needs {
        [_] if about == MONITOR => {
            "`onMonitor` needs the MONITOR extension, which the template does not list".to_owned()
        }
        [_] => format!("this needs the {about} extension, which the template does not list"),
        several => format!(
            "the template needs the extensions {}, which it does not list",
            spelling::list(several.iter().map(|(name, _)| *name), "and")
        ),
    }
}

fn mended(context: &Context<'_>, names: &[&str], draft: Draft) -> Draft {
    let all = spelling::list(names.iter().copied(), "and");
    let misspelt = names
        .iter()
        .find_map(|name| Some((name, context.misspelt(name)?)));
    let bare = names.join(", ");
    let is_there = context.document.value().get("extensions").is_some();
    let (draft, help, title) = match misspelt {
        Some((name, (path, written))) => {
            let place = Place::Value(path.clone());
            let draft = draft.related(place, format!("`{written}` is not `{name}`"));
            let help = match names.len() {
                1 => format!("write `{name}` instead of `{written}`"),
                _ => format!("list {all}: write `{name}` instead of `{written}`"),
            };
            let title = match names.len() {
                1 => format!("replace `{written}` with `{name}`"),
                _ => format!("list {all}"),
            };
            (draft, help, title)
        }
        None if !is_there => (
            draft,
            format!("add `extensions: [{bare}]` to the template"),
            format!("add `extensions: [{bare}]`"),
        ),
        None => (
            draft,
            format!("add {all} to the list `extensions`"),
            format!("add {all} to `extensions`"),
        ),
    };
    let change = extensions::listing(context, names);
    draft.help(help).fix(Proposal::safe(title, change))
}
