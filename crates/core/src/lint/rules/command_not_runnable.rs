//! `command-not-runnable`: a file that is run as a program, and may not be.

use crate::lint::commands::File;
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::programs;
use crate::lint::rule::{Rule, rule};
use crate::template::Change;
use serde_json::json;

pub(super) static RULE: Rule = rule!(
    "command-not-runnable",
    Warning,
    "an embedded file that is a `command`, and is not `runnable`",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let files = programs::on_posix(pass).into_iter();
    files
        .filter(|file| !file.is_runnable)
        .filter_map(|file| judge(pass, file))
        .collect()
}

fn judge(pass: &Pass<'_, '_>, file: &File<'_>) -> Option<Draft> {
    let entry = file.data.path.parent()?;
    let written = entry.key("runnable");
    let (place, change) = match written.get(pass.context.document.value()) {
        // `wrong-type` reports any other.
        Some(value) if !value.is_boolean() && !value.is_null() => return None,
        Some(_) => (
            Place::Value(written.clone()),
            Change::Write(written, json!(true)),
        ),
        None => {
            let after = entry.key("name");
            let entries = vec![("runnable".to_owned(), json!(true))];
            (
                Place::Value(after.clone()),
                Change::Insert { after, entries },
            )
        }
    };
    let name = file.name;
    let message = format!(
        "`{name}` is run as a program, and is not `runnable`: on Linux and macOS, permission is denied"
    );
    let draft = Draft::new(&RULE, place, message)
        .help("write `runnable: true`, or run it with its interpreter, as in `command: bash`");
    let title = format!("let `{name}` be run");
    Some(draft.fix(Proposal::safe(title, change)))
}
