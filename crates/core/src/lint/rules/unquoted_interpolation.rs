//! `unquoted-interpolation`: a value that becomes code of the shell that reads it.

use crate::lint::commands::Code;
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::parameters;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::shell::{Hole, Language, Within};
use crate::lint::taint::{self, Harm, Values};
use crate::template::Change;
use openjd_model::JobParameterType;
use std::collections::HashSet;
use std::ops::Range;

pub(super) static RULE: Rule = rule!(
    "unquoted-interpolation",
    Warning,
    "a string, path or list in shell code that is not quoted for the shell",
    ["VAR-1"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let checks = pass.commands.checks.iter().map(|check| (&check.run, true));
    let actions = pass.commands.actions().map(|action| (action, false));
    let mut drafts = Vec::new();
    for (run, is_check) in checks.chain(actions) {
        let values = Values {
            context: pass.context,
            owner: &run.owner,
        };
        for code in &run.code {
            let lines = lines_of_code(code);
            let holes = code.script.holes.iter();
            let holes = holes.filter(|hole| !lines.contains(&hole.range.start));
            drafts.extend(holes.filter_map(|hole| judge(&values, code, hole, is_check)));
        }
    }
    drafts
}

/// The starts of the interpolations that are meant to be code: parameters that are a whole command.
fn lines_of_code(code: &Code<'_>) -> HashSet<usize> {
    let commands = code.script.commands.iter();
    let alone = commands.filter_map(|command| match command.words.as_slice() {
        [only] if !code.is_piece => Some(&only.range),
        _ => None,
    });
    let is_parameter = |range: &&Range<usize>| {
        let written = code.text.get((*range).clone()).unwrap_or_default();
        let inner = written.strip_prefix("{{").map(str::trim_start);
        inner.is_some_and(|name| name.starts_with("Param."))
            && written
                .find("}}")
                .is_some_and(|end| end + 2 == written.len())
    };
    alone
        .filter(is_parameter)
        .map(|range| range.start)
        .collect()
}

/// Returns true if a value can do harm at its place. In an action, whose parameters come from the submitter of the job,
/// quotes are enough, unless the value comes from another template.
fn is_harmful(harm: Harm, within: Within, is_check: bool, is_foreign: bool) -> bool {
    match (harm, within) {
        (Harm::None, _) | (Harm::Splits, Within::Quotes | Within::Comment) => false,
        (Harm::Splits, Within::Code) => is_check,
        (Harm::Any, Within::Quotes) => is_check || is_foreign,
        (Harm::Any, Within::Code | Within::Comment) => true,
    }
}

/// Returns true for a text that is meant to be split by the shell of an action: packages, options and the like.
fn is_list_of_words(values: &Values<'_, '_>, name: &str) -> bool {
    let Some(parameter) = parameters::of(values.context, name) else {
        return false;
    };
    let is_plural = |name: &str| {
        let name = name.to_lowercase();
        name.ends_with('s')
            || ["arg", "opt", "flag", "command", "script"]
                .iter()
                .any(|part| name.contains(part))
    };
    let has_words = |text: &str| text.is_empty() || text.contains(char::is_whitespace);
    parameter.kind == JobParameterType::String
        && (is_plural(parameter.name) || parameter.default_text().is_some_and(has_words))
}

fn judge(values: &Values<'_, '_>, code: &Code<'_>, hole: &Hole, is_check: bool) -> Option<Draft> {
    let written = code.text.get(hole.range.clone())?;
    let expression = written.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let harm = values.harm(expression);
    let is_foreign = expression.contains("Wrapped");
    if !is_harmful(harm, hole.within, is_check, is_foreign) {
        return None;
    }
    let name = taint::culprit(values, written).unwrap_or(expression);
    if !is_check && hole.within == Within::Code && is_list_of_words(values, name) {
        return None;
    }
    let place = Place::Text(code.path.clone(), hole.range.clone());
    if hole.within == Within::Comment {
        let message = format!(
            "`{name}` stands in a comment of the shell: a line break in it ends the comment, and what follows runs as code"
        );
        return Some(Draft::new(&RULE, place, message).help("leave it out of the comment"));
    }
    let is_quoted = hole.within == Within::Quotes;
    let effect = match harm {
        Harm::Any => "its value becomes part of the code",
        _ => "a space in its value splits it in two",
    };
    let function = match code.language {
        Language::Sh => "repr_sh",
        Language::Cmd => "repr_cmd",
        Language::PowerShell => "repr_pwsh",
    };
    let help = if !values.context.has_extension("EXPR") {
        match code.language {
            Language::Sh if is_check || code.file.is_none() => {
                "pass it as a separate argument, and use it as `\"$1\"`".to_owned()
            }
            Language::Sh => format!("put it in quotes: `'{written}'`"),
            _ => format!("with the extension EXPR, write `{{{{ {function}({expression}) }}}}`"),
        }
    } else if is_quoted {
        format!("write `{{{{ {function}({expression}) }}}}`, without quotes around it")
    } else {
        format!("write `{{{{ {function}({expression}) }}}}`")
    };
    let message = format!("`{name}` is not quoted for the shell: {effect}");
    let draft = Draft::new(&RULE, place, message).help(help);
    if !values.context.has_extension("EXPR") || is_quoted {
        return Some(draft);
    }
    let start = hole.range.start + written.find(expression)?;
    let change = Change::Wrap(
        code.path.clone(),
        start..start + expression.len(),
        [format!("{function}("), ")".to_owned()],
    );
    Some(draft.fix(Proposal::not_safe(
        format!("quote `{name}` with `{function}`"),
        change,
    )))
}
