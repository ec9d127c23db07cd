//! Asks the reference implementation which variables are in scope: the strings of a monitor replace those of
//! actions in a synthetic template, and its errors are theirs.

use super::definitions::Needed;
use crate::lint::base::Base;
use crate::lint::context::Context;
use crate::lint::guard;
use crate::lint::references;
use crate::template::{Environment, Home, Path, Slot, items_of};
use openjd_model::{CallerLimits, ModelError, PathElement, ValidationError};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, HashMap};

/// The actions that one copy of the Environment has in place of its own.
type Actions = Vec<(Slot, Value)>;

/// Place of an error in the actions of a copy: slot, and path within the action.
type Key = (Slot, Path);

/// Texts to be resolved in an Environment's slots, and actions to be checked there: each in a copy
/// of the Environment, all copies decoded at once. A text is asked about once.
#[derive(Default)]
pub(super) struct Probe {
    /// The arguments of the first copy, in every slot.
    commands: Vec<String>,
    /// The arguments of the second copy, by slot.
    single: BTreeMap<Slot, Vec<String>>,
    /// The copies after these. Each is of the script with its definitions, or of the action alone.
    others: Vec<Actions>,
    asked: HashMap<(Kind, String), Question>,
}

/// Way of asking about a text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Kind {
    Command(Option<Slot>),
    Timeout(Option<Slot>),
}

/// Number of the copies that have no action of their own.
const SHARED: usize = 2;

/// Place of a text in a probe, the same in each slot.
#[derive(Clone)]
pub(super) struct Question {
    copy: usize,
    field: Path,
}

/// Errors of `openjd-model` in a probe's actions, by copy.
pub(super) struct ProbeErrors(HashMap<usize, HashMap<Key, Vec<String>>>);

impl Probe {
    /// Asks how `text` resolves with the command of each slot's action, or of one slot's.
    pub fn command(&mut self, slot: Option<Slot>, text: String) -> Question {
        let key = (Kind::Command(slot), text);
        if let Some(question) = self.asked.get(&key) {
            return question.clone();
        }
        let (copy, list) = match slot {
            None => (0, &mut self.commands),
            Some(slot) => (1, self.single.entry(slot).or_default()),
        };
        list.push(key.1.clone());
        let field = Path::root().key("args").index(list.len() - 1);
        let question = Question { copy, field };
        self.asked.insert(key, question.clone());
        question
    }

    /// Asks how `text` resolves as the timeout of each slot's action, or of one slot's.
    pub fn timeout(&mut self, slot: Option<Slot>, text: String) -> Question {
        let key = (Kind::Timeout(slot), text);
        if let Some(question) = self.asked.get(&key) {
            return question.clone();
        }
        let action = json!({"command": "x", "timeout": key.1});
        let slots = slot.map_or(Slot::ALL.to_vec(), |slot| vec![slot]);
        let actions = slots.into_iter().map(|slot| (slot, action.clone()));
        let question = Question {
            copy: self.copy(actions.collect()),
            field: Path::root().key("timeout"),
        };
        self.asked.insert(key, question.clone());
        question
    }

    /// Asks what is wrong with `action` itself; returns the number of its copy.
    pub fn action(&mut self, action: Value) -> usize {
        self.copy(vec![(Slot::OnEnter, action)])
    }

    fn copy(&mut self, actions: Actions) -> usize {
        self.others.push(actions);
        SHARED + self.others.len() - 1
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
        let command = |args: &Vec<String>| json!({"command": "x", "args": args});
        let commands = command(&self.commands);
        let all = Slot::ALL.map(|slot| (slot, commands.clone())).to_vec();
        let single = self.single.iter();
        let mut single: Actions = single.map(|(slot, args)| (*slot, command(args))).collect();
        if single.is_empty() {
            single.push((Slot::OnEnter, command(&Vec::new())));
        }
        let copies = [&all, &single].into_iter().chain(&self.others).enumerate();
        let copies: Vec<_> = copies
            .map(|(number, actions)| copy(environment, number, actions, needed))
            .collect();
        let extensions = context.base_extensions();
        let template = template(&base.sound, environment.home, copies, &extensions, needed);
        let limits = CallerLimits::default();
        let decoded = guard::call(|| {
            openjd_model::decode_job_template(template, Some(&extensions), &limits)
        })?;
        match decoded {
            Ok(_) => Some(ProbeErrors(HashMap::new())),
            Err(ModelError::ModelValidation(errors)) => {
                let mut answer = ProbeErrors(HashMap::new());
                for (copy, place, message) in errors.errors.into_iter().filter_map(entry) {
                    let copy = answer.0.entry(copy).or_default();
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
        let errors = self.0.get(&question.copy)?;
        let messages = errors.get(&(slot, question.field.clone()))?;
        messages.first().map(String::as_str)
    }

    /// Returns true if the text refers to a variable that `slot` does not have.
    pub fn lacks(&self, question: &Question, slot: Slot) -> bool {
        let error = self.error(question, slot);
        error.is_some_and(|message| references::undefined(message).is_some())
    }

    /// All errors of the action in the copy `number`, in a fixed order.
    pub fn errors(&self, number: usize) -> Vec<(&Path, &str)> {
        let mut errors: Vec<_> = self
            .0
            .get(&number)
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
    actions: &[(Slot, Value)],
    needed: &Needed<'_>,
) -> Value {
    let actions: Map<_, _> = actions
        .iter()
        .map(|(slot, action)| (slot.name().to_owned(), action.clone()))
        .collect();
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
    let files: Vec<_> = names
        .map(|name| json!({"name": name, "type": "TEXT", "data": "x"}))
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
