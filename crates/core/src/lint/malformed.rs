//! Expressions that do not parse, or whose operation there is not for the types at hand: what is wrong, and what to
//! write.

use super::references;

/// Mistake of an expression, and advice on what to write instead.
pub(super) struct Explanation {
    pub message: String,
    pub help: String,
}

/// Returns what is wrong with an expression that the parser refuses for `reason`; it stands between braces as `inner`,
/// which is empty for one without braces.
pub(super) fn explained(inner: &str, reason: &str) -> Option<Explanation> {
    let said = |message: String, help: &str| {
        Some(Explanation {
            message,
            help: help.to_owned(),
        })
    };
    match (
        reason.strip_prefix("Syntax error: ")?,
        unlike_bracket(inner),
    ) {
        (syntax, _) if syntax.contains("closing quote") => said(
            "a text in this expression has no quote at its end".to_owned(),
            "write `'` or `\"` on each side of the text",
        ),
        (_, Some(open @ ('(' | '[' | '{'))) => said(
            format!("the `{open}` in this expression is not closed"),
            "close it before the braces",
        ),
        (_, Some(close)) => said(
            format!("the `{close}` in this expression closes nothing"),
            "remove it",
        ),
        _ if has_number_for_name(inner) => said(
            "no name starts with a digit".to_owned(),
            "give the parameter a name that starts with a letter or `_`",
        ),
        (syntax, _) if syntax.starts_with("Unexpected token") && !inner.is_empty() => said(
            "more than one expression stands between the braces".to_owned(),
            "write one name or one expression between the braces, and text outside of them",
        ),
        (syntax, _) if syntax.starts_with("Expected an expression") => said(
            "a value is missing in this expression".to_owned(),
            "write a value on each side of an operator",
        ),
        _ => None,
    }
}

/// Returns what to write in place of an operation that there is not for the types at hand.
pub(super) fn help(reason: &str) -> Option<String> {
    if let Some(access) = reason.strip_prefix("Cannot access attribute '") {
        let (name, owner) = access.split_once("' on ")?;
        return Some(match owner {
            "path" => "a path has `.name`, `.stem`, `.suffix` and `.parent`".to_owned(),
            owner => format!(
                "write it without `.{name}`: only a path has attributes, not a value of type {owner}"
            ),
        });
    }
    if let Some(types) = reason.strip_prefix("No matching signature for __getitem__(") {
        let owner = types.split([',', ')']).next()?;
        return Some(format!(
            "write it without the brackets: only texts and lists have items, not a value of type {owner}"
        ));
    }
    let is_addition = reason.starts_with("Cannot use '+' operator with ");
    (is_addition && reason.contains("string"))
        .then(|| "convert the number with `string(…)` to join texts".to_owned())
}

/// Returns the first bracket in an expression that closes none, or else the last that none closes.
fn unlike_bracket(inner: &str) -> Option<char> {
    let mut open = Vec::new();
    for c in references::outside_of_texts(inner) {
        match c {
            '(' | '[' | '{' => open.push(c),
            ')' | ']' | '}' => {
                let own = open.pop();
                if !matches!(
                    (own, c),
                    (Some('('), ')') | (Some('['), ']') | (Some('{'), '}')
                ) {
                    return Some(own.unwrap_or(c));
                }
            }
            _ => {}
        }
    }
    open.pop()
}

/// Returns true for `Param.1A`.
fn has_number_for_name(inner: &str) -> bool {
    let rest = ["Param.", "RawParam.", "Task.Param.", "Task.RawParam."]
        .iter()
        .find_map(|prefix| inner.strip_prefix(prefix));
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    rest.is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_digit()) && rest.chars().all(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::explained;

    #[test]
    fn the_part_that_is_missing_or_too_much_is_named() {
        let cases = [
            ("(Param.A", "the `(` in this expression is not closed"),
            ("[Param.A, (1)", "the `[` in this expression is not closed"),
            ("len(')') + (1]", "the `(` in this expression is not closed"),
            ("Param.A) + 1", "the `)` in this expression closes nothing"),
            ("Param.1A", "no name starts with a digit"),
            (
                "Param.A Param.B",
                "more than one expression stands between the braces",
            ),
        ];
        for (inner, message) in cases {
            let found = explained(
                inner,
                "Syntax error: Unexpected token at the end of an expression",
            );
            assert_eq!(
                found.map(|found| found.message).as_deref(),
                Some(message),
                "{inner}"
            );
        }
        assert!(explained("", "Syntax error: Unexpected token").is_none());
        assert!(explained("Param.A", "Lambda expressions are not supported").is_none());
    }
}
