//! Explanations of texts that do not have the form that their fields require.

use super::fact::{Fact, FactKind};
use super::finding::Place;
use crate::characters;
use crate::template::{Path, Segment};

/// Returns the fact that `text`, the value called `label` at `path`, does not match `pattern`; `about` describes the
/// field.
pub(super) fn violated(
    path: &Path,
    label: &str,
    text: &str,
    pattern: &str,
    about: Option<&str>,
) -> Fact<'static> {
    let value = Place::Value(path.clone());
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let control = text
        .char_indices()
        .find(|(_, c)| c.is_control() && !is_allowed(*c, pattern));
    let (place, message, help) = match (control, path.last_key()) {
        (Some((at, control)), key) if key != Some("timeout") && pattern.contains("\\u0000") => (
            Place::Text(path.clone(), at..at + control.len_utf8()),
            format!("{label} has a {} here", characters::name(control)),
            Some(match control {
                '\n' if text.trim_end() == &text[..at] => {
                    "write it without the line break at its end: behind its key, or with `|-` in place of `|`"
                }
                '\n' if key == Some("command") => {
                    "a command is one program: write `command: bash` and `args: [\"-c\", …]`, with the lines as one text"
                }
                _ => "remove it",
            }),
        ),
        (None, Some("name")) if text.contains("{{") => (
            value,
            format!(
                "{label} must not have `{{{{…}}}}`: {} by its name, which is the same in every job",
                owner(path)
            ),
            Some("write a name without `{{…}}`; the `name` of the job may have some"),
        ),
        (None, Some("name"))
            if pattern.starts_with("^[A-Za-z_]") || pattern.starts_with("^[^\\u0000-@") =>
        {
            (
                value,
                format!("`{text}` is no name"),
                Some(match text.chars().all(is_bare) {
                    true => "a name does not start with a digit",
                    false => {
                        "a name has letters, digits and `_` only, and does not start with a digit"
                    }
                }),
            )
        }
        (None, Some("name"))
            if pattern.contains("[Aa][Mm][Oo]") || pattern.contains("[Aa][Tt][Tt][Rr]") =>
        {
            let is_amount = pattern.contains("[Aa][Mm][Oo]");
            (
                value,
                format!(
                    "`{text}` is no name of {}",
                    if is_amount {
                        "an amount"
                    } else {
                        "an attribute"
                    }
                ),
                Some(match is_amount {
                    true => {
                        "write `amount.worker.vcpu`, `amount.worker.memory` (in MiB), `amount.worker.gpu`, or one of your own, `amount.NAME`"
                    }
                    false => {
                        "write `attr.worker.os.family`, `attr.worker.cpu.arch`, or one of your own, `attr.NAME`"
                    }
                }),
            )
        }
        (None, None) if is_range(text) && in_list(path, "range") => (
            value,
            format!("{label} is a range, but a list has single values"),
            Some("write the range as a text, without brackets: `range: \"1-10\"`"),
        ),
        (None, Some("filename")) if text.is_empty() => {
            (value, format!("{label} must not be empty"), None)
        }
        (None, Some("filename")) => (
            value,
            match text {
                "." | ".." => format!("`{text}` is a directory, and {label} the name of a file"),
                _ => format!("{label} is the name of a file, and `{text}` has a directory in it"),
            },
            Some(
                "write its last part only: the file is written to a directory of its own, and its path is `{{Task.File.<name>}}` or `{{Env.File.<name>}}`",
            ),
        ),
        (None, Some("combination")) => (
            value,
            format!("{label} has a character that it cannot have"),
            Some(
                "write names of task parameters, `*` for all pairs, and `(A, B)` for one of each at a time",
            ),
        ),
        (_, Some("timeout" | "notifyPeriodInSeconds")) => (
            value,
            format!("{label} must be a number of seconds, not `{text}`"),
            Some("write an integer, such as `600` for ten minutes"),
        ),
        _ => (
            value,
            format!("{label} does not have the form that is required here"),
            None,
        ),
    };
    let help = help.or(about).map(str::to_owned);
    Fact {
        place,
        kind: FactKind::InvalidValue { message, help },
    }
}

/// Returns true for a control character that a pattern leaves out of those that it refuses.
fn is_allowed(control: char, pattern: &str) -> bool {
    match control {
        '\t' => pattern.contains("\\u0008\\u000B"),
        '\n' | '\r' => pattern.contains("\\u000B"),
        _ => false,
    }
}

fn in_list(path: &Path, list: &str) -> bool {
    let owner = path.parent();
    owner.as_ref().and_then(Path::last_key) == Some(list)
}

/// Returns true for `1-10` and `1-10:2`.
fn is_range(text: &str) -> bool {
    text.contains('-') && text.trim().parse::<openjd_expr::RangeExpr>().is_ok()
}

/// Names what refers to the thing at `path`, for a message.
fn owner(path: &Path) -> &'static str {
    let lists = path
        .segments()
        .iter()
        .rev()
        .find_map(|segment| match segment {
            Segment::Key(key) if key == "steps" => Some("other steps refer to a step"),
            Segment::Key(key) if key == "embeddedFiles" => Some("scripts refer to a file"),
            Segment::Key(key)
                if key.ends_with("parameterDefinitions") || key == "taskParameterDefinitions" =>
            {
                Some("`{{…}}` refers to a parameter")
            }
            Segment::Key(key) if key.ends_with("nvironments") || key == "environment" => {
                Some("a log refers to an Environment")
            }
            _ => None,
        });
    lists.unwrap_or("others refer to it")
}
