//! Options that are command lines.

/// A program and its arguments, as a POSIX shell splits them; at least a program.
#[derive(Debug, Clone)]
pub(super) struct CommandLine(pub Vec<String>);

/// Reads one.
pub(super) fn parse(text: &str) -> Result<CommandLine, String> {
    match shlex::split(text) {
        Some(words) if !words.is_empty() => Ok(CommandLine(words)),
        Some(_) => Err("no command".to_owned()),
        None => Err("a quote is not closed".to_owned()),
    }
}
