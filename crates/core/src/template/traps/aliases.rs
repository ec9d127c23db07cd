//! Aliases of anchors that are not above them.

use super::line::is_anchor_name;
use crate::search;
use crate::template::problem::Problem;

/// Upper bound on the anchors that a help names.
const MAX_NAMED: usize = 3;

/// Returns the problem of an alias whose anchor the parser does not know. Of what only starts as an alias does, such as
/// `*.exr`, it is none.
pub(super) fn suspect(text: &str, problem: &Problem) -> Option<Problem> {
    let start = problem.span.start;
    let alias = text.get(start..).filter(|rest| rest.starts_with('*'))?;
    if !is_unknown(problem) {
        return None;
    }
    let ends = |c: char| c.is_whitespace() || ",[]{}".contains(c);
    let alias = &alias[..alias.find(ends).unwrap_or(alias.len())];
    let name = &alias[1..];
    if !is_anchor_name(name) {
        return None;
    }
    let span = start..start + alias.len();
    let is_below = anchors(&text[span.end..]).any(|anchor| anchor == name);
    let mut above: Vec<_> = anchors(&text[..start]).collect();
    above.dedup();
    let (message, help) = match above.as_slice() {
        _ if is_below => (
            format!("`{alias}` refers to the anchor `&{name}`, which is further down"),
            format!("write the value with `&{name}` here, and `{alias}` further down"),
        ),
        [] => (
            format!("`{alias}` refers to an anchor, and nothing above it has its name"),
            format!(
                "write `&{name}` before the value that is meant, or quote this one if it is a text"
            ),
        ),
        known => {
            let known: Vec<_> = known.iter().map(|name| format!("`*{name}`")).collect();
            let help = match known.len() <= MAX_NAMED {
                true => format!("write {}", known.join(" or ")),
                false => format!("write `&{name}` before the value that is meant"),
            };
            (
                format!("`{alias}` refers to an anchor, and nothing above it has its name"),
                format!("{help}, or quote this one if it is a text"),
            )
        }
    };
    let problem = Problem {
        span,
        ..Problem::new(0, message)
    };
    Some(problem.help(help))
}

/// Returns true for the parser's problem with an alias whose anchor it does not know.
pub(super) fn is_unknown(problem: &Problem) -> bool {
    problem.message.contains("unknown anchor")
}

/// The names of what look like anchors in `text`.
fn anchors(text: &str) -> impl Iterator<Item = &str> {
    search::all(text, "&").filter_map(|at| {
        let is_start = text[..at].ends_with([' ', '\t', '\n', '[', '{', ',']);
        let rest = &text[at + 1..];
        let end = rest.find([' ', '\t', '\r', '\n']).unwrap_or(rest.len());
        Some(&rest[..end]).filter(|name| is_start && is_anchor_name(name))
    })
}
