//! `unused-parameter`: a parameter whose value changes nothing.

use crate::lint::context::Context;
use crate::lint::finding::{Draft, Place};
use crate::lint::mentions::Names;
use crate::lint::misnamed;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, Tag, rule};
use crate::lint::spelling;
use crate::template::{Path, TemplateKind, items_of};
use serde_json::Value;
use std::collections::HashSet;

pub(super) static RULE: Rule = rule!(
    "unused-parameter",
    Info,
    "a job parameter or task parameter that nothing refers to",
    []
)
.tagged(Tag::Unnecessary);

/// Parameters by which jobs tell the queue environments of a farm what to install.
const OF_QUEUES: [&str; 4] = [
    "CondaPackages",
    "CondaChannels",
    "RezPackages",
    "RezRepositories",
];

/// Maximum number of names without a definition that may be meant to be a parameter.
const MAX_STRAY: usize = 100;

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let mut drafts = of_job(pass);
    let steps = items_of(pass.context.document.value().get("steps"));
    for (index, step) in steps.iter().enumerate() {
        let path = Path::root().key("steps").index(index);
        drafts.extend(of_step(pass, step, &path));
    }
    drafts
}

fn of_job(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    let template = context.document.value();
    let Some(list) = template.get("parameterDefinitions") else {
        return Vec::new();
    };
    let definitions = named(Some(list));
    // Of a job without steps, the part that refers to parameters is missing.
    let is_part = context.kind == TemplateKind::Job && template.get("steps").is_none();
    if definitions.is_empty() || is_part {
        return Vec::new();
    }
    let names = pass.mentions().outside(list);
    let used = Used::new(names, ["Param.", "RawParam."], &definitions);
    let is_job = context.kind == TemplateKind::Job;
    let around = around(context);
    let is_expected = |name: &str, definition: &Value| {
        moves_files(definition) || is_job && OF_QUEUES.contains(&name) || around.contains(name)
    };
    let unused = definitions
        .into_iter()
        .filter(|(_, name, definition)| !is_expected(name, definition) && !used.has(name));
    let help = match is_job {
        true => "remove it, unless an environment template around the job defines and uses it, too",
        false => "remove it",
    };
    unused
        .map(|(index, name, _)| {
            let path = Path::root().key("parameterDefinitions");
            let place = Place::Value(path.index(index).key("name"));
            let message = format!("nothing in this template refers to `Param.{name}`");
            Draft::new(&RULE, place, message).help(help)
        })
        .collect()
}

fn of_step(pass: &Pass<'_, '_>, step: &Value, path: &Path) -> Vec<Draft> {
    let space = step.get("parameterSpace");
    let definitions = named(space.and_then(|space| space.get("taskParameterDefinitions")));
    if definitions.is_empty() {
        return Vec::new();
    }
    let prefixes = ["Task.Param.", "Task.RawParam."];
    let used = Used::new(pass.mentions().within(step), prefixes, &definitions);
    let list = path.key("parameterSpace").key("taskParameterDefinitions");
    let unused = definitions
        .into_iter()
        .filter(|(_, name, _)| !used.has(name));
    unused
        .map(|(index, name, _)| {
            let place = Place::Value(list.index(index).key("name"));
            let message = format!(
                "nothing in this step refers to `Task.Param.{name}`: its values differ in nothing that the tasks see"
            );
            Draft::new(&RULE, place, message)
                .help("remove it, unless the same task is to run once for each of its values")
        })
        .collect()
}

/// The definitions of a list that have a name, with their indices; the first of each name.
fn named(list: Option<&Value>) -> Vec<(usize, &str, &Value)> {
    let mut seen = HashSet::new();
    let list = items_of(list).iter().enumerate();
    // A name that is none is a mistake of its own.
    list.filter_map(|(index, value)| Some((index, value.get("name")?.as_str()?, value)))
        .filter(|(_, name, _)| misnamed::is_name(name) && seen.insert(*name))
        .collect()
}

/// The parameters that the templates around this one define.
fn around<'c>(context: &'c Context<'_>) -> HashSet<&'c str> {
    let templates = context.settings.around.iter();
    let lists = templates.map(|around| named(around.template.get("parameterDefinitions")));
    lists.flatten().map(|(_, name, _)| name).collect()
}

/// Returns true for a path whose files are copied to or from the host, whether or not an action names it.
fn moves_files(definition: &Value) -> bool {
    let flow = definition.get("dataFlow").and_then(Value::as_str);
    flow.is_some_and(|flow| flow != "NONE")
}

/// The parameters that a part of a template refers to.
struct Used<'m> {
    names: Names<'m>,
    prefixes: [&'static str; 2],
    /// Names without a definition, each of which may be a misspelt parameter.
    stray: Vec<String>,
}

impl<'m> Used<'m> {
    fn new(
        names: Names<'m>,
        prefixes: [&'static str; 2],
        definitions: &[(usize, &str, &Value)],
    ) -> Self {
        let known: HashSet<_> = definitions.iter().map(|(_, name, _)| *name).collect();
        let mentioned = prefixes.iter().flat_map(|prefix| names.below(prefix));
        let stray = mentioned.filter(|name| !known.contains(name));
        Self {
            stray: stray.take(MAX_STRAY).map(str::to_owned).collect(),
            names,
            prefixes,
        }
    }

    fn has(&self, name: &str) -> bool {
        let mut prefixes = self.prefixes.iter();
        prefixes.any(|prefix| self.names.has(&format!("{prefix}{name}")))
            || self
                .stray
                .iter()
                .any(|stray| spelling::is_near(stray, name))
    }
}
