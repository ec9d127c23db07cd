//! `unquoted-interpolation`: a value that becomes code of the shell that reads it.

use crate::lint::commands::Code;
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::shell::{Hole, Language};
use crate::lint::taint::{self, Harm, Values};
use crate::template::Change;

pub(super) static RULE: Rule = rule!(
    "unquoted-interpolation",
    Warning,
    "a string, path or list in shell code that is not quoted for the shell",
    ["VAR-1"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for check in &pass.commands {
        let values = Values {
            context: pass.context,
            environment: check.environment,
        };
        for code in &check.code {
            let holes = code.script.holes.iter();
            drafts.extend(holes.filter_map(|hole| judge(&values, code, hole)));
        }
    }
    drafts
}

fn judge(values: &Values<'_, '_>, code: &Code<'_>, hole: &Hole) -> Option<Draft> {
    let written = code.text.get(hole.range.clone())?;
    let expression = written.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    // A parameter that is the whole command line is meant to be code.
    if code.is_all_of(written) && expression.starts_with("Param.") {
        return None;
    }
    let harm = values.harm(expression);
    if harm == Harm::None || (harm == Harm::Splits && hole.is_quoted) {
        return None;
    }
    let name = taint::culprit(values, written).unwrap_or(expression);
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
            Language::Sh => "pass it as a separate argument, and use it as `\"$1\"`".to_owned(),
            _ => format!("with the extension EXPR, write `{{{{ {function}({expression}) }}}}`"),
        }
    } else if hole.is_quoted {
        format!("write `{{{{ {function}({expression}) }}}}`, without quotes around it")
    } else {
        format!("write `{{{{ {function}({expression}) }}}}`")
    };
    let message = format!("`{name}` is not quoted for the shell: {effect}");
    let place = Place::Text(code.path.clone(), hole.range.clone());
    let draft = Draft::new(&RULE, place, message).help(help);
    if !values.context.has_extension("EXPR") || hole.is_quoted {
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
