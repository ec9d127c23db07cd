//! Texts that people would not write.

use arbitrary::{Result, Unstructured};

/// Texts that a terminal, a runner of workflows or a reader of XML, JSON, YAML or shell code could obey.
pub const NASTY: [&str; 30] = [
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{1b}]8;;http://x\u{1b}\\",
    "\u{1b}",
    "\u{9b}2J",
    "\n::error::a",
    "\n  ::add-mask::b",
    "::",
    "##[error]c",
    "##vso[task]d",
    "##",
    "\r",
    "\n",
    "\u{85}",
    "\u{2028}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{fffe}",
    "\u{e0041}",
    "\0",
    "漢字e\u{301}🎬",
    "]]>&<\"'",
    "%0A::error::",
    "{{",
    "}}",
    "$(",
    " # ",
    "openjd-monitor: ignore[syntax]",
];

/// Returns a text of a few pieces.
pub fn any(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::new();
    for _ in 0..u.int_in_range(1..=4)? {
        match u.int_in_range(0..=3)? {
            0 => text.push(u.arbitrary()?),
            1 => text.push(char::from(u.int_in_range(b' '..=b'~')?)),
            _ => text.push_str(u.choose(&NASTY)?),
        }
    }
    Ok(text)
}

/// Returns a text that can name a file.
pub fn file_name(u: &mut Unstructured<'_>) -> Result<String> {
    let text = any(u)?.replace(['/', '\0'], "");
    let end = text.floor_char_boundary(text.len().min(200));
    Ok(format!("a{}.yaml", &text[..end]))
}
