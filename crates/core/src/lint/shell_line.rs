//! Recognizes a shell's command line in the place of a program.

use super::references;

/// Programs that a path of which is followed by arguments, and not by the rest of its name.
const PROGRAMS: [&str; 12] = [
    "env", "sh", "bash", "python", "python3", "echo", "cat", "test", "true", "curl", "docker",
    "kill",
];

/// Returns true if `command`, which names a program, is rather a line of a shell: with arguments, operators, variables
/// or quotes. The names of programs can have spaces too: `C:\Program Files\Blender\blender.exe`.
pub(crate) fn is_one(command: &str) -> bool {
    let mut text = command.trim().to_owned();
    for range in references::ranges(&text).into_iter().rev() {
        text.replace_range(range, "x");
    }
    let (program, rest) = text.split_once(char::is_whitespace).unwrap_or((&text, ""));
    if rest.is_empty() {
        return has_operator(program);
    }
    let is_path = |word: &str| word.contains(['/', '\\', ':']);
    let has_option = rest
        .split_whitespace()
        .any(|word| word.starts_with('-') && word.len() > 1);
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_file = [".exe", ".bat", ".cmd", ".com", ".app", ".sh", ".py"];
    let names_a_file = is_file
        .iter()
        .any(|ending| text.to_lowercase().ends_with(ending));
    let is_name = !PROGRAMS.contains(&name) && (is_path(program) || names_a_file && !is_path(rest));
    has_operator(&text) || has_option || !is_name
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
    is_variable || quotes || operators.iter().any(|operator| text.contains(operator))
}

#[cfg(test)]
mod tests {
    use super::is_one;

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
            "/usr/bin/env python3",
            "blender -b x.blend",
            "python script.py",
            "\"a b\" c",
            "{{Param.Blender}} -b {{Param.File}}",
            "/opt/blender/blender -b",
            "C:\\blender\\blender.exe -b",
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
            "C:/Program Files/Adobe/After Effects.exe",
            "{{ Param.Tool }}",
            "{{Env.File.Run}}",
            "{{ Param.Dir }}/my tool",
            "/Applications/Adobe After Effects 2024/aerender",
            "After Effects.exe",
            "it's",
        ] {
            assert!(!is_one(program), "{program}");
        }
    }
}
