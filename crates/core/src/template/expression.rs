//! Nesting depth of the expressions in a text, which can overflow the stack of their parser.

use crate::search;

/// Brackets and signs within each other, as deep as it gets: in `{{…}}`, or in all of a text that
/// `is_expression` as a whole. A text with more closing brackets than opening ones is no worse for it.
pub(super) fn depth(text: &str, is_expression: bool) -> usize {
    let starts: Vec<_> = match is_expression {
        true => vec![0],
        false => search::all(text, "{{").map(|at| at + 2).collect(),
    };
    let mut deepest = 0;
    let mut end = 0;
    for start in starts.into_iter() {
        // Within an interpolation that has been looked at.
        if start < end {
            continue;
        }
        let rest = &text[start..];
        let length = match is_expression {
            true => rest.len(),
            false => search::find(rest, "}}").unwrap_or(rest.len()),
        };
        end = start + length;
        let (mut open, mut signs): (usize, usize) = (0, 0);
        for c in rest[..length].chars().filter(|c| !c.is_whitespace()) {
            match c {
                '(' | '[' | '{' => open += 1,
                ')' | ']' | '}' => open = open.saturating_sub(1),
                _ => {}
            }
            signs = if "+-~".contains(c) { signs + 1 } else { 0 };
            deepest = deepest.max(open + signs);
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_signs_count_where_expressions_are() {
        assert_eq!(depth("((( {{ f(a[1]) + -1 }} ---", false), 2);
        assert_eq!(depth("{{ (1) }} {{ ((1)) }}", false), 2);
        assert_eq!(depth("{{ - -1 }}", false), 2);
        assert_eq!(depth("((1))", false), 0);
        assert_eq!(depth("x = ((1))", true), 2);
        assert_eq!(depth("{{ ))((", false), 2);
        assert_eq!(depth(&format!("{{{{{}", "(".repeat(5000)), false), 5000);
    }
}
