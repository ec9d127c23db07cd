//! The scalars that the places of a template take.

use crate::template::{Path, Segment};
use serde_json::Value;

/// Kind of scalar that a place takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Text,
    Integer,
    /// An expression of integer ranges.
    Range,
    /// An integer or a fraction.
    Number,
}

impl Takes {
    /// Returns the kind that `path` of the template `root` takes; `None` where it is not known or of no matter.
    pub fn of(root: &Value, path: &Path) -> Option<Self> {
        let steps = path.segments();
        if let [.., name, Segment::Key(_)] = steps
            && is_key(name, "variables")
        {
            return Some(Self::Text);
        }
        let is_index = |step: &&Segment| matches!(step, Segment::Index(_));
        let indices = steps.iter().rev().take_while(is_index).count();
        let is_item = indices > 0;
        let [owner @ .., Segment::Key(field)] = &steps[..steps.len() - indices] else {
            return None;
        };
        let owned_by =
            |list: &str| matches!(owner, [.., name, Segment::Index(_)] if is_key(name, list));
        let of_type = || Self::of_type(Path::root().join(owner).key("type").get(root)?.as_str()?);
        match field.as_str() {
            "timeout" | "notifyPeriodInSeconds" if !is_item => Some(Self::Integer),
            "period" | "failureThreshold" | "initialDelay"
                if !is_item && owner.iter().any(|step| is_key(step, "onMonitor")) =>
            {
                Some(Self::Integer)
            }
            "minLength" | "maxLength" if owned_by("parameterDefinitions") => Some(Self::Integer),
            "minValue" | "maxValue" | "default" | "allowedValues"
                if owned_by("parameterDefinitions") =>
            {
                of_type()
            }
            "range" if owned_by("taskParameterDefinitions") => match of_type()? {
                Self::Integer if !is_item => Some(Self::Range),
                kind => Some(kind),
            },
            "defaultTaskCount" | "targetRuntimeSeconds"
                if !is_item && owner.last().is_some_and(|step| is_key(step, "chunks")) =>
            {
                Some(Self::Integer)
            }
            "command" | "data" | "filename" | "name" | "description" if !is_item => {
                Some(Self::Text)
            }
            "args" | "anyOf" | "allOf" if is_item => Some(Self::Text),
            _ => None,
        }
    }

    /// Returns the kind of a parameter's values.
    fn of_type(name: &str) -> Option<Self> {
        let name = name.to_ascii_uppercase();
        match name.trim_start_matches("LIST[").trim_end_matches(']') {
            "STRING" | "PATH" => Some(Self::Text),
            "INT" | "CHUNK[INT" => Some(Self::Integer),
            "FLOAT" => Some(Self::Number),
            _ => None,
        }
    }
}

fn is_key(step: &Segment, name: &str) -> bool {
    matches!(step, Segment::Key(key) if key == name)
}
