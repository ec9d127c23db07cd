//! Programs whose exit status does not tell what they are asked for.

use super::base_name;
use super::status::Weakness;

/// Returns the weakness of a program with these arguments, also behind `timeout`.
pub(super) fn of(name: &str, arguments: &[&str]) -> Option<Weakness> {
    let asks_for_help = arguments.iter().any(|text| ["--help", "-h"].contains(text));
    match name {
        "timeout" => {
            let is_limit =
                |text: &&&str| text.starts_with(|c: char| c.is_ascii_digit() || c == '-');
            let skipped = arguments.iter().take_while(is_limit).count();
            let (program, rest) = arguments[skipped..].split_first()?;
            of(base_name(program), rest)
        }
        "docker" | "podman" | "nerdctl" => {
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
