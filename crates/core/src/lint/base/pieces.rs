//! A document that does not decode whole, decoded piece by piece: the model reports one decode
//! error only, and nothing else beside it.

use super::names::{self, Names};
use super::place;
use super::ranges;
use crate::lint::context::Context;
use crate::lint::expressions::Expressions;
use crate::lint::fact::Fact;
use crate::template::{Path, Segment, TemplateKind, items_of, remove};
use openjd_model::template::{
    EmbeddedFile, Environment, EnvironmentTemplate, JobParameterDefinition, JobTemplate,
    StepTemplate, TaskParameterDefinition,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::rc::Rc;

/// Replacements that were needed for the rest to decode.
#[derive(Default)]
pub(super) struct Pieces {
    pub facts: Vec<Fact<'static>>,
    /// The pieces that were replaced.
    pub replaced: Vec<Path>,
    pub lost_parameters: HashSet<String>,
    /// The names that were replaced.
    pub names: Names,
    expressions: Rc<Expressions>,
}

/// Beginnings of what `openjd-expr` (0.8.0) says of a format string as a whole, whose parts may all be right.
const ON_WHOLE_STRINGS: [&str; 2] = ["Format string contains too many", "Format string length"];

/// Maximum number of repairs of one piece.
const MAX_REPAIRS: usize = 50;

/// Reports each piece of `value` that does not decode, and puts one that does into its place.
pub(super) fn replace_broken(context: &Context<'_>, value: &mut Value) -> Pieces {
    let (names, mut facts) = Names::replaced(context.kind, value);
    facts.extend(ranges::replaced(value));
    let mut found = Pieces {
        names,
        facts,
        expressions: Rc::clone(&context.expressions),
        ..Pieces::default()
    };
    let root = Path::root();
    match context.kind {
        TemplateKind::Environment => {
            found.environment(value, &root.key("environment"), 0);
        }
        TemplateKind::Job => {
            found.environments(value, &root.key("jobEnvironments"));
            found.steps(value, &root.key("steps"));
        }
    }
    found.parameters::<JobParameterDefinition>(value, &root.key("parameterDefinitions"));
    found.root(context.kind, value);
    found
}

/// Decoding with the path of the error.
trait DeserializeFrom: DeserializeOwned {
    fn deserialize_from(
        value: &Value,
    ) -> Result<Self, serde_path_to_error::Error<serde_json::Error>> {
        serde_path_to_error::deserialize(value)
    }
}

impl<T: DeserializeOwned> DeserializeFrom for T {}

fn environment(index: usize) -> Value {
    json!({"name": format!("openjd-monitor-placeholder-{index}"), "variables": {"X": ""}})
}

fn step(index: usize) -> Value {
    json!({"name": format!("openjd-monitor-placeholder-{index}"), "script": {"actions": {"onRun": {"command": "x"}}}})
}

impl Pieces {
    /// Decodes the piece at `path` alone; replaces it by `placeholder` if it cannot be mended.
    fn piece<T: DeserializeOwned>(&mut self, value: &mut Value, path: &Path, placeholder: &Value) {
        for _ in 0..MAX_REPAIRS {
            let Some(piece) = path.get(value) else {
                return;
            };
            let Err(error) = T::deserialize_from(piece) else {
                return;
            };
            let within = place::path_of(error.path(), path, value);
            let message = error.inner().to_string();
            // What stands in for a text may be wrong in its place. Those of this piece are the last.
            let mut last = self.replaced.iter().rev().take(MAX_REPAIRS);
            if !last.any(|path| *path == within) {
                self.report(value, &within, &message);
            }
            if !self.mend(value, path, &within, &message) {
                break;
            }
        }
        let Some(piece) = path.get_mut(value) else {
            return;
        };
        // Keeps the name, because other pieces may refer to it.
        let name = piece.get("name").filter(|name| name.is_string()).cloned();
        *piece = placeholder.clone();
        if let Some(name) = name {
            piece["name"] = name;
        }
        self.replaced.push(path.clone());
    }

    fn environments(&mut self, value: &mut Value, list: &Path) {
        for index in 0..items_of(list.get(value)).len() {
            self.environment(value, &list.index(index), index);
        }
    }

    fn environment(&mut self, value: &mut Value, path: &Path, index: usize) {
        self.files(value, path);
        self.piece::<Environment>(value, path, &environment(index));
    }

    /// The embedded files of the step or Environment at `owner`.
    fn files(&mut self, value: &mut Value, owner: &Path) {
        let list = owner.key("script").key("embeddedFiles");
        for index in 0..items_of(list.get(value)).len() {
            let name = format!("{}{index}", names::START);
            let placeholder = json!({"name": name, "type": "TEXT", "data": "x"});
            self.piece::<EmbeddedFile>(value, &list.index(index), &placeholder);
        }
    }

    fn steps(&mut self, value: &mut Value, list: &Path) {
        for index in 0..items_of(list.get(value)).len() {
            // The parts first, so that one of them does not take its step with it.
            let path = list.index(index);
            self.environments(value, &path.key("stepEnvironments"));
            self.files(value, &path);
            let space = path.key("parameterSpace");
            let list = space.key("taskParameterDefinitions");
            self.parameters::<TaskParameterDefinition>(value, &list);
            self.piece::<StepTemplate>(value, &path, &step(index));
        }
    }

    fn parameters<T: DeserializeOwned>(&mut self, value: &mut Value, list: &Path) {
        for index in 0..items_of(list.get(value)).len() {
            let path = list.index(index);
            let mut placeholder =
                json!({"name": format!("{}{index}", names::START), "type": "STRING"});
            if list.last_key() == Some("taskParameterDefinitions") {
                placeholder["range"] = json!(["x"]);
            }
            self.piece::<T>(value, &path, &placeholder);
            if self.replaced.last() == Some(&path)
                && let Some(name) = path.key("name").get(value).and_then(Value::as_str)
            {
                self.lost_parameters.insert(name.to_owned());
            }
        }
    }

    /// The root's own fields: each that does not decode is removed, or replaced if it is required.
    fn root(&mut self, kind: TemplateKind, value: &mut Value) {
        for _ in 0..MAX_REPAIRS {
            let error = match kind {
                TemplateKind::Job => JobTemplate::deserialize_from(value).err(),
                TemplateKind::Environment => EnvironmentTemplate::deserialize_from(value).err(),
            };
            let Some(error) = error else {
                return;
            };
            let path = place::path_of(error.path(), &Path::root(), value);
            let message = error.inner().to_string();
            self.report(value, &path, &message);
            let field = path.segments().first().cloned();
            if let Some(field) = field {
                remove(value, &Path::root().join(&[field]));
            }
            let required = match kind {
                TemplateKind::Job => vec![("name", json!("x")), ("steps", json!([step(0)]))],
                TemplateKind::Environment => vec![("environment", environment(0))],
            };
            for (name, stand_in) in required {
                if value.get(name).is_none() {
                    value[name] = stand_in;
                    self.replaced.push(Path::root().key(name));
                }
            }
        }
    }

    fn report(&mut self, value: &Value, path: &Path, message: &str) {
        let facts = place::decode_facts(&self.expressions, value, path, message);
        self.facts.extend(facts);
    }

    /// Mends the part of a piece that does not decode, if the rest can stay as it is: removes an unknown key, and
    /// replaces a malformed format string or a field that nothing else refers to.
    fn mend(&mut self, value: &mut Value, piece: &Path, path: &Path, message: &str) -> bool {
        if path == piece || !path.is_within(piece) {
            return false;
        }
        if message.starts_with("unknown field") {
            remove(value, path);
            return true;
        }
        let (segments, depth) = (path.segments(), piece.segments().len());
        let is_apart = |segment: &Segment| matches!(segment, Segment::Key(key) if APART.contains(&key.as_str()));
        if let Some(length) = segments[depth..].iter().position(is_apart) {
            remove(value, &Path::root().join(&segments[..=depth + length]));
            return true;
        }
        let stand_in = || Value::from("x");
        if let Some(Value::Object(owner)) = path.get_mut(value)
            && let Some(field) = STRINGS
                .iter()
                .find(|name| message == format!("missing field `{name}`"))
        {
            owner.insert((*field).to_owned(), stand_in());
            return true;
        }
        let parent = path.parent().unwrap_or_default();
        let is_listed = parent.last_key().is_some_and(|list| LISTS.contains(&list));
        match (path.last_key(), path.get_mut(value)) {
            (_, Some(Value::String(text))) if !self.expressions.parses(text) => {
                let is_whole = ON_WHOLE_STRINGS.iter().any(|start| message.contains(start));
                let rest = match is_whole {
                    true => String::new(),
                    false => self.expressions.parsable(text),
                };
                // The field may take something else than any text, such as a number.
                if rest.is_empty() {
                    self.replaced.push(path.clone());
                }
                *text = format!("x{rest}");
            }
            (Some(key), Some(wrong)) if STRINGS.contains(&key) => *wrong = stand_in(),
            (Some(key), Some(_)) if OPTIONAL.contains(&key) => remove(value, path),
            (_, Some(wrong)) if is_listed => *wrong = stand_in(),
            _ => return false,
        }
        true
    }
}

/// Parts of a step that nothing else refers to.
const APART: [&str; 2] = ["hostRequirements", "dependencies"];

/// Required strings, for which another can stand in.
const STRINGS: [&str; 2] = ["command", "data"];

/// Lists of strings, each of which can be replaced.
const LISTS: [&str; 2] = ["args", "variables"];

/// Fields that an object can do without, and that give no name to anything.
const OPTIONAL: [&str; 5] = ["args", "timeout", "cancelation", "description", "runnable"];
