//! The template under check: its Environments, extensions, settings and constants.

use super::budget::Budget;
use super::constants::{Constants, NoInteger};
use super::expressions::Expressions;
use super::misnamed::Misnamed;
use super::misplaced;
use super::monitored::{self, Monitored};
use super::settings::Settings;
use super::spelling;
use crate::characters::{cleaned, is_suspect};
use crate::template::{
    Document, Environment, Field, Path, Segment, TemplateKind, environments, items_of,
};
use openjd_model::ModelExtension;
use serde_json::Value;
use std::collections::HashMap;
use std::rc::Rc;
use std::str::FromStr;

pub(crate) use crate::template::MONITOR;

pub(crate) struct Context<'d> {
    pub document: &'d Document,
    pub kind: TemplateKind,
    pub settings: &'d Settings,
    pub environments: Vec<Environment<'d>>,
    /// The Environments around the template, outermost first, each with the name of its file.
    pub around: Vec<(&'d str, Environment<'d>)>,
    /// The Environment with wrap hooks; a Session has at most one.
    pub wrapping: Option<Environment<'d>>,
    /// The monitors, with the effective monitor of each slot.
    pub monitors: Vec<Monitored<'d>>,
    /// The names in `extensions` with their paths.
    pub extensions: Vec<(Path, &'d str)>,
    /// The keys of misplaced monitors. Computed once, because the search visits every key of the document.
    pub misplaced: Vec<Path>,
    /// The expressions and format strings, as parsed.
    pub expressions: Rc<Expressions>,
    /// The expressions that are not to be evaluated.
    pub budget: Budget,
    constants: Constants<'d>,
    /// The index of the first definition of each job parameter, by name.
    parameters: HashMap<&'d str, usize>,
}

impl<'d> Context<'d> {
    pub fn new(document: &'d Document, kind: TemplateKind, settings: &'d Settings) -> Self {
        let items = items_of(document.value().get("extensions"))
            .iter()
            .enumerate();
        let path = Path::root().key("extensions");
        let extensions: Vec<_> = items
            .filter_map(|(index, name)| {
                let (path, name) = (path.index(index), name.as_str()?);
                let name = hidden_extension(&path, name).unwrap_or(name);
                Some((path, name))
            })
            .collect();
        let has_format_strings = has(&extensions, ModelExtension::FeatureBundle1.as_str());
        let environments = environments(kind, document.value());
        let around = settings.environments();
        let mut all = around.iter().map(|(_, own)| own).chain(&environments);
        let wrapping = all.find(|own| own.wraps()).cloned();
        let expressions = Rc::<Expressions>::default();
        let misnamed = Misnamed::of(kind, document.value());
        Self {
            document,
            kind,
            settings,
            misplaced: misplaced::keys(document.value(), &environments),
            monitors: monitored::of(&environments),
            environments,
            around,
            wrapping,
            budget: Budget::of(document.value(), &expressions, misnamed),
            constants: Constants::of(document.value(), has_format_strings, &expressions),
            expressions,
            extensions,
            parameters: parameters(document.value()),
        }
    }

    /// Returns the index of the first definition of the job parameter `name`.
    pub fn parameter(&self, name: &str) -> Option<usize> {
        self.parameters.get(name).copied()
    }

    pub fn has_extension(&self, name: &str) -> bool {
        has(&self.extensions, name)
    }

    /// Returns the Environments that have the key `onMonitor`, whatever its value.
    pub fn monitored(&self) -> impl Iterator<Item = &Environment<'d>> {
        let has_monitor = |environment: &&Environment<'d>| {
            environment
                .actions()
                .is_some_and(|actions| actions.contains_key("onMonitor"))
        };
        self.environments.iter().filter(has_monitor)
    }

    /// Returns the misspelt MONITOR, if a monitor needs the extension.
    pub fn misspelt_extension(&self) -> Option<&(Path, &'d str)> {
        if self.has_extension(MONITOR) {
            return None;
        }
        self.monitored().next()?;
        self.misspelt(MONITOR)
    }

    /// Returns the listed name that is no extension, but close to `name`.
    pub fn misspelt(&self, name: &str) -> Option<&(Path, &'d str)> {
        let is_unknown =
            |listed: &str| listed != MONITOR && ModelExtension::from_str(listed).is_err();
        let mut listed = self.extensions.iter();
        listed.find(|(_, listed)| is_unknown(listed) && spelling::is_near(listed, name))
    }

    /// Returns true if a monitor needs MONITOR and `extensions` is an empty list.
    pub fn lacks_all_extensions(&self) -> bool {
        let list = self.document.value().get("extensions");
        let is_empty = list.and_then(Value::as_array).is_some_and(Vec::is_empty);
        is_empty && self.monitored().next().is_some()
    }

    /// Returns the extensions that `openjd-model` knows, each once.
    pub fn base_extensions(&self) -> Vec<&'d str> {
        let mut names: Vec<_> = self.extensions.iter().map(|(_, name)| *name).collect();
        names.retain(|name| ModelExtension::from_str(name).is_ok());
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The integer that `field` of a monitor of `environment` is, if that is known (SCH-5).
    pub fn integer(&self, environment: &Environment<'d>, field: &Field<'d>) -> Option<i64> {
        self.known_integer(environment, field).ok().flatten()
    }

    /// As [`Self::integer`]; an error if the field certainly is no integer.
    pub fn known_integer(
        &self,
        environment: &Environment<'d>,
        field: &Field<'d>,
    ) -> Result<Option<i64>, NoInteger> {
        if self.budget.skips(&field.path) {
            return Ok(None);
        }
        let is_costly = |binding: &Path| self.budget.is_costly_binding(binding);
        self.constants.integer(environment.home, field, &is_costly)
    }

    pub fn constants(&self) -> &Constants<'d> {
        &self.constants
    }
}

/// Returns the extension that the `text` at `path` looks like, if it is in `extensions` and has a character that does not
/// show, or a space that is none.
pub(super) fn hidden_extension(path: &Path, text: &str) -> Option<&'static str> {
    let [Segment::Key(list), Segment::Index(_)] = path.segments() else {
        return None;
    };
    if list != "extensions" || !text.contains(is_suspect) {
        return None;
    }
    let seen = cleaned(text);
    let known = ModelExtension::ALL.iter().map(ModelExtension::as_str);
    known.chain([MONITOR]).find(|known| *known == seen.trim())
}

fn parameters(template: &Value) -> HashMap<&str, usize> {
    let mut indices = HashMap::new();
    let definitions = items_of(template.get("parameterDefinitions"));
    for (index, definition) in definitions.iter().enumerate() {
        if let Some(name) = definition.get("name").and_then(Value::as_str) {
            indices.entry(name).or_insert(index);
        }
    }
    indices
}

fn has(extensions: &[(Path, &str)], name: &str) -> bool {
    extensions.iter().any(|(_, listed)| *listed == name)
}
