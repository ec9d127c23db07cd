//! The embedded files that are run as programs, without an interpreter in front of them.

use super::commands::File;
use super::hosts::Families;
use super::pass::Pass;
use std::collections::HashSet;

/// Endings of files that Windows runs.
const OF_WINDOWS: [&str; 5] = ["bat", "cmd", "com", "exe", "ps1"];

/// Returns each file that is the `command` of an action or a check on a POSIX host, once.
pub(crate) fn on_posix<'p, 'd>(pass: &'p Pass<'_, 'd>) -> Vec<&'p File<'d>> {
    let template = pass.context.document.value();
    let mut seen = HashSet::new();
    let programs = pass.commands.all().filter_map(|action| {
        let file = action.file()?;
        let ending = file.file_name.rsplit('.').next().unwrap_or_default();
        let is_of_windows = OF_WINDOWS.contains(&ending.to_lowercase().as_str())
            || Families::of(template, action.owner.home).is_windows_only();
        (!is_of_windows && seen.insert(&file.data.path)).then_some(file)
    });
    programs.collect()
}
