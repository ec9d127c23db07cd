//! The planned changes as text, with comments and formatting kept.

use super::Template;
use super::plan::{Plan, Supervised};
use super::supervisor::Supervisor;
use crate::lint::Place;
use crate::shown::Shown;
use crate::template::{
    Change, Document, Edit, Loaded, MONITOR, Path, Syntax, items_of, load, remove, remove_extension,
};
use serde_json::{Map, Value, json};

/// Returns the text of the template with the changes of `plan`.
///
/// # Errors
///
/// Fails with a place whose text cannot be changed.
pub(super) fn rewrite(
    template: &Template<'_>,
    plan: &Plan,
    supervisor: Supervisor,
) -> Result<String, Place> {
    let expected = expected(template.document.value(), plan, supervisor);
    let mut draft = Draft(template.document.clone());
    let edits = draft.0.set_apart(&touched(plan)).map_err(Place::Value)?;
    draft.apply(&edits).ok_or_else(|| place_of(plan))?;
    let supervised = plan.actions.iter();
    let supervised: Vec<_> = supervised
        .map(|action| draft.supervise(action, &expected, supervisor))
        .collect();
    draft.make(supervised)?;
    let removed = plan.monitors.iter();
    let removed = removed.map(|path| draft.remove(path, &expected));
    let removed: Vec<_> = removed.chain(draft.remove_extension()).collect();
    draft.make(removed)?;
    let bounds = plan.bounds.iter();
    let bounds: Vec<_> = bounds
        .map(|(path, least)| draft.bound(path, *least))
        .collect();
    draft.make(bounds)?;
    if let Some(file) = supervisor.file() {
        // One at a time: the file is long.
        let scripts = plan.scripts.iter();
        draft.make(scripts.map(|script| add_file(script, &file, &expected)))?;
    }
    match *draft.0.value() == expected {
        true => Ok(draft.with_comment(template.name)),
        false => Err(place_of(plan)),
    }
}

/// Returns the place that stands for all changes.
fn place_of(plan: &Plan) -> Place {
    Place::Key(plan.monitors.first().cloned().unwrap_or_default())
}

/// Returns the value of the template with the changes.
fn expected(template: &Value, plan: &Plan, supervisor: Supervisor) -> Value {
    let mut expected = template.clone();
    for monitor in &plan.monitors {
        remove(&mut expected, monitor);
    }
    remove_extension(&mut expected, MONITOR);
    for action in &plan.actions {
        if let Some(value) = action.path.get_mut(&mut expected) {
            let args = action
                .arguments
                .iter()
                .map(|text| Value::from(text.as_str()));
            let args = args.chain(items_of(value.get("args")).iter().cloned());
            value["args"] = args.collect::<Vec<_>>().into();
            value["command"] = json!(supervisor.command());
        }
    }
    if let Some(file) = supervisor.file() {
        let file: Map<String, Value> = file.into_iter().collect();
        for script in &plan.scripts {
            if let Some(value) = script.get_mut(&mut expected) {
                let mut files = items_of(value.get("embeddedFiles")).to_vec();
                files.push(file.clone().into());
                value["embeddedFiles"] = files.into();
            }
        }
    }
    for (path, least) in &plan.bounds {
        if let Some(value) = path.get_mut(&mut expected) {
            value["minValue"] = match value.get("minValue") {
                Some(Value::String(_)) => json!(least.to_string()),
                _ => json!(least),
            };
        }
    }
    expected
}

/// Returns the places whose text changes.
fn touched(plan: &Plan) -> Vec<Path> {
    let actions = plan.actions.iter().map(|action| &action.path);
    let others = plan.monitors.iter().chain(plan.bounds.keys());
    let files = plan
        .scripts
        .iter()
        .map(|script| script.key("embeddedFiles"));
    let extensions = Path::root().key("extensions");
    actions
        .chain(others)
        .cloned()
        .chain(files)
        .chain([extensions])
        .collect()
}

/// A change of one place: the first of these that can be made there.
struct Step {
    place: Place,
    changes: Vec<Change>,
}

/// The document as far as it has been changed.
struct Draft(Document);

impl Draft {
    /// Makes changes at different places.
    fn make(&mut self, steps: impl IntoIterator<Item = Step>) -> Result<(), Place> {
        let mut all: Vec<Edit> = Vec::new();
        let mut place = None;
        for step in steps {
            let changes = step.changes.iter();
            let mut edits: Vec<_> = changes.filter_map(|change| self.0.edits(change)).collect();
            let best = edits.iter().position(|edits| !edits.loses_comment);
            if edits.is_empty() {
                return Err(step.place);
            }
            all.extend(edits.swap_remove(best.unwrap_or(0)).list);
            place.get_or_insert(step.place);
        }
        let Some(place) = place else {
            return Ok(());
        };
        all.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let is_apart = |pair: &[Edit]| match pair {
            [before, behind] => before.span.end <= behind.span.start,
            _ => true,
        };
        let is_apart = all.windows(2).all(is_apart);
        is_apart.then(|| self.apply(&all)).flatten().ok_or(place)
    }

    /// Changes the text; `None` if it is no document afterwards.
    fn apply(&mut self, edits: &[Edit]) -> Option<()> {
        let text = Edit::apply(edits, self.0.source().text());
        match load(text.as_bytes(), self.0.syntax(), u64::MAX) {
            Loaded::Document(document) => self.0 = *document,
            Loaded::NoMapping(_) | Loaded::Malformed(..) => return None,
        }
        Some(())
    }

    /// Puts the supervisor before an action.
    fn supervise(&self, action: &Supervised, expected: &Value, supervisor: Supervisor) -> Step {
        let Supervised { path, arguments } = action;
        let new = path.get(expected).cloned().unwrap_or_default();
        let args = path.key("args");
        let command = Change::SetWord(path.key("command"), supervisor.command().to_owned());
        let old = items_of(args.get(self.0.value()));
        let arguments = match old.is_empty() {
            false => Change::Prepend(args, arguments.clone()),
            true if args.get(self.0.value()).is_some() => {
                Change::Rewrite(args, new["args"].clone())
            }
            true => Change::Insert {
                after: path.key("command"),
                entries: vec![("args".to_owned(), new["args"].clone())],
            },
        };
        let mut changes = vec![
            Change::All(vec![command, arguments]),
            Change::Rewrite(path.clone(), new),
        ];
        let span = self.0.value_span(path).unwrap_or_default();
        if self.0.syntax() == Syntax::Yaml && !self.0.source().text()[span].contains('\n') {
            // A whole action within brackets would become too long for its line.
            changes.reverse();
        }
        Step {
            place: Place::Key(path.clone()),
            changes,
        }
    }

    /// Removes a monitor.
    fn remove(&self, monitor: &Path, expected: &Value) -> Step {
        let actions = monitor.parent().unwrap_or_default();
        let rest = actions.get(expected).cloned().unwrap_or_default();
        Step {
            place: Place::Key(monitor.clone()),
            changes: vec![
                Change::Remove(vec![monitor.clone()]),
                Change::Rewrite(actions, rest),
            ],
        }
    }

    /// Removes the extension.
    fn remove_extension(&self) -> Option<Step> {
        let path = Path::root().key("extensions");
        let listed = items_of(path.get(self.0.value()));
        let indices = (0..listed.len()).filter(|index| listed[*index] == MONITOR);
        let items: Vec<_> = indices.map(|index| path.index(index)).collect();
        (!items.is_empty()).then(|| Step {
            place: Place::Key(path),
            changes: vec![Change::Remove(items)],
        })
    }

    /// Gives a parameter a least value.
    fn bound(&self, parameter: &Path, least: i64) -> Step {
        let field = parameter.key("minValue");
        let change = match field.get(self.0.value()) {
            Some(_) => Change::SetInteger(field, least),
            None => Change::Insert {
                after: parameter.key("type"),
                entries: vec![("minValue".to_owned(), json!(least))],
            },
        };
        Step {
            place: Place::Object(parameter.clone()),
            changes: vec![change],
        }
    }

    /// Returns the text, below a comment that says what it was made from. JSON has no comments.
    fn with_comment(&self, name: &str) -> String {
        let text = self.0.source().text();
        if self.0.syntax() == Syntax::Json {
            return text.to_owned();
        }
        let (mark, rest) = match text.strip_prefix('\u{feff}') {
            Some(rest) => ("\u{feff}", rest),
            None => ("", text),
        };
        let line_break = match rest.split_once('\n') {
            Some((line, _)) if line.ends_with('\r') => "\r\n",
            _ => "\n",
        };
        let version = env!("CARGO_PKG_VERSION");
        let name = Shown::line(name);
        format!(
            "{mark}# Made by openjd-monitor polyfill {version} from {name}; change that file and run it \
             again{line_break}{rest}"
        )
    }
}

/// Adds the file of the supervisor to a script.
fn add_file(script: &Path, file: &[(String, Value)], expected: &Value) -> Step {
    let files = script.key("embeddedFiles");
    let all = files.get(expected).cloned().unwrap_or_default();
    Step {
        place: Place::Key(script.clone()),
        changes: vec![
            Change::AddItem {
                mapping: script.clone(),
                key: "embeddedFiles".to_owned(),
                item: file.to_vec(),
            },
            Change::Rewrite(files, all),
        ],
    }
}
