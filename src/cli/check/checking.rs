//! Checks files in parallel, and applies their fixes in memory.

use super::Arguments;
use super::fixing::Fixing;
use super::stack::Stack;
use crate::cli::atomic::Snapshot;
use crate::cli::files::Input;
use crate::cli::progress::Progress;
use crate::config::Configured;
use crate::report::Template;
use openjd_monitor_core::lint;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;
use std::io;
use std::thread;

/// Stack of a thread that checks, in bytes: as large as that of the main thread on most systems. Templates nest to a
/// limited depth, which takes a part of it.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// A file that may be a template, with its configuration.
pub(super) type Candidate<'f> = (&'f Input, Configured);

/// Result of a check of one file.
pub(super) struct Outcome {
    /// File before its fixes, if fixes are to be applied.
    pub before: Option<Snapshot>,
    /// Template as it was read; `None` for a file that is no template.
    pub template: Option<Template>,
    /// Template with its fixes, if there are any to apply.
    pub fixed: Option<Template>,
    /// Reason why a file that is no template so far may be one all the same.
    pub doubt: Option<Doubt>,
}

/// Reason why it cannot be told whether a file is a template.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doubt {
    /// It is larger than this limit, in bytes.
    TooLarge(u64),
    /// It is in no encoding that is known.
    NoText,
}

/// Checks the files in parallel; returns the outcomes in the order of `candidates`.
pub(super) fn check_all(
    candidates: &[Candidate<'_>],
    stack: &Stack,
    arguments: &Arguments,
) -> Vec<io::Result<Outcome>> {
    let progress = Progress::of(candidates.len(), "files checked", arguments.quiet);
    let check = |(input, configured): &Candidate<'_>| {
        let settings = arguments.over(configured.settings());
        let outcome = check_one(input, stack, &settings, &arguments.fixing);
        progress.step();
        outcome
    };
    let pool = || {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        ThreadPoolBuilder::new()
            .num_threads(cores.min(candidates.len()))
            .stack_size(STACK_BYTES)
            .build()
    };
    let outcomes = match candidates {
        [] | [_] => candidates.iter().map(check).collect(),
        _ => match pool() {
            Ok(pool) => pool.install(|| candidates.par_iter().map(check).collect()),
            // Without threads, the files are checked one by one.
            Err(_) => candidates.iter().map(check).collect(),
        },
    };
    progress.clear();
    outcomes
}

fn check_one(
    input: &Input,
    stack: &Stack,
    settings: &lint::Settings,
    fixing: &Fixing,
) -> io::Result<Outcome> {
    let check = |bytes: &[u8]| {
        let settings = stack.around(input, bytes, settings);
        lint::check(bytes, input.syntax, &settings)
    };
    let template = |bytes: &[u8]| {
        let checked = check(bytes);
        let found = checked.found?;
        Some(Template::of(input.name.clone(), checked.source, found))
    };
    let doubt = |bytes: &[u8]| match bytes.len() as u64 > settings.max_bytes {
        true => Some(Doubt::TooLarge(settings.max_bytes)),
        false => str::from_utf8(bytes).err().map(|_| Doubt::NoText),
    };
    if !fixing.is_wanted() {
        let bytes = input.read(settings.max_bytes)?;
        let template = template(&bytes);
        return Ok(Outcome {
            doubt: doubt(&bytes),
            before: None,
            template: template.map(Template::without_needless_text),
            fixed: None,
        });
    }
    let before = input.snapshot(settings.max_bytes)?;
    let template = template(&before.bytes);
    let fixed = template
        .as_ref()
        .and_then(|template| fixing.apply(template, check));
    if fixing.fix && fixed.is_none() && template.is_some() && !input.is_stdin() {
        before.remove_leftover();
    }
    Ok(Outcome {
        doubt: doubt(&before.bytes),
        // Standard input is written out in any case.
        before: (fixed.is_some() || input.is_stdin()).then_some(before),
        template: template.map(Template::without_needless_text),
        fixed,
    })
}
