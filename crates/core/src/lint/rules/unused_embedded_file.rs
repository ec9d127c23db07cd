//! `unused-embedded-file`: a file that is written and never read.

use crate::lint::commands::{File, Owner};
use crate::lint::finding::{Draft, Place};
use crate::lint::mentions::Names;
use crate::lint::misnamed;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, Tag, rule};
use crate::lint::spelling;
use crate::template::{Segment, visit};
use std::cell::LazyCell;
use std::collections::HashSet;

pub(super) static RULE: Rule = rule!(
    "unused-embedded-file",
    Warning,
    "an embedded file that nothing refers to",
    []
)
.tagged(Tag::Unnecessary);

/// Maximum number of names without a file that may be meant to be one.
const MAX_STRAY: usize = 100;

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let scripts = pass.commands.scripts.iter();
    let owners = scripts.map(|script| &*script.owner);
    let owners = owners.filter(|owner| !owner.files.is_empty());
    let unused = owners.flat_map(|owner| unused(owner, &pass.mentions().within(owner.value)));
    unused.collect()
}

fn unused(owner: &Owner<'_>, names: &Names<'_>) -> Vec<Draft> {
    let prefix = if owner.is_step {
        "Task.File."
    } else {
        "Env.File."
    };
    let stray: Vec<_> = names
        .below(prefix)
        .filter(|name| owner.file(name).is_none())
        .take(MAX_STRAY)
        .collect();
    let words = LazyCell::new(|| words(owner));
    let is_used = |file: &File<'_>| {
        names.has(&format!("{prefix}{}", file.name))
            || stray.iter().any(|name| spelling::is_near(name, file.name))
            || is_found_by_name(file, &words)
    };
    // A name that is none is a mistake of its own.
    let unused = owner
        .files
        .iter()
        .filter(|file| misnamed::is_name(file.name) && !is_used(file));
    unused
        .filter_map(|file| {
            let place = Place::Value(file.data.path.parent()?.key("name"));
            let message = format!("nothing refers to `{prefix}{}`", file.name);
            let help = match file.file_name {
                "" => "remove the file, or pass its path to a command: without `filename`, nothing else finds it",
                _ => "remove the file, or pass its path to a command",
            };
            Some(Draft::new(&RULE, place, message).help(help))
        })
        .collect()
}

/// The words of everything but the names of the files.
fn words<'d>(owner: &Owner<'d>) -> HashSet<&'d str> {
    let mut words = HashSet::new();
    visit(owner.value, &mut |path, value| {
        let key = |name: &str| Segment::Key(name.into());
        let is_name = path.segments().contains(&key("embeddedFiles"))
            && path.segments().last() != Some(&key("data"));
        if let Some(text) = value.as_str().filter(|_| !is_name) {
            words.extend(parts(text));
        }
    });
    words
}

/// Returns true if a text has all parts of the file's name, except for its ending: other files of the folder may
/// import it as a module.
fn is_found_by_name<'d>(
    file: &File<'_>,
    words: &LazyCell<HashSet<&'d str>, impl FnOnce() -> HashSet<&'d str>>,
) -> bool {
    let name = file
        .file_name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    !stem.is_empty() && parts(stem).all(|part| words.contains(part))
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c: char| !c.is_alphanumeric() && c != '_');
    parts.filter(|part| !part.is_empty())
}
