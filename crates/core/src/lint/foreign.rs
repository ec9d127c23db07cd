//! Expressions as other languages have them: what is meant, and how to write it here.

use super::braces;
use super::malformed::{self, Explanation};
use super::spelling;
use crate::functions::OF_CREATION;
use std::sync::LazyLock;

/// Filters of Jinja that are functions or methods here, applied to `X`.
const FILTERS: [(&str, &str); 28] = [
    ("upper", "X.upper()"),
    ("lower", "X.lower()"),
    ("title", "X.title()"),
    ("capitalize", "X.capitalize()"),
    ("trim", "X.strip()"),
    ("strip", "X.strip()"),
    ("replace", "X.replace('OLD', 'NEW')"),
    ("split", "X.split(',')"),
    ("join", "X.join(',')"),
    ("quote", "repr_sh(X)"),
    ("shellquote", "repr_sh(X)"),
    ("to_json", "repr_json(X)"),
    ("tojson", "repr_json(X)"),
    ("length", "len(X)"),
    ("count", "len(X)"),
    ("int", "int(X)"),
    ("float", "float(X)"),
    ("string", "string(X)"),
    ("bool", "bool(X)"),
    ("abs", "abs(X)"),
    ("round", "round(X)"),
    ("min", "min(X)"),
    ("max", "max(X)"),
    ("sort", "sorted(X)"),
    ("first", "X[0]"),
    ("last", "X[-1]"),
    ("basename", "X.name"),
    ("dirname", "X.parent"),
];

/// Functions of other languages with what they are here.
const FUNCTIONS: [(&str, &str); 14] = [
    (
        "now",
        "the time is not known to a template: use `date` in a shell",
    ),
    (
        "date",
        "the time is not known to a template: use `date` in a shell",
    ),
    (
        "timestamp",
        "the time is not known to a template: use `date` in a shell",
    ),
    ("uuid", "there are no random values: make one in the script"),
    (
        "random",
        "there are no random values: make one in the script",
    ),
    (
        "env",
        "environment variables are no part of an expression: leave `$NAME` to a shell",
    ),
    (
        "getenv",
        "environment variables are no part of an expression: leave `$NAME` to a shell",
    ),
    ("str", "write `string(…)`"),
    ("length", "write `len(…)`"),
    (
        "format",
        "join texts with `+`, and write numbers with `string(…)` or `zfill`",
    ),
    ("concat", "join texts with `+`"),
    ("quote", "write `repr_sh(…)`"),
    (
        "basename",
        "a path has `.name`, `.stem`, `.suffix` and `.parent`",
    ),
    (
        "dirname",
        "a path has `.name`, `.stem`, `.suffix` and `.parent`",
    ),
];

/// The functions of the expression language.
static KNOWN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let names = OF_CREATION.function_names().map(|name| name.to_string());
    names.filter(|name| !name.starts_with("__")).collect()
});

/// Returns what the author of `written`, a `{{…}}` that is not accepted for `reason`, meant by it.
pub(super) fn explained(written: &str, reason: &str) -> Option<Explanation> {
    let inner = written.strip_prefix("{{").unwrap_or(written);
    let inner = inner.strip_suffix("}}").unwrap_or(inner).trim();
    let said = |message: &str, help: &str| {
        Some(Explanation {
            message: message.to_owned(),
            help: help.to_owned(),
        })
    };
    if reason.contains("Bitwise OR") {
        return filter(inner);
    }
    if let Some(name) = reason.strip_prefix("Unknown function: '") {
        return function(name.split('\'').next()?);
    }
    let found = match inner {
        _ if reason == braces::UNCLOSED => said(
            "the `{{` that starts here has no `}}` behind it",
            "write `{{NAME}}` for a reference, or `{{ \"{{\" }}` (extension EXPR) for the braces themselves",
        ),
        "" if !written.is_empty() => said(
            "nothing stands between the braces",
            "write a variable, such as `{{Param.Name}}`",
        ),
        _ if inner.starts_with('.')
            || inner.starts_with(['#', '/', '>', '^', '$', '@'])
            || inner.starts_with("- .")
            || inner.starts_with("-.") =>
        {
            said(
                "this is no expression of Open Job Description",
                "for the braces of another language, write `{{ \"{{\" }}` and `{{ \"}\" + \"}\" }}` (extension EXPR)",
            )
        }
        _ if written.starts_with("{{{") => said(
            "a reference has two braces on each side, not three",
            "write `{{NAME}}`; for a brace around the value, put it in with `{{ \"{\" }}` (extension EXPR)",
        ),
        _ if inner.starts_with('-') || inner.ends_with('-') => said(
            "`-` at a brace trims white space in other languages, and is no part of an expression",
            "write `{{` and `}}` without it",
        ),
        _ if inner.contains(['“', '”', '‘', '’', '„', '«', '»']) => said(
            "typographic quotes are no quotes of a text",
            "write `'` or `\"`",
        ),
        _ if inner.ends_with('.') => said(
            "a name is missing behind the last `.`",
            "write a variable, such as `{{Param.Name}}`",
        ),
        _ if inner.contains("..") => {
            said("a name is missing between two dots", "remove one of them")
        }
        _ if inner.contains("===") || inner.contains("!==") => said(
            "`===` and `!==` are not operators here",
            "write `==` or `!=`",
        ),
        _ if inner.contains("&&") => said("`&&` is not an operator here", "write `and`"),
        _ if inner.contains("||") => said("`||` is not an operator here", "write `or`"),
        _ if inner.contains("??") => said(
            "`??` is not an operator here",
            "write `VALUE if VALUE != null else OTHER`",
        ),
        _ if inner.contains(" ? ") => said(
            "`?` and `:` are not operators here",
            "write `VALUE if CONDITION else OTHER`",
        ),
        _ if inner.starts_with('!') => said("`!` is not an operator here", "write `not`"),
        _ if reason.contains("Expected `else`") => said(
            "an `if` without `else` has no value in the other case",
            "write `VALUE if CONDITION else OTHER`; for no argument at all, `else null`",
        ),
        _ if reason.contains("f-strings") => said(
            "there are no f-strings here",
            "join texts with `+`, or write several `{{…}}`",
        ),
        _ => None,
    };
    found.or_else(|| malformed::explained(inner, reason))
}

/// A filter of Jinja.
fn filter(inner: &str) -> Option<Explanation> {
    let (value, filter) = inner.split_once('|')?;
    let filter = filter.split('|').next()?.trim();
    let name = filter.split('(').next()?.trim().to_lowercase();
    let written = FILTERS.iter().find(|(known, _)| *known == name);
    let help = match (written, name.as_str()) {
        (Some((_, written)), _) => {
            let written = written.replacen('X', value.trim(), 1);
            format!("write `{{{{ {written} }}}}` (extension EXPR)")
        }
        (None, "default" | "d") => {
            "give the parameter a `default` in `parameterDefinitions`".to_owned()
        }
        (None, _) => format!(
            "write `{{{{ {} }}}}`, or use a function or method of the extension EXPR",
            value.trim()
        ),
    };
    Some(Explanation {
        message: format!("there are no filters here: `| {filter}` is one of Jinja"),
        help,
    })
}

fn function(name: &str) -> Option<Explanation> {
    let known = FUNCTIONS.iter().find(|(known, _)| *known == name);
    let help = match known {
        Some((_, help)) => (*help).to_owned(),
        None => {
            let near = spelling::nearest(name, KNOWN.iter().map(String::as_str))?;
            format!("did you mean `{near}`?")
        }
    };
    Some(Explanation {
        message: format!("there is no function `{name}`"),
        help,
    })
}
