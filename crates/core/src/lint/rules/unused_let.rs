//! `unused-let`: a `let` binding whose value goes nowhere.

use crate::lint::finding::{Draft, Place};
use crate::lint::mentions::{self, Names};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, Tag, rule};
use crate::template::{Path, visit};
use serde_json::Value;

pub(super) static RULE: Rule = rule!(
    "unused-let",
    Warning,
    "a `let` binding that nothing refers to",
    []
)
.tagged(Tag::Unnecessary);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    // A binding is visible in what holds its list.
    visit(pass.context.document.value(), &mut |path, scope| {
        if let Some(bindings) = scope.get("let").and_then(Value::as_array) {
            let names = pass.mentions().within(scope);
            drafts.extend(unused(&names, bindings, &path.key("let")));
        }
    });
    drafts
}

fn unused(names: &Names<'_>, bindings: &[Value], path: &Path) -> Vec<Draft> {
    let bindings = bindings.iter().enumerate().filter_map(|(index, binding)| {
        let path = path.index(index);
        let (name, _) = mentions::binding(&path, binding.as_str()?)?;
        let start = name.len() - name.trim_start().len();
        let name = name.trim();
        let is_unused = !name.is_empty() && !names.has(name);
        let place = Place::Text(path, start..start + name.len());
        let draft = Draft::new(&RULE, place, format!("nothing refers to `{name}`"));
        is_unused.then(|| draft.help("remove the binding, or use its value"))
    });
    bindings.collect()
}
