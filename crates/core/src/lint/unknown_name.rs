//! References to variables that do not exist at their place.

use super::finding::{Draft, Place};
use super::fix::Proposal;
use super::meant_name::{self, Advice};
use super::references;
use super::rule::Rule;
use super::spelling::{self, list};
use crate::template::{Change, Path};
use serde_json::Value;

/// Start of the message on a name that no variable has.
pub(super) const NO_VARIABLE: &str = "there is no variable";

/// A reference to a variable that does not exist at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unknown {
    pub name: String,
    /// The names that the expression language suggests.
    pub suggestion: Option<String>,
    pub advice: Option<Advice>,
}

impl Unknown {
    /// Looks for what the undefined `name`, used at `path` of the template, is meant to be. The `message` of the
    /// expression language may suggest names.
    pub fn new(template: &Value, path: &Path, name: &str, message: Option<&str>) -> Self {
        let suggestion = message.and_then(references::suggestion);
        Self {
            name: name.to_owned(),
            suggestion: suggestion.map(str::to_owned),
            advice: meant_name::advice(template, path, name),
        }
    }

    /// Reports it as a finding of `rule`.
    pub fn draft(&self, rule: &'static Rule, place: &Place) -> Draft {
        let name = &self.name;
        let draft = Draft::new(rule, place.clone(), format!("{NO_VARIABLE} `{name}` here"));
        if let Some(Advice { help, name: meant }) = &self.advice {
            let draft = draft.help(help);
            return match (place, meant) {
                (Place::Text(path, range), Some(meant)) => {
                    let change = Change::Replace(path.clone(), range.clone(), meant.clone());
                    draft.fix(Proposal::safe(
                        format!("replace `{name}` with `{meant}`"),
                        change,
                    ))
                }
                _ => draft,
            };
        }
        let near: Vec<_> = self.near().collect();
        match (near.as_slice(), self.parameter()) {
            ([], Some(parameter)) => draft.help(format!(
                "there is no parameter `{parameter}`: define it in {}",
                self.definitions()
            )),
            ([], None) => draft,
            (near, _) => draft.help(format!(
                "did you mean {}?",
                list(near.iter().copied(), "or")
            )),
        }
    }

    /// The suggested names that are likely misspelt as this one.
    fn near(&self) -> impl Iterator<Item = &str> {
        let suggested = self.suggestion.iter().flat_map(|names| names.split(", "));
        suggested.filter(|suggested| {
            match (suggested.rsplit_once('.'), self.name.rsplit_once('.')) {
                (Some((one, meant)), Some((other, written))) if one == other => {
                    spelling::is_near(written, meant)
                }
                _ => spelling::is_near(&self.name, suggested),
            }
        })
    }

    /// The name of a parameter, if it is a reference to one.
    fn parameter(&self) -> Option<&str> {
        let prefixes = ["Param.", "RawParam.", "Task.Param.", "Task.RawParam."];
        let name = prefixes
            .iter()
            .find_map(|prefix| self.name.strip_prefix(prefix))?;
        (!name.contains('.')).then_some(name)
    }

    fn definitions(&self) -> &'static str {
        match self.name.starts_with("Task.") {
            true => "the step's `parameterSpace`",
            false => "`parameterDefinitions`",
        }
    }
}
