//! Asking the reference implementation what is in scope: the strings of a monitor stand in for an
//! action's in a synthetic template, and the errors that come back are theirs.

use crate::lint::base::Base;
use crate::lint::context::Context;
use crate::template::{Environment, Home, Path, Slot};
use openjd_model::{CallerLimits, ModelError, PathElement, ValidationError};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The actions that one copy of the Environment has in place of its own.
type Actions = Vec<(Slot, Value)>;

/// Where in the actions an error was: the copy, its slot, and the rest of the path.
type Key = (usize, Slot, Path);

/// Copies of an Environment with other actions, to be decoded all at once.
#[derive(Default)]
pub(super) struct Probe {
    copies: Vec<Actions>,
}

/// What the model says of a probe's actions.
pub(super) struct Answer(HashMap<Key, String>);

impl Probe {
    /// Adds a copy with `action` in each of `slots`; returns its number.
    pub fn add(&mut self, slots: &[Slot], action: &Value) -> usize {
        self.add_actions(slots.iter().map(|&slot| (slot, action.clone())).collect())
    }

    /// Adds a copy with these actions; returns its number.
    pub fn add_actions(&mut self, actions: Actions) -> usize {
        self.copies.push(actions);
        self.copies.len() - 1
    }

    /// The same copies behind a first one with `action` in each of `slots`: numbers go up by one.
    pub fn after(mut self, slots: &[Slot], action: &Value) -> Self {
        self.copies.insert(
            0,
            slots.iter().map(|&slot| (slot, action.clone())).collect(),
        );
        self
    }

    /// Decodes all copies; `None` if they do not decode, for reasons that are the base stage's to
    /// tell.
    pub fn ask(
        self,
        context: &Context<'_>,
        base: &Base,
        environment: &Environment<'_>,
    ) -> Option<Answer> {
        let copies = self.copies.iter().enumerate();
        let copies: Vec<_> = copies
            .map(|(number, actions)| copy(environment, number, actions))
            .collect();
        let extensions = context.base_extensions();
        let template = template(&base.sound, environment.home, copies, &extensions);
        let limits = CallerLimits::default();
        match openjd_model::decode_job_template(template, Some(&extensions), &limits) {
            Ok(_) => Some(Answer(HashMap::new())),
            Err(ModelError::ModelValidation(errors)) => Some(Answer(
                errors.errors.into_iter().filter_map(entry).collect(),
            )),
            Err(_) => None,
        }
    }
}

impl Answer {
    /// The error of the field at `rest` of the action in `slot` of the copy `number`.
    pub fn error(&self, number: usize, slot: Slot, rest: &Path) -> Option<&str> {
        self.0
            .get(&(number, slot, rest.clone()))
            .map(String::as_str)
    }

    /// All errors of the copy `number`, in a fixed order.
    pub fn errors(&self, number: usize) -> Vec<(Slot, &Path, &str)> {
        let ours = self.0.iter().filter(|((of, ..), _)| *of == number);
        let mut errors: Vec<_> = ours
            .map(|((_, slot, rest), message)| (*slot, rest, message.as_str()))
            .collect();
        errors.sort_unstable();
        errors
    }
}

fn copy(environment: &Environment<'_>, number: usize, actions: &[(Slot, Value)]) -> Value {
    let actions: Map<_, _> = actions
        .iter()
        .map(|(slot, action)| (slot.name().to_owned(), action.clone()))
        .collect();
    let mut script = Map::from_iter([("actions".to_owned(), Value::Object(actions))]);
    let own = |key: &str| environment.value.get("script")?.get(key)?.as_array();
    // Of these only the names matter here: what is wrong with the rest is the base stage's.
    let bindings: Vec<_> = own("let")
        .into_iter()
        .flatten()
        .filter(|binding| binding.is_string())
        .collect();
    if !bindings.is_empty() {
        script.insert("let".to_owned(), json!(bindings));
    }
    let names = own("embeddedFiles")
        .into_iter()
        .flatten()
        .filter_map(|file| file.get("name")?.as_str());
    let files: Vec<_> = names
        .map(|name| json!({"name": name, "type": "TEXT", "data": "x"}))
        .collect();
    if !files.is_empty() {
        script.insert("embeddedFiles".to_owned(), files.into());
    }
    json!({"name": format!("e{number}"), "script": script})
}

fn template(sound: &Value, home: Home, copies: Vec<Value>, extensions: &[&str]) -> Value {
    let mut step = json!({"name": "s", "script": {"actions": {"onRun": {"command": "x"}}}});
    let mut template = json!({"specificationVersion": "jobtemplate-2023-09", "name": "x"});
    match home {
        Home::Step(index) => {
            for key in ["name", "let"] {
                if let Some(value) = sound["steps"][index].get(key) {
                    step[key] = value.clone();
                }
            }
            step["stepEnvironments"] = copies.into();
        }
        Home::Job | Home::Template => template["jobEnvironments"] = copies.into(),
    }
    template["steps"] = json!([step]);
    if let Some(parameters) = sound
        .get("parameterDefinitions")
        .filter(|list| !list.is_null())
    {
        template["parameterDefinitions"] = parameters.clone();
    }
    if !extensions.is_empty() {
        template["extensions"] = json!(extensions);
    }
    template
}

/// The error's place among the copies, if it is one of theirs.
fn entry(error: ValidationError) -> Option<(Key, String)> {
    use PathElement::{Field, Index};
    let actions = error
        .path
        .iter()
        .position(|element| *element == Field("actions".to_owned()))?;
    let (before, after) = error.path.split_at(actions + 1);
    let [.., Field(list), Index(number), Field(_), Field(_)] = before else {
        return None;
    };
    let [Field(slot), rest @ ..] = after else {
        return None;
    };
    let is_copy = list == "jobEnvironments" || list == "stepEnvironments";
    let key = (
        *number,
        Slot::from_name(slot).filter(|_| is_copy)?,
        Path::from_model(rest),
    );
    Some((
        key,
        error.detail.map_or(error.message, |detail| detail.summary),
    ))
}
