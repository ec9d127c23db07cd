//! Applies the fixes of findings to templates.

use crate::cli::atomic::Snapshot;
use crate::cli::files::{self, Input};
use crate::report::Template;
use crate::screen::Screen;
use openjd_monitor_core::lint::{self, Checked, Finding, Fix, Safety};
use std::io;

// Options for fixes. A comment of documentation would become that of `check`.
#[derive(Debug, clap::Args)]
pub(super) struct Fixing {
    /// Apply the safe fixes, and report what is left; of standard input, the fixed text goes to
    /// standard output and the report to standard error
    #[arg(long, group = "fixing")]
    pub fix: bool,

    /// Show what --fix would change as a unified diff, instead of a report; exit status 1 if that is
    /// anything
    #[arg(long, group = "fixing", conflicts_with_all = ["format", "output", "baseline", "write_baseline"])]
    pub diff: bool,

    /// With --fix or --diff: also the fixes that may change what the template is meant to do
    #[arg(long, requires = "fixing")]
    unsafe_fixes: bool,
}

impl Fixing {
    /// Returns true if fixes are to be applied.
    pub fn is_wanted(&self) -> bool {
        self.fix || self.diff
    }

    /// Handles an excluded file: with `--fix`, standard input is copied to standard output.
    pub fn pass_over(&self, input: &Input, out: &mut Screen<'_>) -> io::Result<()> {
        match self.fix && input.is_stdin() {
            true => io::copy(&mut io::stdin().lock(), &mut out.raw()?).map(drop),
            false => Ok(()),
        }
    }

    /// Applies fixes until none is left. Returns `None` if there are none. `check` checks each new text.
    pub fn apply(&self, original: &Template, check: impl Fn(&[u8]) -> Checked) -> Option<Template> {
        let is_wanted = |_: &Finding, fix: &Fix| self.unsafe_fixes || fix.safety == Safety::Safe;
        let text = original.source.text();
        let fixed = lint::fixed(text, original.findings(), &is_wanted, &check)?;
        let mut template = Template::of(original.path.clone(), fixed.source, fixed.found);
        template.fixed = fixed.count;
        Some(template)
    }

    /// Writes the fixed file, or shows the fixes as a diff.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be replaced; it is unchanged then.
    pub fn finish(
        &self,
        input: &Input,
        before: &Snapshot,
        fixed: Option<&Template>,
        out: &mut Screen<'_>,
    ) -> io::Result<()> {
        let after = fixed.map_or(&*before.bytes, |template| template.source.text().as_bytes());
        match fixed {
            _ if self.fix && input.is_stdin() => out.raw()?.write_all(after),
            Some(_) if self.fix => before.replace(after),
            Some(template) if self.diff => {
                let before = String::from_utf8_lossy(&before.bytes);
                files::write_diff(&template.path, &before, template.source.text(), out)
            }
            _ => Ok(()),
        }
    }
}
