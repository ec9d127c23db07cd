//! Programs whose exit status does not answer the question of a check.

use super::{CONTAINER_CLIENTS, Word, behind_timeout};

/// Reason that the exit status of a program does not answer the question of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weakness {
    /// It lists containers, and is 0 even if the list is empty.
    Containers,
    /// It lists instances of Apptainer.
    Instances,
    /// `find` lists files.
    Files,
    /// It lists processes, ports or services.
    Processes,
    /// `curl` takes an HTTP error for an answer.
    Http,
    /// `ps … | grep NAME` matches the `grep` itself.
    Itself,
}

/// Returns the weakness of a program with its arguments, also behind `timeout`.
pub(super) fn of(words: &[Word]) -> Option<Weakness> {
    let (name, arguments) = behind_timeout(words)?;
    let arguments: Vec<_> = arguments.iter().map(|word| word.text.as_str()).collect();
    let arguments = arguments.as_slice();
    let asks_for_help = arguments.iter().any(|text| ["--help", "-h"].contains(text));
    match name.to_lowercase().as_str() {
        name if CONTAINER_CLIENTS.contains(&name) => {
            let lists = match arguments {
                ["ps", ..] | ["compose", "ps", ..] => true,
                ["container", command, ..] => ["ps", "ls", "list"].contains(command),
                _ => false,
            };
            (lists && !asks_for_help).then_some(Weakness::Containers)
        }
        "apptainer" | "singularity" => {
            let lists = matches!(arguments, ["instance", "list", ..] | ["instance.list", ..]);
            lists.then_some(Weakness::Instances)
        }
        "find" => {
            let is_test = |text: &&str| {
                [
                    "-mmin", "-mtime", "-newer", "-newermt", "-cmin", "-amin", "-name", "-size",
                ]
                .contains(text)
            };
            let runs = |text: &&str| text.starts_with("-exec") || text.starts_with("-ok");
            let tests = arguments.iter().any(is_test) && !arguments.iter().any(runs);
            tests.then_some(Weakness::Files)
        }
        "tasklist" | "netstat" | "ss" => Some(Weakness::Processes),
        "curl" => takes_errors_for_answers(arguments).then_some(Weakness::Http),
        _ => None,
    }
}

/// Returns true for a `curl` of an HTTP server without `--fail`, whose status nobody is told.
fn takes_errors_for_answers(arguments: &[&str]) -> bool {
    let mut has_address = false;
    for text in arguments {
        match text.strip_prefix('-') {
            Some(long) if long.starts_with('-') => {
                let long = &long[1..];
                if long.starts_with("fail") || ["write-out", "config", "version"].contains(&long) {
                    return false;
                }
            }
            Some(letters) => {
                // The letters up to the first that takes a value.
                let end = letters.find(|c: char| "mouHXdbAeTKrxEUwC".contains(c));
                let flags = &letters[..end.map_or(letters.len(), |end| end + 1)];
                if flags.contains(['f', 'w', 'K', 'V']) {
                    return false;
                }
            }
            None => {
                let scheme = text.split_once("://").map(|(scheme, _)| scheme);
                has_address |= match scheme {
                    Some(scheme) => ["http", "https"].contains(&scheme),
                    None => text.starts_with("localhost") || text.starts_with("127.0.0.1"),
                };
            }
        }
    }
    has_address
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::shell::{Language, read};

    #[test]
    fn a_program_is_found_behind_any_number_of_timeouts() {
        for (depth, program, weakness) in [
            (0, "docker ps", Some(Weakness::Containers)),
            (1, "docker ps", Some(Weakness::Containers)),
            (100_000, "docker ps", Some(Weakness::Containers)),
            (100_000, "docker inspect x", None),
        ] {
            let line = "timeout 1 ".repeat(depth) + program;
            let script = read(&line, Language::Sh, &[]);
            assert_eq!(of(&script.commands[0].words), weakness, "{depth} {program}");
        }
    }
}
