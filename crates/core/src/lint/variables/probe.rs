//! Asking the reference implementation what is in scope: the strings of a monitor stand in for an
//! action's in a synthetic template, and the errors that come back are theirs.

use crate::lint::base::Base;
use crate::lint::context::Context;
use crate::lint::guard;
use crate::lint::references;
use crate::template::{Environment, Home, Path, Slot};
use openjd_model::{CallerLimits, ModelError, PathElement, ValidationError};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The actions that one copy of the Environment has in place of its own.
type Actions = Vec<(Slot, Value)>;

/// Place of an error in the actions: copy, slot, and path within the action.
type Key = (usize, Slot, Path);

/// Texts to be resolved in an Environment's slots, and actions to be checked there: each in a copy
/// of the Environment, all copies decoded at once.
#[derive(Default)]
pub(super) struct Probe {
    /// The arguments of the first copy, in every slot.
    commands: Vec<String>,
    /// The copies after the first.
    others: Vec<Actions>,
}

/// Place of a text in a probe, the same in each slot.
pub(super) struct Question {
    copy: usize,
    field: Path,
}

/// Errors of `openjd-model` in a probe's actions.
pub(super) struct ProbeErrors(HashMap<Key, Vec<String>>);

impl Probe {
    /// Asks how `text` resolves with the command of each slot's action.
    pub fn command(&mut self, text: String) -> Question {
        self.commands.push(text);
        let field = Path::root().key("args").index(self.commands.len() - 1);
        Question { copy: 0, field }
    }

    /// Asks how `text` resolves as the timeout of each slot's action.
    pub fn timeout(&mut self, text: &str) -> Question {
        let action = json!({"command": "x", "timeout": text});
        let copy = self.copy(Slot::ALL.map(|slot| (slot, action.clone())).to_vec());
        Question {
            copy,
            field: Path::root().key("timeout"),
        }
    }

    /// Asks what is wrong with `action` itself; returns the number of its copy.
    pub fn action(&mut self, action: Value) -> usize {
        self.copy(vec![(Slot::OnEnter, action)])
    }

    fn copy(&mut self, actions: Actions) -> usize {
        self.others.push(actions);
        self.others.len()
    }

    /// Decodes all copies; `None` if they do not decode, for reasons that are the base stage's to
    /// tell.
    pub fn ask(
        self,
        context: &Context<'_>,
        base: &Base,
        environment: &Environment<'_>,
    ) -> Option<ProbeErrors> {
        let commands = json!({"command": "x", "args": self.commands});
        let first = Slot::ALL.map(|slot| (slot, commands.clone())).to_vec();
        let copies = std::iter::once(&first).chain(&self.others).enumerate();
        let copies: Vec<_> = copies
            .map(|(number, actions)| copy(environment, number, actions))
            .collect();
        let extensions = context.base_extensions();
        let template = template(&base.sound, environment.home, copies, &extensions);
        let limits = CallerLimits::default();
        let decoded = guard::call(|| {
            openjd_model::decode_job_template(template, Some(&extensions), &limits)
        })?;
        match decoded {
            Ok(_) => Some(ProbeErrors(HashMap::new())),
            Err(ModelError::ModelValidation(errors)) => {
                let mut answer: HashMap<Key, Vec<String>> = HashMap::new();
                for (key, message) in errors.errors.into_iter().filter_map(entry) {
                    answer.entry(key).or_default().push(message);
                }
                Some(ProbeErrors(answer))
            }
            Err(_) => None,
        }
    }
}

impl ProbeErrors {
    /// Returns the first error in the text of `question` in `slot`.
    pub fn error(&self, question: &Question, slot: Slot) -> Option<&str> {
        let key = (question.copy, slot, question.field.clone());
        self.0.get(&key)?.first().map(String::as_str)
    }

    /// Returns true if the text refers to a variable that `slot` does not have.
    pub fn lacks(&self, question: &Question, slot: Slot) -> bool {
        let error = self.error(question, slot);
        error.is_some_and(|message| references::undefined(message).is_some())
    }

    /// All errors of the action in the copy `number`, in a fixed order.
    pub fn errors(&self, number: usize) -> Vec<(&Path, &str)> {
        let ours = self.0.iter().filter(|((of, ..), _)| *of == number);
        let mut errors: Vec<_> = ours
            .flat_map(|((.., rest), messages)| {
                messages.iter().map(move |message| (rest, message.as_str()))
            })
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
