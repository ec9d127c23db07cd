//! `runnable-without-shebang`: a file that is run as a program, and does not name its interpreter.

use crate::lint::commands::File;
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::programs;
use crate::lint::rule::{Rule, rule};

pub(super) static RULE: Rule = rule!(
    "runnable-without-shebang",
    Warning,
    "an embedded file that is run as a program, and does not start with `#!`",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let files = programs::on_posix(pass).into_iter();
    files.filter_map(judge).collect()
}

fn judge(file: &File<'_>) -> Option<Draft> {
    // What an interpolation adds may start with it.
    if file.text.starts_with("#!") || file.text.starts_with("{{") {
        return None;
    }
    let name = file.name;
    let place = Place::Value(file.data.path.clone());
    let late = file
        .text
        .trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    Some(match late.starts_with("#!") {
        true => Draft::new(&RULE, place, format!("the `#!` line of `{name}` is not its first line"))
            .help("start the text with `#!`: nothing may stand before it, not even an empty line"),
        false => Draft::new(&RULE, place, format!("`{name}` is run as a program, and has no `#!` line: a shell runs it, whatever its language is, or it does not start"))
            .help("start it with a line such as `#!/usr/bin/env bash`, or run it with its interpreter, as in `command: bash`"),
    })
}
