//! Texts of several lines, below a `|` or a `>`.

use super::line::{indentation, key, without_comment};
use super::{line_above, lines_below, suspicion};
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use std::ops::Range;

/// Upper bound on the lines above one that may belong to the same text.
const MAX_LINES: usize = 2000;

/// Returns the column that a text must be indented deeper than, if `content` ends with the `|` or `>` before one.
pub(super) fn header(content: &str) -> Option<usize> {
    let key = key(content);
    let before = match &key {
        Some((key, _)) => key.end + 1,
        None => content.rfind("- ")? + 2,
    };
    indicators(without_comment(&content[before..]).trim_start())
        .map(|_| key.map_or(indentation(content), |(key, _)| key.start))
}

/// Returns the digits and signs behind the `|` or `>` of a header, if `mark` is one.
pub(super) fn indicators(mark: &str) -> Option<&str> {
    let indicators = mark.strip_prefix(['|', '>'])?;
    let mut all = indicators.chars();
    all.all(|c| c.is_ascii_digit() || ['+', '-'].contains(&c))
        .then_some(indicators)
}

/// Returns the name of what the text behind the header `content` belongs to.
fn owner(content: &str) -> String {
    key(content).map_or("the `-`".to_owned(), |(_, name)| format!("`{name}`"))
}

/// A text that is not indented deeper than its key.
pub(super) fn unindented(text: &str, line: &Range<usize>) -> Option<Problem> {
    let head = line_above(text, line)?;
    let content = &text[head];
    let least = header(content)?;
    let indent = indentation(&text[line.clone()]);
    if indent > least {
        return None;
    }
    let owner = owner(content);
    let lines = std::iter::once(line.clone()).chain(lines_below(text, line));
    let own = lines.take_while(|line| {
        let content = &text[line.clone()];
        indentation(content) == indent
            && key(content).is_none_or(|(_, name)| line.start == 0 || !is_field(name))
    });
    let edits: Vec<_> = own
        .map(|line| Edit::insert(line.start, " ".repeat(least + 2 - indent)))
        .collect();
    if edits.is_empty() {
        return None;
    }
    let message = format!("the text of {owner} must be indented deeper than {owner}");
    let repair = Repair::not_safe("indent the text", edits);
    let start = line.start + indent;
    let help = "put at least one more space before each of its lines";
    Some(suspicion(start..line.end, message, help, repair))
}

/// A line of a text that is indented less than its first line, which ends the text.
pub(super) fn dedented(text: &str, line: &Range<usize>) -> Option<Problem> {
    let is_blank = |line: &Range<usize>| text[line.clone()].trim().is_empty();
    let above = std::iter::successors(line_above(text, line), |line| line_above(text, line));
    // The lines of the text above, from its end.
    let mut own: Vec<Range<usize>> = Vec::new();
    let mut head = None;
    for line in above.take(MAX_LINES).filter(|line| !is_blank(line)) {
        if header(&text[line.clone()]).is_some() {
            head = Some(line);
            break;
        }
        own.push(line);
    }
    let content = &text[head?];
    let first = own.pop().map(|line| indentation(&text[line]))?;
    let least = header(content).filter(|least| first > *least)?;
    // Lines such as `# why` end the text as well, but the parser stops only behind them.
    let is_less = |line: &Range<usize>| indentation(&text[line.clone()]) < first;
    let comments = own.iter().take_while(|line| is_less(line)).count();
    let is_comment = |line: &Range<usize>| text[line.clone()].trim_start().starts_with('#');
    let (ending, rest) = own.split_at(comments);
    if rest.iter().any(is_less) || !ending.iter().all(is_comment) {
        return None;
    }
    let start = ending.last().unwrap_or(line);
    let is_structure = |line: &Range<usize>| {
        let content = &text[line.clone()];
        let is_item = indentation(content) <= least && content.trim_start().starts_with("- ");
        // The `else:` of a script has nothing behind it.
        let is_entry = |(key, name): (Range<usize>, &str)| {
            is_field(name) || !content[key.end + 1..].trim().is_empty()
        };
        is_item || key(content).is_some_and(is_entry)
    };
    let lines = std::iter::once(start.clone()).chain(lines_below(text, start));
    let lines: Vec<_> = lines
        .filter(|line| !is_blank(line))
        .take_while(|line| is_less(line) && !is_structure(line))
        .collect();
    let indent = |line: &Range<usize>| indentation(&text[line.clone()]);
    let lowest = lines.iter().map(indent).min()?;
    let edits = lines
        .iter()
        .map(|line| Edit::insert(line.start, " ".repeat(first - lowest)));
    let repair = Repair::not_safe(
        format!("indent by {} spaces", first - lowest),
        edits.collect(),
    );
    let owner = owner(content);
    let message = format!("this line is indented less than the text of {owner}, and so ends it");
    let help = match lines.len() {
        1 => format!(
            "indent it by {}, like the first line of the text",
            more(first - lowest)
        ),
        count => format!(
            "indent it and the {} by {}, like the first line of the text",
            match count {
                2 => "next line".to_owned(),
                _ => format!("next {} lines", count - 1),
            },
            more(first - lowest)
        ),
    };
    let span = start.start + indent(start)..start.end;
    Some(suspicion(span, message, help, repair))
}

fn more(count: usize) -> String {
    match count {
        1 => "1 more space".to_owned(),
        _ => format!("{count} more spaces"),
    }
}

/// Returns true for words that templates have as keys, and texts hardly have. Other fields, such as `description`, are words
/// that a text may well have before a colon.
fn is_field(name: &str) -> bool {
    [
        "actions", "args", "command", "data", "filename", "name", "period", "runnable", "script",
        "timeout", "type",
    ]
    .contains(&name)
        || name.starts_with("on") && name[2..].starts_with(char::is_uppercase)
}
