//! The parameters and `let` bindings that the probe of an Environment needs: with all of them, the cost of each
//! probe would grow with their number.

use crate::lint::base::Base;
use crate::lint::budget;
use crate::lint::context::Context;
use crate::template::{Environment, Home, Path, items_of, visit};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The edit distance up to which `openjd-expr` suggests another name for an undefined one.
const MAX_SUGGESTION_DISTANCE: usize = 5;

/// The definitions of a template, from which each probe takes its share.
pub(super) struct Definitions<'b> {
    parameters: &'b [Value],
    steps: &'b Value,
    /// The indices of the parameters that may be suggested for a name.
    near: HashMap<String, Vec<usize>>,
}

/// The share of one Environment.
pub(super) struct Needed<'v> {
    pub parameters: Vec<&'v Value>,
    /// The bindings of the step that it belongs to.
    pub step_bindings: Vec<Cow<'v, str>>,
    /// Its own bindings.
    pub bindings: Vec<Cow<'v, str>>,
    /// The words of the strings, which may be names of embedded files.
    pub words: HashSet<&'v str>,
}

impl<'b> Definitions<'b> {
    pub fn of(base: &'b Base) -> Self {
        let parameters = base.sound.get("parameterDefinitions");
        Self {
            parameters: items_of(parameters),
            steps: &base.sound["steps"],
            near: HashMap::new(),
        }
    }

    /// Returns what the strings of the Environment's monitor may refer to, directly or by a binding,
    /// and the parameters that may be suggested in place of `references`.
    pub fn needed<'v>(
        &mut self,
        context: &Context<'_>,
        environment: &'v Environment<'_>,
        references: &[&str],
    ) -> Needed<'v>
    where
        'b: 'v,
    {
        let mut words: HashSet<&'v str> = HashSet::new();
        let monitor = environment
            .actions()
            .and_then(|actions| actions.get("onMonitor"));
        visit(monitor.unwrap_or(&Value::Null), &mut |_, value| {
            words.extend(value.as_str().into_iter().flat_map(identifiers));
        });
        let script = environment.value.get("script");
        let own = items_of(script.and_then(|script| script.get("let")));
        let path = environment.path.key("script").key("let");
        let bindings = used(context, &path, own, &mut words);
        let step_bindings = match environment.home {
            Home::Step(index) => {
                let path = Path::root().key("steps").index(index).key("let");
                used(
                    context,
                    &path,
                    items_of(self.steps[index].get("let")),
                    &mut words,
                )
            }
            Home::Job | Home::Template => Vec::new(),
        };
        let mut indices: BTreeSet<usize> = words
            .iter()
            .filter_map(|word| context.parameter(word))
            .collect();
        for reference in references {
            indices.extend(self.near(context, reference));
        }
        let parameters = indices
            .into_iter()
            .filter_map(|index| self.parameters.get(index));
        Needed {
            parameters: parameters.collect(),
            step_bindings,
            bindings,
            words,
        }
    }

    fn near(&mut self, context: &Context<'_>, name: &str) -> &[usize] {
        let parameter = name
            .strip_prefix("Raw")
            .unwrap_or(name)
            .strip_prefix("Param.");
        if parameter.is_some_and(|parameter| context.parameter(parameter).is_some()) {
            return &[];
        }
        if !self.near.contains_key(name) {
            let is_near = |candidate: &str| {
                candidate.len().abs_diff(name.len()) <= 4 * MAX_SUGGESTION_DISTANCE
                    && strsim::levenshtein(candidate, name) <= MAX_SUGGESTION_DISTANCE
            };
            let is_suggested = |definition: &Value| {
                let own = definition
                    .get("name")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                is_near(&format!("Param.{own}")) || is_near(&format!("RawParam.{own}"))
            };
            let all = self.parameters.iter().enumerate();
            let near = all.filter(|(_, definition)| is_suggested(definition));
            self.near
                .insert(name.to_owned(), near.map(|(index, _)| index).collect());
        }
        &self.near[name]
    }
}

/// Returns the bindings of names in `words`, and of names that these bindings use in turn. A costly
/// one is of any type.
fn used<'v>(
    context: &Context<'_>,
    path: &Path,
    bindings: &'v [Value],
    words: &mut HashSet<&'v str>,
) -> Vec<Cow<'v, str>> {
    let mut found = Vec::new();
    // A binding refers to earlier ones only.
    for (index, binding) in bindings.iter().enumerate().rev() {
        let Some(text) = binding.as_str() else {
            continue;
        };
        let (name, expression) = text.split_once('=').unwrap_or((text, ""));
        if words.contains(name.trim()) {
            let path = path.index(index);
            words.extend(identifiers(expression));
            found.push(match context.budget.is_costly_binding(&path) {
                true => Cow::Owned(budget::stand_in(text, &path)),
                false => Cow::Borrowed(text),
            });
        }
    }
    found.reverse();
    found
}

/// Returns the words of a text that may be names or parts of names.
fn identifiers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty())
}
