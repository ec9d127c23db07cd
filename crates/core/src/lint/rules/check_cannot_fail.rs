//! `check-cannot-fail`: a check whose exit status does not depend on what it looks at (RES-1).

use crate::lint::commands::{self, CheckCommand, Code};
use crate::lint::finding::{Draft, Place};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::shell::{self, Verdict, Weakness};
use std::ops::Range;

pub(super) static RULE: Rule = rule!(
    "check-cannot-fail",
    Warning,
    "a check that exits with status 0 whatever is wrong",
    ["RES-1"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    pass.commands.checks.iter().filter_map(judge).collect()
}

fn judge(check: &CheckCommand<'_, '_>) -> Option<Draft> {
    let command = Place::Value(check.run.action.path.key("command"));
    let Some(invocation) = &check.run.invocation else {
        let words = check.run.words();
        let program = words
            .first()
            .map(|word| word.text.clone())
            .unwrap_or_default();
        let verdict = shell::of_command(words)?;
        return Some(draft(command, &verdict, shell::base_name(&program)));
    };
    let options = &invocation.options;
    if let Some(code) = check.run.code.iter().rev().find(|code| code.is_whole) {
        let shebang: Vec<_> = match code.file {
            Some(_) if invocation.language.is_none() => interpreter_options(code.text),
            _ => options.clone(),
        };
        let verdict = shell::of_script(&code.script, code.language, &shebang)?;
        return Some(draft(
            place(code, &verdict),
            &verdict,
            written(code.text, &verdict),
        ));
    }
    // A command line in several arguments.
    let is_split = invocation.is_transparent && invocation.pieces.len() > 1;
    let pieces = invocation.pieces.iter().filter(|_| is_split);
    let texts: Vec<_> = pieces
        .map(|piece| commands::known(piece.value).text)
        .collect();
    let text = texts.join(" ");
    let language = invocation.language.filter(|_| is_split)?;
    let script = shell::read(&text, language, &[]);
    let verdict = shell::of_script(&script, language, options)?;
    Some(draft(command, &verdict, written(&text, &verdict)))
}

/// The options of the interpreter that the first line of a file names.
fn interpreter_options(text: &str) -> Vec<&str> {
    let line = text.lines().next().and_then(|line| line.strip_prefix("#!"));
    let words = line.into_iter().flat_map(str::split_whitespace);
    words.filter(|word| word.starts_with('-')).collect()
}

fn range(verdict: &Verdict) -> Option<&Range<usize>> {
    match verdict {
        Verdict::Empty => None,
        Verdict::Ends(range)
        | Verdict::Swallows(range)
        | Verdict::Pipes(range)
        | Verdict::Branches(range)
        | Verdict::Weak(_, range) => Some(range),
    }
}

/// The whole command line, or in a file the command that decides.
fn place(code: &Code<'_>, verdict: &Verdict) -> Place {
    match range(verdict) {
        Some(range) if code.file.is_some() && !range.is_empty() => {
            Place::Text(code.path.clone(), range.clone())
        }
        _ => Place::Value(code.path.clone()),
    }
}

/// The command that the verdict is about, as it is written.
fn written<'t>(text: &'t str, verdict: &Verdict) -> &'t str {
    range(verdict)
        .and_then(|range| text.get(range.clone()))
        .unwrap_or_default()
}

fn draft(place: Place, verdict: &Verdict, command: &str) -> Draft {
    let command = command.split('\n').next().unwrap_or_default();
    let message = match verdict {
        Verdict::Empty => "this check cannot fail: it contains no command".to_owned(),
        Verdict::Ends(_) => {
            format!("this check cannot fail: it ends with `{command}`, which exits with status 0")
        }
        Verdict::Swallows(_) => {
            format!("this check cannot fail: after a failure, `{command}` exits with status 0")
        }
        Verdict::Pipes(_) => {
            format!(
                "this check cannot fail: its exit status is that of `{command}` at the end of the pipe"
            )
        }
        Verdict::Branches(_) => {
            "this check cannot fail: each branch of its `if` ends with status 0".to_owned()
        }
        Verdict::Weak(weakness, _) => format!("this check {}", fault(*weakness)),
    };
    let help = match verdict {
        Verdict::Empty => {
            "add a command that exits with a status other than 0 when something is wrong"
        }
        Verdict::Ends(_) | Verdict::Swallows(_) => {
            "put the command that tests something last, so that its exit status is that of the check"
        }
        Verdict::Pipes(_) => {
            "end the pipe with a test such as `grep -q .`, or set `pipefail` in bash"
        }
        Verdict::Branches(_) => "end the branch in which something is wrong with `exit 1`",
        Verdict::Weak(weakness, _) => remedy(*weakness),
    };
    Draft::new(&RULE, place, message).help(help)
}

fn fault(weakness: Weakness) -> &'static str {
    match weakness {
        Weakness::Containers => "cannot fail: Docker exits with status 0 even if it lists nothing",
        Weakness::Instances => {
            "cannot fail: Apptainer exits with status 0 even if it lists nothing"
        }
        Weakness::Files => "cannot fail: `find` exits with status 0 even if no file matches",
        Weakness::Processes => "cannot fail: the list exits with status 0 whatever is on it",
        Weakness::Http => {
            "passes on an error of the server: `curl` exits with status 0 for an HTTP status such as 500, too"
        }
        Weakness::Itself => "cannot fail: `ps` lists the `grep`, which so finds itself",
    }
}

fn remedy(weakness: Weakness) -> &'static str {
    match weakness {
        Weakness::Containers => {
            "test its output, as in `docker ps -q --filter status=running … | grep -q .`"
        }
        Weakness::Instances => "test its output, as in `apptainer instance list … | grep -qw NAME`",
        Weakness::Files => "test its output, as in `find … | grep -q .`",
        Weakness::Processes => "test its output, with `grep -q` or the like",
        Weakness::Http => "add `--fail`",
        Weakness::Itself => "use `pgrep`, which leaves itself out, or a pattern such as `[n]ame`",
    }
}
