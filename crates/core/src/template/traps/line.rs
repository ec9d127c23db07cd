//! Parts of a line of YAML.

use std::ops::Range;

/// Returns the number of spaces and tabs that `line` starts with.
pub(super) fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Returns the key of a line such as `- key: value`, and its place in the line.
pub(super) fn key(line: &str) -> Option<(Range<usize>, &str)> {
    let mut start = indentation(line);
    while is_dash(&line[start..]) {
        start += 1 + indentation(&line[start + 1..]);
    }
    let length = line[start..].find(|c: char| !is_key_char(c))?;
    let rest = &line[start + length..];
    let is_key = length > 0 && (rest == ":" || rest.starts_with(": ") || rest.starts_with(":\t"));
    is_key.then(|| (start..start + length, &line[start..start + length]))
}

pub(super) fn is_key_char(c: char) -> bool {
    c.is_alphanumeric() || ['_', '.', '-'].contains(&c)
}

/// Returns true for the name of an anchor, and false for a part of a pattern or of shell code.
pub(super) fn is_anchor_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_anchor_char)
}

pub(super) fn is_anchor_char(c: char) -> bool {
    !c.is_whitespace() && !".,:;?/\\*&|<>()[]{}$%'\"`~!".contains(c)
}

/// Returns true for the start of a list item.
pub(super) fn is_dash(rest: &str) -> bool {
    rest.starts_with("- ") || rest.starts_with("-\t")
}

/// Returns a line up to its comment. A `#` in quotes may begin one as well.
pub(super) fn without_comment(line: &str) -> &str {
    line.split(" #").next().unwrap_or_default().trim_end()
}
