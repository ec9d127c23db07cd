//! Asks the reference implementation which variables are in scope: the strings of a monitor replace those of
//! actions in a synthetic template, and its errors are theirs.

use super::definitions::Needed;
use crate::lint::base::Base;
use crate::lint::context::Context;
use crate::lint::guard;
use crate::lint::misnamed;
use crate::lint::missing_files::MANY;
use crate::lint::references;
use crate::template::{Environment, Home, Path, Slot, items_of};
use openjd_model::{CallerLimits, ModelError, PathElement, ValidationError};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// Place of an error in the actions of a copy: slot, and path within the action.
type Key = (Slot, Path);

/// Texts to be resolved in an Environment's slots, and actions to be checked there: in as few copies of the Environment as
/// possible, all decoded at once. A text is asked about once.
#[derive(Default)]
pub(super) struct Probe {
    /// The arguments of all actions of the first copy; one that is asked about in one slot only, with that.
    arguments: Vec<(Option<Slot>, String)>,
    /// The timeouts of the actions of the first copy, and of those after it.
    timeouts: Vec<BTreeMap<Slot, String>>,
    /// Actions, each in a copy of its own behind the others.
    actions: Vec<Value>,
    asked: HashMap<(Kind, String), Question>,
}

/// Way of asking about a text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Command(Option<Slot>),
    Timeout(Option<Slot>),
}

/// Place of a text in a probe, the same in each slot.
#[derive(Clone)]
pub(super) struct Question {
    copy: usize,
    field: Path,
}

/// Errors of `openjd-model` in a probe's actions.
pub(super) struct ProbeErrors {
    by_copy: HashMap<usize, HashMap<Key, Vec<String>>>,
    /// Number of the copies before those of single actions.
    shared: usize,
}

impl Probe {
    /// Asks how `text` resolves with the command of each slot's action, or of one slot's.
    pub fn command(&mut self, slot: Option<Slot>, text: String) -> Question {
        let key = (Kind::Command(slot), text);
        if let Some(question) = self.asked.get(&key) {
            return question.clone();
        }
        self.arguments.push((slot, key.1.clone()));
        let field = Path::root().key("args").index(self.arguments.len() - 1);
        let question = Question { copy: 0, field };
        self.asked.insert(key, question.clone());
        question
    }

    /// Asks how `text` resolves as the timeout of each slot's action, or of one slot's.
    pub fn timeout(&mut self, slot: Option<Slot>, text: String) -> Question {
        let key = (Kind::Timeout(slot), text);
        if let Some(question) = self.asked.get(&key) {
            return question.clone();
        }
        let slots = slot.map_or(Slot::ALL.to_vec(), |slot| vec![slot]);
        let is_free = |timeouts: &BTreeMap<Slot, String>| {
            slots.iter().all(|slot| !timeouts.contains_key(slot))
        };
        if !self.timeouts.last().is_some_and(is_free) {
            self.timeouts.push(BTreeMap::new());
        }
        let copy = self.timeouts.len() - 1;
        let timeouts = slots.into_iter().map(|slot| (slot, key.1.clone()));
        self.timeouts[copy].extend(timeouts);
        let question = Question {
            copy,
            field: Path::root().key("timeout"),
        };
        self.asked.insert(key, question.clone());
        question
    }

    /// Asks what is wrong with `action` itself; returns its number.
    pub fn action(&mut self, action: Value) -> usize {
        self.actions.push(action);
        self.actions.len() - 1
    }

    /// Returns the actions of each copy.
    fn copies(&self) -> Vec<Map<String, Value>> {
        let mut copies = vec![Map::new(); self.timeouts.len().max(1)];
        for slot in Slot::ALL {
            let arguments = self.arguments.iter().map(|(only, text)| match only {
                Some(only) if *only != slot => "x",
                _ => text,
            });
            let arguments: Vec<_> = arguments.collect();
            let action = json!({"command": "x", "args": arguments});
            copies[0].insert(slot.name().to_owned(), action);
        }
        for (copy, timeouts) in copies.iter_mut().zip(&self.timeouts) {
            for (slot, timeout) in timeouts {
                let action = copy
                    .entry(slot.name())
                    .or_insert_with(|| json!({"command": "x"}));
                action["timeout"] = timeout.as_str().into();
            }
        }
        let single = self.actions.iter();
        copies.extend(
            single
                .map(|action| Map::from_iter([(Slot::OnEnter.name().to_owned(), action.clone())])),
        );
        copies
    }

    /// Decodes all copies; `None` if they do not decode, for reasons that are the base stage's to
    /// tell.
    pub fn ask(
        self,
        context: &Context<'_>,
        base: &Base,
        environment: &Environment<'_>,
        needed: &Needed<'_>,
    ) -> Option<ProbeErrors> {
        let copies = self.copies().into_iter().enumerate();
        let copies: Vec<_> = copies
            .map(|(number, actions)| copy(environment, number, actions, needed))
            .collect();
        let extensions = context.base_extensions();
        let template = template(&base.sound, environment.home, copies, &extensions, needed);
        let limits = CallerLimits::default();
        let decoded = guard::call(|| {
            openjd_model::decode_job_template(template, Some(&extensions), &limits)
        })?;
        let mut answer = ProbeErrors {
            by_copy: HashMap::new(),
            shared: self.timeouts.len().max(1),
        };
        match decoded {
            Ok(_) => Some(answer),
            Err(ModelError::ModelValidation(errors)) => {
                for (copy, place, message) in errors.errors.into_iter().filter_map(entry) {
                    let copy = answer.by_copy.entry(copy).or_default();
                    copy.entry(place).or_default().push(message);
                }
                Some(answer)
            }
            Err(_) => None,
        }
    }
}

impl ProbeErrors {
    /// Returns the first error in the text of `question` in `slot`.
    pub fn error(&self, question: &Question, slot: Slot) -> Option<&str> {
        let errors = self.by_copy.get(&question.copy)?;
        let messages = errors.get(&(slot, question.field.clone()))?;
        messages.first().map(String::as_str)
    }

    /// Returns true if the text refers to a variable that `slot` does not have.
    pub fn lacks(&self, question: &Question, slot: Slot) -> bool {
        let error = self.error(question, slot);
        error.is_some_and(|message| references::undefined(message).is_some())
    }

    /// All errors of the action `number`, in a fixed order.
    pub fn errors(&self, number: usize) -> Vec<(&Path, &str)> {
        let mut errors: Vec<_> = self
            .by_copy
            .get(&(self.shared + number))
            .into_iter()
            .flatten()
            .flat_map(|((_, rest), messages)| {
                messages.iter().map(move |message| (rest, message.as_str()))
            })
            .collect();
        errors.sort_unstable();
        errors
    }
}

fn copy(
    environment: &Environment<'_>,
    number: usize,
    actions: Map<String, Value>,
    needed: &Needed<'_>,
) -> Value {
    let mut script = Map::from_iter([("actions".to_owned(), Value::Object(actions))]);
    // Only the names matter here; the base stage reports mistakes in the rest.
    if !needed.bindings.is_empty() {
        script.insert("let".to_owned(), json!(needed.bindings));
    }
    let files = environment
        .value
        .get("script")
        .and_then(|script| script.get("embeddedFiles"));
    let files = items_of(files).iter();
    let names = files.filter_map(|file| file.get("name")?.as_str());
    let names = names.filter(|name| misnamed::is_name(name));
    let names = names.enumerate();
    let files: Vec<_> = names
        .filter(|(index, name)| *index < MANY || needed.words.contains(name))
        .map(|(_, name)| json!({"name": name, "type": "TEXT", "data": "x"}))
        .collect();
    if !files.is_empty() {
        script.insert("embeddedFiles".to_owned(), files.into());
    }
    json!({"name": format!("e{number}"), "script": script})
}

fn template(
    sound: &Value,
    home: Home,
    copies: Vec<Value>,
    extensions: &[&str],
    needed: &Needed<'_>,
) -> Value {
    let mut step = json!({"name": "s", "script": {"actions": {"onRun": {"command": "x"}}}});
    let mut template = json!({"specificationVersion": "jobtemplate-2023-09", "name": "x"});
    match home {
        Home::Step(index) => {
            if let Some(name) = sound["steps"][index].get("name") {
                step["name"] = name.clone();
            }
            if !needed.step_bindings.is_empty() {
                step["let"] = json!(needed.step_bindings);
            }
            step["stepEnvironments"] = copies.into();
        }
        Home::Job | Home::Template => template["jobEnvironments"] = copies.into(),
    }
    template["steps"] = json!([step]);
    if !needed.parameters.is_empty() {
        template["parameterDefinitions"] = json!(needed.parameters);
    }
    if !extensions.is_empty() {
        template["extensions"] = json!(extensions);
    }
    template
}

/// The error's place among the copies, if it is one of theirs.
fn entry(error: ValidationError) -> Option<(usize, Key, String)> {
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
    let slot = Slot::from_name(slot).filter(|_| is_copy)?;
    Some((
        *number,
        (slot, Path::from_model(rest)),
        error.detail.map_or(error.message, |detail| detail.summary),
    ))
}
