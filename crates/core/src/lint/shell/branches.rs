//! The `if` that ends a script, and the commands of its branches.

use super::{Command, Joint};

/// Returns the index of the command with the `if` that the last command ends; `None` if the script ends in
/// another way, or with an `if` inside of it.
pub(super) fn start(commands: &[Command]) -> Option<usize> {
    let first = |command: &Command| command.words.first().map(|word| word.text.clone());
    let (last, before) = commands.split_last()?;
    let is_end = last.words.len() == 1 && last.joint == Joint::Next && last.redirections.is_empty();
    if !is_end || first(last)? != "fi" {
        return None;
    }
    let start = before
        .iter()
        .rposition(|command| first(command).as_deref() == Some("if"))?;
    let is_simple = |command: &Command| match first(command).as_deref() {
        Some("fi" | "for" | "while" | "until" | "case" | "{" | "do" | "done" | "esac" | "}") => {
            false
        }
        Some(_) => true,
        None => false,
    };
    let inside = &before[start + 1..];
    (commands[start].joint == Joint::Next && inside.iter().all(is_simple)).then_some(start)
}

/// Returns true if every command of each branch succeeds; the conditions do not matter.
pub(super) fn succeed(compound: &[Command], succeeds: &dyn Fn(&Command) -> bool) -> bool {
    let mut is_condition = true;
    let mut branches = 0;
    let inside = &compound[..compound.len().saturating_sub(1)];
    inside.iter().all(|command| {
        let keyword = command.words.first().map(|word| word.text.as_str());
        match keyword {
            Some("if" | "elif") => is_condition = true,
            Some("then" | "else") => {
                is_condition = false;
                branches += 1;
            }
            _ => {}
        }
        let is_keyword = matches!(keyword, Some("then" | "else"));
        // Its commands may start on the next line.
        let is_alone = is_keyword && command.words.len() == 1;
        is_condition || is_alone || succeeds(&without_keyword(command, is_keyword))
    }) && branches > 0
}

/// The command behind `then` or `else`.
fn without_keyword(command: &Command, is_keyword: bool) -> Command {
    let words = &command.words[usize::from(is_keyword)..];
    Command {
        joint: command.joint,
        words: words.to_vec(),
        redirections: command.redirections.clone(),
        is_background: command.is_background,
    }
}
