//! Indentations that consist of other characters than spaces, in all lines of a text at once.

use super::block_text::header;
use super::line::{indentation, key};
use super::{TABBED, UNTABBED, line_at, lines_below, no_space, suspicion};
use crate::characters::{self, is_invisible, is_space};
use crate::template::problem::{Problem, Repair};
use crate::template::replacement::Edit;
use crate::template::tree::{Kind, NodeId, Style, Tree};
use std::cmp::Reverse;
use std::ops::Range;

/// Widths of a tab, the likeliest first where there are only tabs; where there are spaces, too, the last.
const TAB_WIDTHS: [usize; 3] = [2, 4, 8];

/// Returns what may be wrong with the indentations of `text`, the likeliest first.
pub(super) fn suspect(text: &str) -> Vec<Problem> {
    let foreign = (!text.is_ascii()).then(|| foreign(text)).flatten();
    foreign.into_iter().chain(tabs(text)).collect()
}

/// Returns the problem of a text that can be read, but has other spaces before a key or a dash, which YAML takes for
/// a part of the name.
pub(in crate::template) fn in_names(text: &str, tree: &Tree) -> Option<Problem> {
    if text.is_ascii() {
        return None;
    }
    let name = |id: NodeId| match &tree.node(id).kind {
        Kind::Scalar {
            style: Style::Plain,
            text,
        } => text.as_str(),
        _ => "",
    };
    let is_first = |id: &NodeId| {
        let start = tree.node(*id).span.start;
        let before = text[..start].trim_end_matches(|c| c == '-' || is_blank(c));
        let is_alone = before.is_empty() || before.ends_with('\n');
        // The whole line only where it may be: a long one has many keys.
        is_alone && {
            let line = line_at(text, start);
            head(&text[line.clone()]) > start - line.start
        }
    };
    let is_item = |id: &NodeId| {
        let rest = name(*id).trim_start_matches(is_foreign);
        rest.starts_with('-') && head(rest) > 1
    };
    let keys = tree.nodes.iter().flat_map(|node| match &node.kind {
        Kind::Mapping(entries) => entries.as_slice(),
        _ => &[],
    });
    let keys = keys.map(|(key, _)| *key);
    // Without a character that does not show, a key is in its place.
    let is_moved = |id: &NodeId| name(*id)[..head(name(*id))].contains(|c| !is_invisible(c));
    let mut suspects = keys
        .filter(|id| name(*id).starts_with(is_foreign) && is_moved(id))
        .chain((0..tree.nodes.len()).filter(is_item));
    suspects
        .any(|id| is_first(&id))
        .then(|| foreign(text))
        .flatten()
}

fn is_foreign(c: char) -> bool {
    is_space(c) || is_invisible(c)
}

fn is_blank(c: char) -> bool {
    [' ', '\t'].contains(&c) || is_foreign(c)
}

/// Returns the length of what stands before the first key or value of a line: spaces of any kind, and dashes.
fn head(content: &str) -> usize {
    let skip = |at: usize| content.len() - content[at..].trim_start_matches(is_blank).len();
    let mut end = skip(0);
    while content[end..].starts_with('-') && skip(end + 1) > end + 1 {
        end = skip(end + 1);
    }
    end
}

/// The lines of `text` that are not in a text of several lines.
fn structure(text: &str) -> Vec<Range<usize>> {
    let first = line_at(text, 0);
    let lines = std::iter::once(first.clone()).chain(lines_below(text, &first));
    let mut text_below = None;
    let lines = lines.filter(|line| {
        let content = &text[line.clone()];
        let spaces = content.len() - content.trim_start_matches(' ').len();
        if content.trim().is_empty() || text_below.is_some_and(|least| spaces > least) {
            return false;
        }
        text_below = header(content);
        true
    });
    lines.collect()
}

/// Spaces that are none to YAML, and characters that do not show.
fn foreign(text: &str) -> Option<Problem> {
    let mut edits = Vec::new();
    let mut lines = 0;
    let mut first = None;
    for line in structure(text) {
        let head = line.start..line.start + head(&text[line]);
        let found = text[head.clone()].char_indices();
        let found = found.map(|(at, c)| (head.start + at, c));
        // A byte order mark is no part of the first line.
        let mut found = found
            .filter(|(at, c)| is_foreign(*c) && (*at, *c) != (0, '\u{feff}'))
            .peekable();
        lines += usize::from(found.peek().is_some());
        first = first.or(found.peek().copied());
        edits.extend(found.map(|(at, c)| Edit {
            span: at..at + c.len_utf8(),
            text: if is_space(c) { " " } else { "" }.to_owned(),
        }));
    }
    let (at, c) = first?;
    let (message, what, title) = match is_space(c) {
        true => (no_space(c), "write a plain space", "write plain spaces"),
        false => (
            format!("a {} stands here, which does not show", characters::name(c)),
            "remove it",
            "remove what does not show",
        ),
    };
    let help = match lines {
        1 => what.to_owned(),
        2 => format!("{what}, here and in another line"),
        _ => format!("{what}, here and in {} other lines", lines - 1),
    };
    let repair = Repair::safe(title, edits);
    Some(suspicion(at..at + c.len_utf8(), message, help, repair))
}

/// Tabs, in several lines or in one that is as deep as a neighbour if a tab has the right width.
fn tabs(text: &str) -> Vec<Problem> {
    if !text.contains('\t') {
        return Vec::new();
    }
    let lines = structure(text);
    let indent = |line: &Range<usize>| &text[line.start..][..indentation(&text[line.clone()])];
    let is_tabbed = |line: &&Range<usize>| indent(line).contains('\t');
    let tabbed: Vec<_> = lines.iter().filter(is_tabbed).collect();
    let Some(first) = tabbed.first() else {
        return Vec::new();
    };
    let columns = |line: &Range<usize>, tab: usize| {
        indent(line).chars().fold(0, |column, c| match c {
            '\t' => column / tab * tab + tab,
            _ => column + 1,
        })
    };
    // How many lines fit the one above, if one of the two has tabs and the other has spaces.
    let fit = |tab: usize| {
        let is_fit = |pair: &&[Range<usize>]| {
            let [above, below] = pair else { return false };
            let is_parent = text[above.clone()].trim_end().ends_with(':')
                || header(&text[above.clone()]).is_some();
            let deeper = if is_parent { 2 } else { 0 };
            let is_item = text[below.clone()].trim_start().starts_with("- ");
            let depth = columns(below, tab).checked_sub(columns(above, tab));
            is_tabbed(&above) != is_tabbed(&below)
                && !indent(above).is_empty()
                && (depth == Some(deeper) || is_item && depth == Some(0))
        };
        lines.windows(2).filter(is_fit).count()
    };
    // How many keys would not have deeper what is below them.
    let flaws = |tab: usize| {
        let is_flaw = |pair: &&[Range<usize>]| {
            let [above, below] = pair else { return false };
            let content = &text[above.clone()];
            let is_item = text[below.clone()].trim_start().starts_with("- ");
            let key = match content.trim_end().ends_with(':') {
                true => key(content).filter(|_| !is_item).map(|(key, _)| key.start),
                false => header(content),
            };
            key.is_some_and(|key| {
                columns(below, tab) <= columns(above, tab) + key - indent(above).len()
            })
        };
        lines.windows(2).filter(is_flaw).count()
    };
    let is_spaced = |line: &Range<usize>| !is_tabbed(&line) && !indent(line).is_empty();
    let has_spaces = lines.iter().any(is_spaced);
    let mut widths = TAB_WIDTHS.map(|tab| (fit(tab), tab));
    if has_spaces {
        widths.reverse();
    }
    widths.sort_by_key(|(fit, tab)| (flaws(*tab), Reverse(*fit)));
    let start = first.start + indent(first).find('\t').unwrap_or_default();
    let span = start..first.start + indent(first).len();
    let message = match tabbed.len() {
        1 => TABBED.to_owned(),
        2 => {
            "this line and another one are indented by tabs, but YAML allows only spaces".to_owned()
        }
        count => format!(
            "this line and {} others are indented by tabs, but YAML allows only spaces",
            count - 1
        ),
    };
    // A single line may be as deep as any other.
    let is_single = has_spaces && tabbed.len() == 1;
    let widths = widths.into_iter().filter(|(fit, _)| *fit > 0 || !is_single);
    widths
        .map(|(_, tab)| {
            let edits = tabbed.iter().map(|line| Edit {
                span: line.start..line.start + indent(line).len(),
                text: " ".repeat(columns(line, tab)),
            });
            let help = match tabbed.len() {
                1 => UNTABBED.to_owned(),
                _ => format!("replace each tab with {tab} spaces"),
            };
            let repair = Repair::not_safe(
                format!("replace each tab with {tab} spaces"),
                edits.collect(),
            );
            suspicion(span.clone(), message.clone(), help, repair)
        })
        .collect()
}
