//! The variable that an undefined reference means, by a name of an earlier draft, another place or another system.

use super::spelling::{MAX_CANDIDATES, folded, is_same, list};
use crate::runtime_variables::of_table;
use crate::template::draft_names::{DRAFT_NAMES, is_or_below};
use crate::template::{Path, Segment, Slot, items_of};
use serde_json::Value;

/// First parts of names, folded, that are another word for `Param` or `RawParam`.
const PARAMETERS: [&str; 8] = [
    "param",
    "params",
    "parameter",
    "parameters",
    "rawparam",
    "rawparams",
    "input",
    "inputs",
];

/// First parts of names, folded, that say whose a parameter is or that it is a variable; none for a bare name.
const OWNERS: [&str; 9] = [
    "job", "jobs", "task", "tasks", "step", "steps", "var", "vars", "",
];

/// Maximum number of embedded files that advice names.
const MAX_NAMED: usize = 20;

/// Advice on a reference to a variable that does not exist at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Advice {
    pub help: String,
    /// The name to write in its place, if that is all.
    pub name: Option<String>,
}

/// Names of the drafts of RFC 0008 that no runtime accepts, with those of the accepted RFC; `DRAFT_NAMES` has the others.
const OLDER_NAMES: [(&str, &str); 10] = [
    ("Task.Timeout", "WrappedAction.Timeout"),
    ("Task.Cancelation", "WrappedAction.Cancelation"),
    ("Env.Action.Command", "WrappedAction.Command"),
    ("Env.Action.Args", "WrappedAction.Args"),
    ("Env.Action.Environment", "WrappedAction.Environment"),
    ("Env.Wrapped.Name", "WrappedEnv.Name"),
    ("Env.Wrapped.Command", "WrappedAction.Command"),
    ("Env.Wrapped.Args", "WrappedAction.Args"),
    ("Env.Wrapped.Environment", "WrappedAction.Environment"),
    ("Env.Wrapped.Timeout", "WrappedAction.Timeout"),
];

/// Returns what the undefined `name`, used at `path` of the template, is meant to be.
pub(super) fn advice(template: &Value, path: &Path, name: &str) -> Option<Advice> {
    let place = Place { template, path };
    let (first, rest) = name.split_once('.').unwrap_or(("", name));
    of_a_draft(name)
        .or_else(|| place.of_a_parameter(first, rest))
        .or_else(|| place.of_a_file(name))
        .or_else(|| place.of_an_action(name))
        .or_else(|| place.of_the_session(name))
        .or_else(|| of_the_process(first, rest))
}

/// Returns true if `name`, used at `path` of the template, is of parameters or files whose list is wrong as a whole.
pub(super) fn is_of_a_wrong_list(template: &Value, path: &Path, name: &str) -> bool {
    let place = Place { template, path };
    // Null is as good as no list.
    let is_wrong =
        |list: Option<&Value>| list.is_some_and(|list| !list.is_array() && !list.is_null());
    match name.split_once("Param.").map(|(prefix, _)| prefix) {
        Some("" | "Raw") => is_wrong(template.get("parameterDefinitions")),
        Some("Task." | "Task.Raw") => {
            let space = place.step().and_then(|step| step.get("parameterSpace"));
            // It needs its list: a missing one is a finding of its own.
            space.is_some_and(|space| {
                let list = space.get("taskParameterDefinitions");
                !space.is_null() && !list.is_some_and(Value::is_array)
            })
        }
        _ if name.contains(".File.") => {
            let script = place.owner().and_then(|(owner, _)| owner.get("script"));
            is_wrong(script.and_then(|script| script.get("embeddedFiles")))
        }
        _ => false,
    }
}

/// Returns the names that may follow `prefix` at `path` of the template: of parameters, or of the files of a script.
pub(super) fn names_behind<'t>(template: &'t Value, path: &'t Path, prefix: &str) -> Vec<&'t str> {
    let place = Place { template, path };
    match prefix {
        "Param" | "RawParam" => place.job_parameters().collect(),
        "Task.Param" | "Task.RawParam" => place.task_parameters().collect(),
        _ => {
            let script = place.owner().and_then(|(owner, _)| owner.get("script"));
            Place::names(script.and_then(|script| script.get("embeddedFiles"))).collect()
        }
    }
}

fn renamed(help: String, name: impl Into<String>) -> Advice {
    let name = Some(name.into());
    Advice { help, name }
}

fn only(help: impl Into<String>) -> Advice {
    let help = help.into();
    Advice { help, name: None }
}

fn of_a_draft(name: &str) -> Option<Advice> {
    let (draft, accepted) = DRAFT_NAMES
        .into_iter()
        .chain(OLDER_NAMES)
        .find(|(draft, _)| is_or_below(name, draft))?;
    let help = format!("`{draft}` is of an earlier draft: write `{accepted}`");
    Some(renamed(help, name.replacen(draft, accepted, 1)))
}

fn of_the_process(first: &str, rest: &str) -> Option<Advice> {
    let is_environment = ["env", "environ", "environment", "os"].contains(&folded(first).as_str());
    is_environment.then(|| {
        let variable = rest.rsplit('.').next().unwrap_or(rest);
        only(format!(
            "environment variables are no references: leave `${variable}` to a shell (`command: bash`, `args: [\"-c\", …]`)"
        ))
    })
}

/// The place of a reference.
struct Place<'t> {
    template: &'t Value,
    path: &'t Path,
}

impl<'t> Place<'t> {
    fn key(&self, index: usize) -> Option<&'t str> {
        match self.path.segments().get(index)? {
            Segment::Key(key) => Some(key),
            Segment::Index(_) => None,
        }
    }

    fn has_key(&self, name: &str) -> bool {
        let mut segments = self.path.segments().iter();
        segments.any(|segment| matches!(segment, Segment::Key(key) if key == name))
    }

    /// The step that the place is in.
    fn step(&self) -> Option<&'t Value> {
        match self.path.segments() {
            [Segment::Key(steps), Segment::Index(index), ..] if steps == "steps" => {
                self.template.get("steps")?.get(index)
            }
            _ => None,
        }
    }

    /// Returns true within an Environment.
    fn is_in_environment(&self) -> bool {
        self.key(0) == Some("environment")
            || self.has_key("jobEnvironments")
            || self.has_key("stepEnvironments")
    }

    /// Returns true where a task runs: in the script of a step.
    fn is_in_task(&self) -> bool {
        self.step().is_some()
            && !self.is_in_environment()
            && !self.has_key("parameterSpace")
            && !self.has_key("hostRequirements")
    }

    fn names(list: Option<&'t Value>) -> impl Iterator<Item = &'t str> {
        let items = items_of(list).iter().take(MAX_CANDIDATES);
        items.filter_map(|item| item.get("name")?.as_str())
    }

    fn job_parameters(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        Self::names(self.template.get("parameterDefinitions"))
    }

    fn task_parameters(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let space = self.step().and_then(|step| step.get("parameterSpace"));
        Self::names(space.and_then(|space| space.get("taskParameterDefinitions")))
    }

    /// The owner of the script that the place is in, with the prefix of its files.
    fn owner(&self) -> Option<(&'t Value, &'static str)> {
        let script = self.path.segments().iter();
        let length = script.take_while(|segment| **segment != Segment::Key("script".into()));
        let owner = Path::root().join(&self.path.segments()[..length.count()]);
        let prefix = match self.is_in_environment() {
            true => "Env.File.",
            false => "Task.File.",
        };
        Some((owner.get(self.template)?, prefix))
    }

    /// A parameter by another prefix or case: `parameters.X`, `param.x`, `X`, `Task.Param.X` of a job's `X`.
    fn of_a_parameter(&self, first: &str, rest: &str) -> Option<Advice> {
        let parts: Vec<_> = rest.split('.').collect();
        let last = *parts.last()?;
        let is_of_parameters = (is_parameters(first) || OWNERS.contains(&folded(first).as_str()))
            && parts[..parts.len() - 1].iter().copied().all(is_parameters);
        if !is_of_parameters {
            return None;
        }
        let is_raw = folded(first).starts_with("raw")
            || parts.iter().any(|part| folded(part).starts_with("raw"));
        let raw = if is_raw { "Raw" } else { "" };
        let is_meant = |name: &&str| is_same(name, last);
        let of_task = self.task_parameters().find(is_meant);
        let of_job = self.job_parameters().find(is_meant);
        let says_task = folded(first) == "task";
        match (of_task, of_job) {
            (Some(task), job) if self.is_in_task() && (says_task || job.is_none()) => {
                let name = format!("Task.{raw}Param.{task}");
                Some(renamed(
                    format!("write `{name}`, the parameter of the task"),
                    name,
                ))
            }
            (_, Some(job)) if first == "Param" && job == last => self.of_a_path(job),
            (_, Some(job)) if !(first == "RawParam" && job == last) => {
                let name = format!("{raw}Param.{job}");
                Some(renamed(
                    format!("write `{name}`, the parameter of the job"),
                    name,
                ))
            }
            (Some(task), _) => Some(only(format!(
                "`{task}` is a parameter of tasks, and known only in the `script` of its step"
            ))),
            _ if says_task && parts.len() > 1 && !self.is_in_task() => Some(only(
                "parameters of tasks are known only in the `script` of their step",
            )),
            _ => None,
        }
    }

    /// A PATH parameter where a job is created.
    fn of_a_path(&self, parameter: &str) -> Option<Advice> {
        let list = self.template.get("parameterDefinitions")?.as_array()?;
        let is_it = |item: &&Value| item.get("name").and_then(Value::as_str) == Some(parameter);
        let kind = list.iter().find(is_it)?.get("type")?.as_str()?;
        kind.to_uppercase().contains("PATH").then(|| {
            let name = format!("RawParam.{parameter}");
            let help = format!(
                "a path is known on the host of a task only: write `{name}`, which is the value as it was submitted"
            );
            renamed(help, name)
        })
    }

    /// A file by the prefix of another kind of owner, or one that there is not.
    fn of_a_file(&self, name: &str) -> Option<Advice> {
        let (first, rest) = name.split_once('.')?;
        let kind = folded(first);
        let is_file =
            ["env", "task", "file", "files", "step", "environment"].contains(&kind.as_str());
        let bare = match rest.split_once('.') {
            Some((middle, bare)) if folded(middle).trim_end_matches('s') == "file" => bare,
            None if kind.starts_with("file") => rest,
            _ => return None,
        };
        let (owner, prefix) = self.owner().filter(|_| is_file)?;
        let files = Self::names(
            owner
                .get("script")
                .and_then(|script| script.get("embeddedFiles")),
        );
        let files: Vec<_> = files.collect();
        if let Some(file) = files.iter().find(|file| is_same(file, bare)) {
            let name = format!("{prefix}{file}");
            return Some(renamed(
                format!("write `{name}`, the embedded file beside it"),
                name,
            ));
        }
        let is_elsewhere = !name.starts_with(prefix)
            && ["Env.File.", "Task.File."]
                .iter()
                .any(|own| name.starts_with(own));
        Some(only(match files.as_slice() {
            _ if is_elsewhere => format!(
                "an embedded file is known only to the script that has it: in this script it would be `{prefix}{bare}`"
            ),
            [] => "its script has no `embeddedFiles`".to_owned(),
            files if files.len() > MAX_NAMED => {
                "none of the embedded files of its script has this name".to_owned()
            }
            files => format!(
                "the embedded files of its script are {}",
                list(files.iter().copied(), "and")
            ),
        }))
    }

    /// The variables of a wrapped action, in the wrong action.
    fn of_an_action(&self, name: &str) -> Option<Advice> {
        let fields: Vec<_> = of_table(name.split('.').next()?).collect();
        let hooks = fields.first()?.hooks;
        if hooks.is_empty() {
            return None;
        }
        let names = fields.iter().map(|field| field.name);
        if !names.clone().any(|field| field == name) {
            return Some(match names.clone().find(|field| is_same(field, name)) {
                Some(field) => renamed(format!("write `{field}`"), field),
                None => only(format!("a wrap hook has {}", list(names, "and"))),
            });
        }
        let mut keys = self.path.segments().iter();
        let slot = keys.find_map(|segment| match segment {
            Segment::Key(key) => Slot::from_name(key),
            Segment::Index(_) => None,
        });
        let is_theirs = slot.is_some_and(|slot| hooks.contains(&slot));
        let names = hooks.iter().copied().map(Slot::name);
        (!is_theirs).then(|| only(format!("only {} has it", list(names, "or"))))
    }

    fn of_the_session(&self, name: &str) -> Option<Advice> {
        let of_expr = ["Job.Name", "Step.Name"];
        let of_session = || of_table("Session").map(|variable| variable.name);
        let known = || of_session().chain(of_expr);
        if let Some(meant) = known().find(|known| is_same(known, name)) {
            return Some(match meant {
                _ if meant != name => renamed(format!("write `{meant}`"), meant),
                _ => only(
                    "it needs the extension EXPR, and is known in the scripts of steps and Environments",
                ),
            });
        }
        let shortened = of_session().find(|known| folded(known).starts_with(&folded(name)));
        if let Some(meant) = shortened.filter(|_| name.len() > "Session.".len()) {
            return Some(renamed(format!("write `{meant}`"), meant));
        }
        let is_session =
            ["session", "workspace"].contains(&folded(name.split('.').next()?).as_str());
        is_session.then(|| only(format!("a Session has {}", list(of_session(), "and"))))
    }
}

fn is_parameters(part: &str) -> bool {
    PARAMETERS.contains(&folded(part).as_str())
}
