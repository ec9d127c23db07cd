//! Settings of a check.

use super::rule::{Level, Rule};
use crate::template::defaults::PERIOD_FLOOR;
use crate::template::{Environment, TemplateKind, environments, limits};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An environment template around the template under check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Around {
    /// The name of its file.
    pub file: String,
    /// The template.
    pub template: Arc<Value>,
}

/// Input of a check besides the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The largest template to read, in bytes.
    pub max_bytes: u64,
    /// The smallest `period` that is accepted, in seconds; SCH-6 allows to raise it only.
    pub period_floor: i64,
    /// The levels, by id, of the rules that do not keep their own; `None` for a rule that is off.
    pub levels: BTreeMap<&'static str, Option<Level>>,
    /// The environment templates around the template, outermost first; each is valid by itself.
    pub around: Vec<Around>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            max_bytes: limits::DEFAULT_MAX_BYTES,
            period_floor: PERIOD_FLOOR,
            levels: BTreeMap::new(),
            around: Vec::new(),
        }
    }
}

impl Settings {
    /// The level of a finding of `rule` whose own level is `own`; `None` if the rule is off.
    pub fn level(&self, rule: &Rule, own: Level) -> Option<Level> {
        let configured = self.levels.get(rule.id).copied();
        configured.unwrap_or(Some(own))
    }

    /// The Environments around the template, outermost first, each with the name of its file.
    pub(super) fn environments(&self) -> Vec<(&str, Environment<'_>)> {
        let around = self.around.iter().flat_map(|around| {
            let found = environments(TemplateKind::Environment, &around.template).into_iter();
            found.map(|environment| (around.file.as_str(), environment))
        });
        around.collect()
    }
}
