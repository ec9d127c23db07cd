//! Slips of the pen in the text of a template: signs that are missing, doubled or of another script, lines that are
//! indented otherwise, values without their quotes, and traces of other programs.

use arbitrary::{Result, Unstructured};
use std::ops::Range;

/// Signs, each with what is written in its place.
const SIGNS: [(&str, &[&str]); 22] = [
    (":", &["", "::", " :", "：", "﹕", "∶", "=", "=>", " = "]),
    (
        ": ",
        &[
            ":", " ", ":\t", ":  ", ": :", ":\u{a0}", ": - ", ":\n", "：", ": |\n",
        ],
    ),
    (
        ": ",
        &[
            ": @", ": *", ": &", ": %", ": !", ": `", ": > ", ": | ", ": [", ": {", ": - ", ": # ",
            ": \"", ": '",
        ],
    ),
    (
        ",",
        &["", ",,", " ", "，", "﹐", "、", ";", "]", "\n", " #,"],
    ),
    (", ", &[",", " ", ",\n", ", , ", ",\u{3000}", "\n"]),
    (
        "- ",
        &[
            "-", "", "– ", "— ", "− ", "• ", "* ", "+ ", "-\t", "-\u{a0}", "- - ", "--", " - ",
            "-  ",
        ],
    ),
    (
        "\"",
        &[
            "", "'", "\"\"", "“", "”", "„", "`", "\\\"", "\\\\\"", "\"\"\"",
        ],
    ),
    ("'", &["", "\"", "''", "‘", "’", "`", "\\'"]),
    ("[", &["", "(", "{", "[[", "[ ", "[\n"]),
    ("]", &["", ")", "}", "]]", ",]", "\n]", "] x"]),
    ("{", &["", "[", "{{", "{\n", "${"]),
    ("}", &["", "]", "}}", ",}", "\n}", "} x"]),
    ("{{", &["{", "${", "{ {", "{%", "{{ {{"]),
    ("}}", &["}", "} }", "%}", "", "}} }}"]),
    (
        "\n",
        &[
            "", " ", "\r\n", "\r", "\n\n", "\n \n", "\n\t\n", "\n# x\n", "\\\n", "\u{2028}",
            "\u{85}",
        ],
    ),
    (
        " ",
        &["", "  ", "\t", "\u{a0}", "\u{3000}", "\u{200b}", "\u{feff}"],
    ),
    ("\\", &["", "\\\\", "/"]),
    ("|", &[">", "", "|+", "||"]),
    ("true", &["True", "TRUE", "yes"]),
    ("null", &["None", "undefined", "nil", "~"]),
    (
        "0",
        &["0x1", ".5", "5.", "+1", "1_0", "007", "1e999", "NaN"],
    ),
    (
        "name",
        &[
            "\"name\"",
            "name ",
            "Name",
            "-name",
            "name\u{200b}",
            "na me",
            "n\u{430}me",
        ],
    ),
];

/// Values that need quotes, or have the wrong ones.
const VALUES: [&str; 24] = [
    "\"C:\\new\\Projects\\x\"",
    "\"C:\\out\\\"",
    "\"\\\\server\\share\"",
    "[\"--out=C:\\dir\", \"\\d+\\.exr\"]",
    "\"\\ud83d\\u0041\\x4\"",
    "\"echo \"a\" b\"",
    "'it's'",
    "{{Param.A}}",
    "[{{Param.A}}, {{Param.B}}]",
    "{Param.A}",
    "[ -f x ] && y",
    "[[ -f x ]] && y",
    "[a # b, c]",
    "note: this",
    "@a",
    "*",
    "*a",
    "&a b",
    "<<: *a",
    "- a",
    "|\n  a\n b\n# c",
    ">-\na\n",
    "(1, 2)",
    "`a`",
];

/// Lines that other programs leave in a file.
const LINES: [&str; 14] = [
    "```yaml",
    "```",
    "$ cat > job.yaml <<EOF",
    "EOF",
    "<<<<<<< HEAD",
    "=======",
    ">>>>>>> theirs",
    "---",
    "...",
    "%YAML 1.2",
    "// x",
    "/* x */",
    "# x",
    "x",
];

/// Makes a few slips in a text.
pub fn make(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    for _ in 0..u.int_in_range(1..=3)? {
        match u.int_in_range(0..=9)? {
            0..=4 => sign(u, text)?,
            5..=6 => indentation(u, text)?,
            7 => value(u, text)?,
            8 => line(u, text)?,
            _ => {
                let at = text.floor_char_boundary(u.int_in_range(0..=text.len())?);
                match u.ratio(1, 2)? {
                    true => text.truncate(at),
                    false => drop(text.drain(..at)),
                }
            }
        }
    }
    Ok(())
}

/// Writes something else in place of a sign, or of all such signs of a line or of the text.
fn sign(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    let (sign, others) = *u.choose(&SIGNS)?;
    let other = *u.choose(others)?;
    let places: Vec<_> = text.match_indices(sign).map(|(at, _)| at).collect();
    if places.is_empty() {
        return Ok(());
    }
    let at = *u.choose(&places)?;
    let span = match u.int_in_range(0..=7)? {
        0 => 0..text.len(),
        1 => {
            let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            start..end.max(at + sign.len())
        }
        _ => at..at + sign.len(),
    };
    let written = text[span.clone()].replace(sign, other);
    text.replace_range(span, &written);
    Ok(())
}

/// Moves some lines that follow each other, or indents them by other characters.
fn indentation(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    let lines = lines(text);
    let first = u.choose_index(lines.len())?;
    let count = match u.ratio(1, 6)? {
        true => lines.len(),
        false => u.int_in_range(1..=6)?,
    };
    let kind = u.int_in_range(0..=7)?;
    let by = u.int_in_range(1..=4)?;
    // From the last on, so that the places before it stay.
    for line in lines[first..].iter().take(count).rev() {
        let content = &text[line.clone()];
        let indent = content.len() - content.trim_start_matches([' ', '\t']).len();
        let old = line.start..line.start + indent;
        let new = match kind {
            0..=1 => " ".repeat(indent + by),
            2..=3 => " ".repeat(indent.saturating_sub(by)),
            4 => "\t".repeat(indent / 2),
            5 => "\t".repeat(indent / 4) + &" ".repeat(indent % 4),
            6 => " ".repeat(indent) + "\t",
            _ => "\u{a0}".repeat(indent),
        };
        text.replace_range(old, &new);
    }
    Ok(())
}

/// Writes another value behind a key or a dash.
fn value(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    let line = u.choose(&lines(text))?.clone();
    let content = &text[line.clone()];
    let sign = [": ", "- "].iter().find_map(|sign| content.rfind(sign));
    let start = sign.map_or(line.start, |at| line.start + at + 2);
    text.replace_range(start..line.end, u.choose(&VALUES)?);
    Ok(())
}

/// Adds, repeats, moves or removes a line.
fn line(u: &mut Unstructured<'_>, text: &mut String) -> Result<()> {
    let lines = lines(text);
    let line = u.choose(&lines)?.clone();
    let whole = line.start..text.len().min(line.end + 1);
    match u.int_in_range(0..=4)? {
        0..=1 => text.insert_str(line.start, &format!("{}\n", u.choose(&LINES)?)),
        2 => text.insert_str(line.start, &format!("{}\n", &text[line.clone()])),
        3 => {
            let moved = text[whole.clone()].to_owned();
            text.replace_range(whole, "");
            let lines = self::lines(text);
            let at = u.choose(&lines)?.start;
            text.insert_str(at, &moved);
        }
        _ => text.replace_range(whole, ""),
    }
    Ok(())
}

/// The bytes of each line without its line break; there is always one.
fn lines(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let lines = text.split('\n').map(|line| {
        let span = start..start + line.len();
        start = span.end + 1;
        span
    });
    lines.collect()
}
