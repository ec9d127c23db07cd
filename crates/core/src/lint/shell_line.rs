//! Recognizes a shell's command line in the place of a program.

use super::references;

/// Programs that a path of which is followed by arguments, and not by the rest of its name.
const PROGRAMS: [&str; 32] = [
    "env",
    "sh",
    "bash",
    "zsh",
    "dash",
    "python",
    "python2",
    "python3",
    "perl",
    "ruby",
    "node",
    "java",
    "echo",
    "cat",
    "cp",
    "mv",
    "rm",
    "ls",
    "mkdir",
    "test",
    "true",
    "false",
    "curl",
    "wget",
    "docker",
    "podman",
    "apptainer",
    "kill",
    "sleep",
    "ssh",
    "sudo",
    "nohup",
];

/// Endings of programs that a Windows or macOS names with spaces.
const ENDINGS: [&str; 5] = [".exe", ".bat", ".cmd", ".com", ".app"];

/// Endings of files that a program before them reads.
const SCRIPTS: [&str; 4] = [".sh", ".py", ".pl", ".ps1"];

/// Returns true if `command`, which names a program, is rather a line of a shell: with arguments, operators, variables
/// or quotes. The names of programs can have spaces too: `C:\Program Files\Blender\blender.exe`.
pub(crate) fn is_one(command: &str) -> bool {
    let mut text = command.trim().to_owned();
    for range in references::ranges(&text).into_iter().rev() {
        text.replace_range(range, "x");
    }
    let (program, rest) = text.split_once(char::is_whitespace).unwrap_or((&text, ""));
    if has_operator(&text) || is_in_typographic_quotes(&text) {
        return true;
    }
    if rest.is_empty() {
        return false;
    }
    let is_path = |word: &str| word.contains(['/', '\\', ':']);
    let has_option = rest
        .split_whitespace()
        .any(|word| word.starts_with('-') && word.len() > 1);
    let ends_in = |word: &str, endings: &[&str]| {
        let word = word.to_lowercase();
        endings.iter().any(|ending| word.ends_with(ending))
    };
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    // A program by its full name is followed by its arguments.
    let is_complete = ends_in(program, &ENDINGS) || ends_in(program, &SCRIPTS);
    let is_name = !PROGRAMS.contains(&name)
        && !is_complete
        && (is_path(program) || ends_in(&text, &ENDINGS) && !is_path(rest));
    has_option || !is_name
}

/// Returns true for a text in quotes of a word processor, which quote nothing.
pub(crate) fn is_in_typographic_quotes(text: &str) -> bool {
    text.starts_with(['“', '”', '‘', '’', '„', '«'])
}

/// Returns true for what only a shell understands.
fn has_operator(text: &str) -> bool {
    let is_variable = text
        .split('$')
        .skip(1)
        .any(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic() || "_{(?".contains(c)));
    let operators = [
        "&&", "||", " | ", " > ", " >> ", " < ", "2>", "; ", " & ", "`",
    ];
    let quotes = text.split('"').count() > 2 || text.split('\'').count() > 2;
    let is_home = text.starts_with("~/");
    let has = operators.iter().any(|operator| text.contains(operator));
    is_variable || quotes || has || is_home || has_windows_variable(text)
}

/// Returns true for `%NAME%`.
fn has_windows_variable(text: &str) -> bool {
    let parts: Vec<_> = text.split('%').collect();
    let inner = parts.get(1..parts.len() - 1).unwrap_or_default();
    let is_name = |part: &&str| {
        part.len() > 1
            && part.starts_with(|c: char| c.is_ascii_alphabetic())
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_()".contains(c))
    };
    inner.iter().any(is_name)
}

/// Returns true for a line that only the shell of Windows understands.
pub(crate) fn is_for_windows(line: &str) -> bool {
    let mut words = line.split_whitespace();
    let is_path = |word: &str| {
        let bytes = word.trim_start_matches('"').as_bytes();
        matches!(bytes, [drive, b':', b'\\', ..] if drive.is_ascii_alphabetic())
    };
    has_windows_variable(line) || words.next().is_some_and(is_path)
}

/// Returns the words of a line in which a shell would do nothing but part them; `None` for any other.
pub(crate) fn words(line: &str) -> Option<Vec<&str>> {
    let line = line.trim();
    let ranges = references::ranges(line);
    let is_inside = |at: usize| ranges.iter().any(|range| range.contains(&at));
    let is_special =
        |(at, c): (usize, char)| !is_inside(at) && "$`\"'\\;&|<>()*?[]{}~#!\n".contains(c);
    if line.char_indices().any(is_special) {
        return None;
    }
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in line.char_indices() {
        match (c.is_whitespace() && !is_inside(at), start) {
            (true, Some(from)) => {
                words.push(&line[from..at]);
                start = None;
            }
            (false, None) => start = Some(at),
            _ => {}
        }
    }
    words.extend(start.map(|from| &line[from..]));
    // `cd` and the like are parts of a shell, and `A=1 program` sets a variable.
    let first = words.first()?;
    let is_of_shell = [
        "cd", "export", "source", ".", "set", "exec", "eval", "alias", "ulimit", "umask",
    ]
    .contains(first);
    (!is_of_shell && !first.contains('=')).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::{is_one, words};

    #[test]
    fn a_line_of_a_shell_is_told_from_the_name_of_a_program() {
        for line in [
            "kill -0 $LICD_PID",
            "echo hi",
            "docker ps",
            "a | b",
            "a && b",
            "$HOME/bin/tool",
            "${TOOLS}/x",
            "~/bin/tool",
            "%TOOLS%\\x.exe",
            "/usr/bin/env python3",
            "blender -b x.blend",
            "python script.py",
            "blender render.py",
            "\"a b\" c",
            "{{Param.Blender}} -b {{Param.File}}",
            "/opt/blender/blender -b",
            "/opt/tools/run.sh scene.ma",
            "C:\\blender\\blender.exe -b",
            "C:\\blender\\blender.exe scene.blend",
            "cd x; ls",
            "set A=1 && render",
            "`which x`",
        ] {
            assert!(is_one(line), "{line}");
        }
        for program in [
            "bash",
            "/opt/my tools/render",
            "C:\\Program Files\\Blender\\blender.exe",
            "C:\\Program Files (x86)\\Tools\\x.exe",
            "C:/Program Files/Adobe/After Effects.exe",
            "{{ Param.Tool }}",
            "{{Env.File.Run}}",
            "{{ Param.Dir }}/my tool",
            "/Applications/Adobe After Effects 2024/aerender",
            "After Effects.exe",
            "it's",
            "100%",
            "a%20b%20c",
        ] {
            assert!(!is_one(program), "{program}");
        }
    }

    #[test]
    fn only_a_line_without_shell_syntax_has_words() {
        let some = |line| words(line).unwrap_or_default();
        assert_eq!(some("kill  -0 12"), ["kill", "-0", "12"]);
        assert_eq!(some("a {{ Param.X }}/b c"), ["a", "{{ Param.X }}/b", "c"]);
        for line in [
            "a $B",
            "a | b",
            "echo 'x y'",
            "ls *.exr",
            "cd x",
            "A=1 b",
            "a\nb",
        ] {
            assert_eq!(words(line), None, "{line}");
        }
    }
}
