//! The operating systems that a step's host requirements admit.

use crate::template::Home;
use serde_json::Value;

/// The families of operating systems, as `attr.worker.os.family` names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Families {
    pub posix: bool,
    pub windows: bool,
}

impl Families {
    const ALL: Self = Self {
        posix: true,
        windows: true,
    };

    pub fn is_windows_only(self) -> bool {
        self.windows && !self.posix
    }

    pub fn is_posix_only(self) -> bool {
        self.posix && !self.windows
    }

    /// Returns the families on which a step of the template, with its Environments, can run.
    pub fn of(template: &Value, home: Home) -> Self {
        let Home::Step(index) = home else {
            return Self::ALL;
        };
        let step = template.get("steps").and_then(|steps| steps.get(index));
        let requirements = step.and_then(|step| step.get("hostRequirements"));
        let attributes = requirements.and_then(|own| own.get("attributes")?.as_array());
        let is_family = |attribute: &&Value| {
            let name = attribute.get("name").and_then(Value::as_str);
            name.is_some_and(|name| name.eq_ignore_ascii_case("attr.worker.os.family"))
        };
        let families = attributes.into_iter().flatten().filter(is_family);
        families.fold(Self::ALL, |all, attribute| {
            let own = Self::admitted(attribute);
            Self {
                posix: all.posix && own.posix,
                windows: all.windows && own.windows,
            }
        })
    }

    fn admitted(attribute: &Value) -> Self {
        let names = ["anyOf", "allOf"]
            .into_iter()
            .filter_map(|key| attribute.get(key)?.as_array())
            .flatten();
        let names: Vec<_> = names.map(|name| name.as_str().unwrap_or("{{")).collect();
        // A value that is not known may be any of them.
        if names.is_empty() || names.iter().any(|name| name.contains("{{")) {
            return Self::ALL;
        }
        let is_windows = |name: &&str| name.eq_ignore_ascii_case("windows");
        Self {
            posix: names.iter().any(|name| !is_windows(name)),
            windows: names.iter().any(is_windows),
        }
    }
}
