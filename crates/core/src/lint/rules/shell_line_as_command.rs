//! `shell-line-as-command`: a command line in the place of a program.

use crate::lint::commands::ActionCommand;
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::lint::shell_line;
use crate::template::{Change, PathSet, flow};
use serde_json::{Value, json};

pub(super) static RULE: Rule = rule!(
    "shell-line-as-command",
    Warning,
    "a `command` with arguments or shell syntax: the whole line is looked up as the name of a program",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let said: PathSet = pass.facts.iter().map(|fact| fact.place.path()).collect();
    let checks = pass.commands.checks.iter().map(|check| &check.run);
    let runs = pass.commands.actions().chain(checks);
    runs.filter_map(|run| judge(run, &said)).collect()
}

fn judge(run: &ActionCommand<'_>, said: &PathSet) -> Option<Draft> {
    let command = run.action.child("command")?;
    let line = command.value.as_str()?;
    if said.covers(&command.path) || !shell_line::is_one(line) {
        return None;
    }
    let message =
        "`command` is the name of one program, but this is a command line, which no shell reads";
    let place = Place::Value(command.path.clone());
    let draft = Draft::new(&RULE, place, message);
    if shell_line::is_in_typographic_quotes(line.trim()) {
        let message = "typographic quotes quote nothing: they become part of the program's name";
        let draft = Draft {
            message: message.to_owned(),
            ..draft
        };
        return Some(draft.help("write it without them, or with `\"` for YAML"));
    }
    if shell_line::is_for_windows(line) {
        let written = format!(
            "`command: cmd` and `args: [\"/C\", {}]`",
            flow(&json!(line))
        );
        return Some(draft.help(format!("write {written}")));
    }
    let words = shell_line::words(line);
    let (program, args) = match words.as_deref() {
        // Without anything that a shell would do, no shell is needed.
        Some([program, args @ ..]) if !args.is_empty() => (*program, json!(args)),
        _ => ("sh", json!(["-c", line.trim()])),
    };
    let own = run.action.value.get("args").filter(|args| !is_empty(args));
    if own.is_some() {
        return Some(draft.help(match program {
            "sh" => "write `command: sh` and `args: [\"-c\", …]`, with all of the line in the text after `-c`".to_owned(),
            _ => format!(
                "write `command: {}`, and start `args` with {}",
                flow(&json!(program)),
                flow(&args).trim_matches(['[', ']'])
            ),
        }));
    }
    let help = format!(
        "write `command: {}` and `args: {}`",
        flow(&json!(program)),
        flow(&args)
    );
    let has_no_args = run.action.value.get("args").is_none();
    // In the code of a shell, a value that is put in can do more than it could as an argument.
    let is_safe = program != "sh" || !line.contains("{{") && !line.contains("Param.");
    let change = Change::All(vec![
        Change::Write(command.path.clone(), json!(program)),
        Change::Insert {
            after: command.path.clone(),
            entries: vec![("args".to_owned(), args)],
        },
    ]);
    let title = "split the line into a program and its arguments";
    let fix = match is_safe {
        true => Proposal::safe(title, change),
        false => Proposal::not_safe(title, change),
    };
    let draft = draft.help(help);
    Some(if has_no_args { draft.fix(fix) } else { draft })
}

fn is_empty(args: &Value) -> bool {
    args.is_null() || args.as_array().is_some_and(Vec::is_empty)
}
