//! Lines that stand where YAML does not expect them.

use super::line::{indentation, key};
use super::{Lines, TABBED, UNTABBED, line_above, lines_below, suspicion};
use super::{block_text, brackets};
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use std::ops::Range;

/// Upper bound on the lines above one that are looked at for its neighbours.
const MAX_LINES: usize = 500;

/// Returns what may be wrong with the layout of `lines`.
pub(super) fn suspect(text: &str, lines: &Lines, problem: &Problem) -> Vec<Problem> {
    let mut found = Vec::new();
    let below = lines
        .suspects
        .first()
        .and_then(|line| lines_below(text, line).next());
    for line in below.iter().chain(&lines.suspects) {
        found.extend(tab(text, line));
    }
    for line in &lines.suspects {
        found.extend(list_of_environments(text, line));
        found.extend(block_text::unindented(text, line));
        found.extend(block_text::dedented(text, line));
        found.extend(missing_dash(text, line));
        found.extend(item_beside_key(text, line));
        found.extend(brackets::unmatched(text, line));
    }
    for line in lines.suspects.iter().take(2) {
        found.extend(indented_otherwise(text, line, problem));
    }
    found
}

/// The indentations of the blocks that are open above `line`, from the innermost: of keys and of dashes.
fn open_blocks(text: &str, line: &Range<usize>) -> Vec<(usize, Range<usize>)> {
    let above = std::iter::successors(line_above(text, line), |line| line_above(text, line));
    let mut blocks: Vec<(usize, Range<usize>)> = Vec::new();
    for line in above.take(MAX_LINES) {
        let content = &text[line.clone()];
        let start = indentation(content);
        if content.trim().is_empty() || content[start..].starts_with('#') {
            continue;
        }
        let is_lower = |at: usize| blocks.last().is_none_or(|(known, _)| at < *known);
        if let Some((key, _)) =
            key(content).filter(|(key, _)| key.start > start && is_lower(key.start))
        {
            blocks.push((key.start, line.clone()));
        }
        let is_lower = blocks.last().is_none_or(|(known, _)| start < *known);
        if is_lower && (key(content).is_some() || content[start..].starts_with("- ")) {
            blocks.push((start, line));
        }
        if start == 0 {
            break;
        }
    }
    blocks
}

fn levels_of(blocks: &[(usize, Range<usize>)]) -> impl Iterator<Item = usize> {
    blocks.iter().map(|(level, _)| *level)
}

/// Returns a number of spaces in words.
fn spaces(count: usize) -> String {
    match count {
        1 => "1 space".to_owned(),
        _ => format!("{count} spaces"),
    }
}

fn tab(text: &str, line: &Range<usize>) -> Vec<Problem> {
    let content = &text[line.clone()];
    let indent = indentation(content);
    if !content[..indent].contains('\t') || content.trim().is_empty() {
        return Vec::new();
    }
    let start = line.start + content.find('\t').unwrap_or_default();
    let span = start..line.start + indent;
    let wide: usize = content[..indent].chars().fold(0, |column, c| match c {
        '\t' => column / 8 * 8 + 8,
        _ => column + 1,
    });
    let neighbour = lines_below(text, line)
        .map(|line| &text[line])
        .find(|line| !line.trim().is_empty());
    // What stands below a key is deeper than the key.
    let is_parent = content.trim_end().ends_with(':');
    let neighbour = neighbour.filter(|_| !is_parent);
    let neighbour = neighbour.map(indentation).filter(|indent| *indent > 0);
    let blocks = open_blocks(text, line)
        .into_iter()
        .map(|(indent, _)| indent);
    let widths = neighbour.into_iter().chain([wide]).chain(blocks.take(4));
    let repair = |width: usize| {
        let edit = Edit {
            span: line.start..line.start + indent,
            text: " ".repeat(width),
        };
        Repair::not_safe(format!("indent by {}", spaces(width)), vec![edit])
    };
    widths
        .map(|width| suspicion(span.clone(), TABBED, UNTABBED, repair(width)))
        .collect()
}

/// A line between the items of a list that has no dash.
fn missing_dash(text: &str, line: &Range<usize>) -> Option<Problem> {
    let content = &text[line.clone()];
    let indent = indentation(content);
    let written = content.trim();
    let is_other = key(content).is_some() || written.starts_with(['-', '#', ']', '}']);
    if is_other || written.is_empty() {
        return None;
    }
    let above = std::iter::successors(line_above(text, line), |line| line_above(text, line));
    let mut above = above.take(MAX_LINES).map(|line| &text[line]);
    let neighbour = above.find(|line| {
        let written = line.trim();
        !written.is_empty() && !written.starts_with('#') && indentation(line) <= indent
    })?;
    if indentation(neighbour) != indent || !neighbour[indent..].starts_with("- ") {
        return None;
    }
    let start = line.start + indent;
    let repair = Repair::not_safe("insert a `-`", vec![Edit::insert(start, "- ")]);
    let message = format!("a `-` is missing before `{written}`");
    let help = format!("write `- {written}`, or indent it deeper to go on with the item above");
    Some(suspicion(
        start..start + written.len(),
        message,
        help,
        repair,
    ))
}

/// `environments:` with a list, in an environment template.
fn list_of_environments(text: &str, line: &Range<usize>) -> Option<Problem> {
    let (_, head) = open_blocks(text, line).pop()?;
    let (name, _) = key(&text[head.clone()])
        .filter(|(_, key)| ["environment", "environments"].contains(key))?;
    let dash = lines_below(text, &head).next()?;
    let at = dash.start + indentation(&text[dash.clone()]);
    if !text.contains("environment-20") || !text[at..].starts_with("- ") {
        return None;
    }
    let name = head.start + name.start..head.start + name.end;
    let edits = vec![
        Edit {
            span: name.clone(),
            text: "environment".to_owned(),
        },
        Edit::delete(at..at + 2),
    ];
    let repair = Repair::not_safe("make it a single mapping", edits);
    let message = "`environment` must be a single mapping, not a list";
    let help = "write `environment:`, and its fields below without a `-`";
    Some(suspicion(name, message, help, repair))
}

/// `args: - a`: an item on the line of its key.
fn item_beside_key(text: &str, line: &Range<usize>) -> Option<Problem> {
    let content = &text[line.clone()];
    let (key, name) = key(content)?;
    let behind = &content[key.end + 1..];
    let start = key.end + 1 + indentation(behind);
    let item = content[start..].strip_prefix("- ")?;
    let edits = vec![Edit {
        span: line.start + start..line.end,
        text: format!("[{}]", item.trim_end()),
    }];
    let message = format!("a list item cannot be on the same line as its key `{name}`");
    let help = format!(
        "write `{name}: [{}]`, or put the item on the next line",
        item.trim_end()
    );
    let span = line.start + start..line.start + start + 1;
    Some(suspicion(
        span,
        message,
        help,
        Repair::not_safe("put the item in brackets", edits),
    ))
}

/// A key or an item that is indented as nothing above it is.
fn indented_otherwise(text: &str, line: &Range<usize>, problem: &Problem) -> Vec<Problem> {
    let content = &text[line.clone()];
    let indent = indentation(content);
    let is_item = content[indent..].starts_with("- ");
    let Some(name) = key(content)
        .map(|(_, name)| name)
        .or(is_item.then_some("-"))
    else {
        return Vec::new();
    };
    let blocks = open_blocks(text, line);
    let mut levels: Vec<_> = levels_of(&blocks).collect();
    // Of two levels as near, the next line tells which one is meant.
    let next = lines_below(text, line).find(|line| !text[line.clone()].trim().is_empty());
    let next = next.map(|line| indentation(&text[line]));
    levels.sort_by_key(|level| (level.abs_diff(indent), Some(*level) != next));
    levels.retain(|level| *level != indent);
    let expects_dash = problem.message.contains("expected '-'");
    let below = |line: &Range<usize>| {
        let lines = lines_below(text, line).map(|line| (line.clone(), &text[line]));
        let mut lines = lines.map(|(line, content)| (line, content, indentation(content)));
        lines.find(|(_, content, own)| {
            !content.trim().is_empty() && !content[*own..].starts_with('#')
        })
    };
    // The indentation of what belongs to the line.
    let inner = below(line).map(|(.., own)| own).filter(|own| *own > indent);
    let is_known = levels_of(&blocks).any(|level| level == indent);
    let is_alike = |content: &str, own: usize| content[own..].starts_with("- ") == is_item;
    // The line, with what belongs to it and the lines that are as wrong. What is already as deep as these are to be
    // stands beside them.
    let block = |level: usize| {
        let may_stay = |inner: usize| inner > level && (inner - indent) % 2 == 1;
        let stays = inner.is_some_and(may_stay);
        let is_inner = inner == Some(level) && content.trim_end().ends_with(':');
        let lines = lines_below(text, line).map(|line| (line.clone(), &text[line]));
        let lines = lines.map(|(line, content)| (line, indentation(content), content));
        let lines = lines.take_while(move |(_, own, content)| {
            let is_beside = *own == level && !is_inner && is_alike(content, *own);
            let is_as_wrong = *own == indent && !is_known && is_alike(content, *own);
            content.trim().is_empty() || *own > indent && !is_beside || is_as_wrong
        });
        let lines = lines.filter(move |(_, own, _)| !stays || *own == indent);
        std::iter::once(line.clone()).chain(lines.map(|(line, ..)| line))
    };
    // Behind a list item, all lines of this level belong to it.
    let beside = || {
        let below = lines_below(text, line).take_while(|line| {
            let content = &text[line.clone()];
            let own = indentation(content);
            content.trim().is_empty()
                || own > indent
                || own == indent && !content[own..].starts_with("- ")
        });
        std::iter::once(line.clone()).chain(below)
    };
    let repair = |level: usize, lines: Vec<Range<usize>>| {
        let edits = lines
            .into_iter()
            .filter(|line| !text[line.clone()].trim().is_empty());
        let edits = edits.map(|line| match level > indent {
            true => Edit::insert(line.start, " ".repeat(level - indent)),
            false => Edit::delete(
                line.start..line.start + (indent - level).min(indentation(&text[line])),
            ),
        });
        Repair::not_safe(
            format!("indent `{name}` by {}", spaces(level)),
            edits.collect(),
        )
    };
    let start = line.start + indent;
    let span = start
        ..start
            + content[indent..]
                .find(':')
                .unwrap_or(content.len() - indent);
    let mut found = Vec::new();
    for level in levels.into_iter().take(4) {
        let neighbour = blocks.iter().find(|(other, _)| *other == level);
        let neighbour = neighbour.and_then(|(_, line)| key(&text[line.clone()]));
        let message = format!(
            "`{name}` is indented by {}, unlike anything above it",
            spaces(indent)
        );
        let lines: Vec<_> = block(level).collect();
        let is_alike = |line: &Range<usize>| indentation(&text[line.clone()]) == indent;
        let what = match lines.iter().filter(|line| is_alike(line)).count() {
            1 => "it",
            _ => "it, and the next lines that are as deep,",
        };
        let like = neighbour.map_or(String::new(), |(_, key)| format!(" like `{key}`"));
        let help = format!("indent {what} by {}{like}", spaces(level));
        let message = match expects_dash && blocks.iter().any(|(other, _)| *other == indent) {
            true => {
                format!("`{name}` is indented like the `-` of the list item, not like its fields")
            }
            false => message,
        };
        found.push(suspicion(
            span.clone(),
            message.clone(),
            help.clone(),
            repair(level, lines),
        ));
        if expects_dash {
            found.push(suspicion(
                span.clone(),
                message,
                help,
                repair(level, beside().collect()),
            ));
        }
    }
    found
}
