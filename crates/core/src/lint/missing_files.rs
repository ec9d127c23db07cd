//! References to embedded files that do not exist, in scripts with many files. `openjd-model` compares each of them with
//! every name in scope, to say which is meant; that takes seconds where there are thousands of both.

use super::references::{self, Interpolation, Reference};
use crate::template::items_of;
use serde_json::Value;
use std::collections::HashSet;

/// Number of files up to which `openjd-model` is asked about each reference.
pub(super) const MANY: usize = 100;

/// The embedded files of a script that has many.
pub(super) struct Files<'d> {
    /// What stands before their names in references.
    prefix: &'static str,
    names: HashSet<&'d str>,
}

impl<'d> Files<'d> {
    /// Returns the files of a script in an Environment.
    pub fn of_environment(script: Option<&'d Value>) -> Option<Self> {
        Self::of(script, "Env.File.")
    }

    /// Returns the files of the script of a step.
    pub fn of_step(script: Option<&'d Value>) -> Option<Self> {
        Self::of(script, "Task.File.")
    }

    fn of(script: Option<&'d Value>, prefix: &'static str) -> Option<Self> {
        let files = items_of(script.and_then(|script| script.get("embeddedFiles")));
        let names = files.iter().filter_map(|file| file.get("name")?.as_str());
        (files.len() > MANY).then(|| Self {
            prefix,
            names: names.collect(),
        })
    }

    /// Returns the reference to a file that does not exist, if an interpolation of `text` is nothing else.
    pub fn missing<'i>(
        &self,
        text: &str,
        interpolation: &'i Interpolation,
    ) -> Option<&'i Reference> {
        let [reference] = interpolation.references.as_slice() else {
            return None;
        };
        let inner = references::inner(text, &interpolation.range);
        let name = reference.name.strip_prefix(self.prefix)?;
        let file = name.split('.').next().unwrap_or(name);
        (inner.trim() == reference.name && !self.names.contains(file)).then_some(reference)
    }
}

#[cfg(test)]
mod tests {
    use super::MANY;
    use crate::lint::{Settings, check};
    use crate::template::Syntax;

    /// The undefined references of a script with so many files: what is written there, message and help.
    fn undefined(files: usize) -> Vec<(String, String, Option<String>)> {
        let files = (0..files).map(|i| format!("    - {{name: A{i}, type: TEXT, data: x}}\n"));
        let text = format!(
            "specificationVersion: environment-2023-09\nextensions: [EXPR, MONITOR]\nenvironment:\n  name: E\n  \
             script:\n    actions:\n      onEnter: {{command: a, args: ['é {{{{ Env.File.B }}}} {{{{Env.File.A1}}}} \
             {{{{Param.C}}}}']}}\n      onMonitor:\n        command: {{command: a, args: ['{{{{Env.File.A2}}}} \
             {{{{Env.File.D}}}}', '{{{{Env.File.A3.parent}}}}', '{{{{Env.File.D + 1}}}}']}}\n        period: 30\n        \
             onFailure: log\n    embeddedFiles:\n{}",
            files.collect::<String>()
        );
        let found = check(text.as_bytes(), Syntax::Yaml, &Settings::default());
        let found = found.found.expect("a template").findings.into_iter();
        let found = found.filter(|finding| finding.message.starts_with("there is no"));
        let found = found.map(|finding| {
            let written = text[finding.span.unwrap_or_default()].to_owned();
            (written, finding.message, finding.help)
        });
        found.collect()
    }

    #[test]
    fn references_of_a_script_with_many_files_are_judged_as_those_of_one_with_few() {
        let few = undefined(MANY);
        let written: Vec<_> = few.iter().map(|(written, ..)| written.as_str()).collect();
        let names = ["Env.File.B", "Param.C", "Env.File.D", "Env.File.D"];
        assert_eq!(written, names, "{few:?}");
        assert_eq!(undefined(MANY + 1), few);
    }
}
