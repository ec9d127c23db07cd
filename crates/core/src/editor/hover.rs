//! Explanations of what stands at a place.

use super::expressions::{is_binding, ranges};
use super::keys::Keys;
use super::references::is_before;
use super::scope;
use super::variables::{self, Variable};
use crate::describe::{self, Stack, Watch, seconds, story};
use crate::functions::OF_HOSTS;
use crate::lint::{Rule, Settings, dotted_names, mentioned_rules};
use crate::shown::code;
use crate::template::draft_names::is_or_below;
use crate::template::{Document, Environment, Path, Slot, Spot, TemplateKind, environments};
use std::ops::Range;

/// An explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// Its text, in Markdown.
    pub text: String,
    /// The bytes that it is about.
    pub span: Range<usize>,
}

/// Explains what stands at the byte `offset`: a variable or a function of an expression, the slot of a monitor, a key, the
/// value of one, or a rule in a comment. `None` if there is nothing to explain.
pub fn hover(document: &Document, offset: usize, settings: &Settings) -> Option<Hover> {
    let kind = TemplateKind::of(document)?;
    let mut mentions = mentioned_rules(document).into_iter();
    if let Some((span, rule)) = mentions.find(|(span, _)| span.contains(&offset)) {
        let text = format!("**{}**: {}", code(rule.id), of_rule(rule));
        return Some(Hover { text, span });
    }
    let spot = document.spot(offset)?;
    if !spot.is_key
        && let Some((name, span)) = name_at(document, &spot.path, offset)
    {
        // What is bound stands before the `=`.
        let behind = document.source().text()[span.end..].trim_start();
        let is_bound =
            is_binding(&spot.path) && behind.starts_with('=') && !behind.starts_with("==");
        let text = of_name(document, kind, &spot.path, (&name, is_bound), settings)?;
        return Some(Hover { text, span });
    }
    let span = match spot.is_key {
        true => document.key_span(&spot.path)?,
        false => document.value_span(&spot.path)?,
    };
    let slot = slot(document, kind, &spot);
    let keys = Keys::new(kind, document.value());
    let about = |path: &Path| {
        let about = keys.description(path)?;
        Some(match path.last_key() {
            Some(key) => format!("**{}**: {about}", code(key)),
            None => about,
        })
    };
    let list = spot
        .path
        .parent()
        .filter(|_| spot.path.last_key().is_none());
    // A word of a list may be explained by the list only.
    let about = about(&spot.path).or_else(|| about(&list?));
    let parts: Vec<_> = about.into_iter().chain(slot).collect();
    (!parts.is_empty()).then(|| Hover {
        text: parts.join("\n\n---\n\n"),
        span,
    })
}

/// Returns a line about a rule.
pub(super) fn of_rule(rule: &Rule) -> String {
    format!(
        "{}, by default {}. [Its page]({})",
        rule.summary,
        rule.level,
        rule.uri()
    )
}

/// Returns the dotted name at `offset` in an expression of the string at `path`, or the name that it binds, and its bytes.
fn name_at(document: &Document, path: &Path, offset: usize) -> Option<(String, Range<usize>)> {
    let text = path.get(document.value())?.as_str()?;
    let bound = is_binding(path).then(|| 0..text.find('=').unwrap_or_default());
    let mut all = ranges(path, text).into_iter().chain(bound);
    all.find_map(|range| {
        let names = dotted_names(&text[range.clone()]).into_iter();
        let mut names = names.filter_map(|(segments, start)| {
            let end = segments.last()?.1;
            let whole = range.start + start..range.start + end;
            let span = document.exact_span(path, &whole)?;
            let is_here = span.start <= offset && offset <= span.end;
            is_here.then(|| {
                let names: Vec<_> = segments.iter().map(|(name, _)| *name).collect();
                (names.join("."), span)
            })
        });
        names.next()
    })
}

fn of_name(
    document: &Document,
    kind: TemplateKind,
    path: &Path,
    (name, is_bound): (&str, bool),
    settings: &Settings,
) -> Option<String> {
    let template = document.value();
    let variables = variables::around(template, kind, path);
    // In a `let`, the name that is bound is that of its own binding, and others are those of earlier ones.
    let is_known = |definition: &Path| match is_bound {
        true => definition == path,
        false => !is_before(path, definition),
    };
    let is_meant = |variable: &&Variable| {
        is_or_below(name, &variable.name) && variable.definition.as_ref().is_none_or(is_known)
    };
    // Of several names, the longest; of `let` names, the innermost.
    let variable = variables
        .iter()
        .filter(is_meant)
        .max_by_key(|own| own.name.len());
    let Some(variable) = variable else {
        return function(name.rsplit('.').next().unwrap_or(name));
    };
    let method = name.strip_prefix(&format!("{}.", variable.name));
    let method = method.and_then(|method| function(method.rsplit('.').next().unwrap_or(method)));
    let mut parts = vec![of_variable(variable)];
    let environment = environments(kind, template);
    let environment = environment.iter().find(|own| path.is_within(&own.path));
    if let Some(environment) = environment {
        parts.extend(slots_with(template, environment, variable, settings));
    }
    parts.extend(method);
    Some(parts.join("\n\n"))
}

/// Returns the line that introduces a variable.
pub(super) fn of_variable(variable: &Variable) -> String {
    let kind = variable.kind.as_ref().map(|kind| format!(": `{kind}`"));
    format!(
        "**{}**{} — {}",
        code(&variable.name),
        kind.unwrap_or_default(),
        variable.about
    )
}

/// Says in which slots of an Environment a variable is in scope.
fn slots_with(
    template: &serde_json::Value,
    environment: &Environment<'_>,
    variable: &Variable,
    settings: &Settings,
) -> Option<String> {
    let has = |slot: &Slot| {
        let path = environment
            .action(*slot)
            .map(|action| action.path.key("command"));
        path.is_some_and(|path| {
            scope::accepted(template, &path, &[&variable.name], settings) == [true]
        })
    };
    let slots = environment.slots();
    let (having, lacking): (Vec<_>, Vec<_>) = slots.into_iter().partition(has);
    let list = |slots: &[Slot]| {
        let names: Vec<_> = slots
            .iter()
            .map(|slot| format!("`{}`", slot.name()))
            .collect();
        names.join(", ")
    };
    match (having.as_slice(), lacking.as_slice()) {
        ([], _) => None,
        (all, []) => Some(format!("In scope in {}.", list(all))),
        (some, none) => Some(format!(
            "In scope in {}; not in {}.",
            list(some),
            list(none)
        )),
    }
}

/// Returns the signatures of a function.
pub(super) fn function(name: &str) -> Option<String> {
    let signatures = OF_HOSTS.get_signatures(name).iter();
    let lines: Vec<_> = signatures
        .map(|entry| {
            let parameters = entry.signature.sig_params().iter().map(ToString::to_string);
            let parameters = parameters.collect::<Vec<_>>().join(", ");
            format!("{name}({parameters}) -> {}", entry.signature.sig_return())
        })
        .collect();
    (!lines.is_empty()).then(|| format!("```\n{}\n```", lines.join("\n")))
}

/// Returns what the monitor of an Environment does in the slot at `spot`: at the key of an action, in `scope` and in
/// `overrides`; at `onMonitor` itself, in every slot.
fn slot(document: &Document, kind: TemplateKind, spot: &Spot) -> Option<String> {
    let all = environments(kind, document.value());
    let index = all.iter().position(|own| spot.path.is_within(&own.path))?;
    let environment = &all[index];
    let monitor = environment.monitor_path();
    let written = match spot.is_key {
        true => spot.path.last_key()?,
        false => spot.path.get(document.value())?.as_str()?,
    };
    let parent = spot.path.parent()?;
    let is_of_slots = parent == environment.actions_path()
        || parent == monitor.key("scope")
        || parent == monitor.key("overrides");
    let slot = Slot::from_name(written);
    if !is_of_slots || slot.is_none() && spot.path != monitor {
        return None;
    }
    let all = watches(document, kind);
    let own = all.iter().filter(|(own, _)| own.path == environment.path);
    let own = own.flat_map(|(_, watches)| watches);
    let own = own.filter(|watch| slot.is_none_or(|slot| watch.slot == slot));
    let lines: Vec<_> = own.map(of_watch).collect();
    match lines.is_empty() {
        false => Some(lines.join("\n\n")),
        // A monitor that cannot be described has findings.
        true => None,
    }
}

/// Returns the Environments of a template that have monitors, with their effective ones; none, if the template is not
/// valid.
pub(super) fn watches(
    document: &Document,
    kind: TemplateKind,
) -> Vec<(Environment<'_>, Vec<Watch>)> {
    let template = document.value();
    let mut monitored = environments(kind, template);
    monitored.retain(|own| own.monitor().is_some());
    if monitored.is_empty() {
        return Vec::new();
    }
    let stack = match kind {
        TemplateKind::Job => Stack {
            job: Some(template),
            ..Stack::default()
        },
        TemplateKind::Environment => Stack {
            environments: vec![template],
            ..Stack::default()
        },
    };
    let description = describe::describe(&stack).ok();
    let monitors = description.into_iter().flat_map(|own| own.monitors);
    monitored
        .into_iter()
        .zip(monitors.map(|monitor| monitor.watches))
        .collect()
}

fn of_watch(watch: &Watch) -> String {
    let slot = watch.slot.name();
    format!(
        "Monitored in `{slot}`: the first check after {}, then every {}. What happens: {}",
        seconds(&watch.first_check),
        seconds(&watch.period),
        story(watch)
    )
}
