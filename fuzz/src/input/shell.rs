//! Shell code with the structure of commands, more or less as each shell has it.

use super::text;
use arbitrary::{Result, Unstructured};

/// Commands that the rules know, and words of all kinds.
const WORDS: &[&str] = &[
    "curl",
    "docker",
    "exec",
    "run",
    "--rm",
    "-d",
    "-e",
    "-f",
    "-q",
    "grep",
    "kill",
    "-0",
    "test",
    "[",
    "]",
    "mountpoint",
    "sleep",
    "5",
    "timeout",
    "env",
    "nohup",
    "setsid",
    "bash",
    "-c",
    "sh",
    "cmd",
    "/c",
    "pwsh",
    "-Command",
    "python3",
    "echo",
    "printf",
    "exit",
    "0",
    "1",
    "return",
    "trap",
    "set",
    "eval",
    "export",
    "cd",
    "true",
    "false",
    ":",
    "A=b",
    "$A",
    "${A:-b}",
    "\"$A\"",
    "$?",
    "$!",
    "$$",
    "$@",
    "%A%",
    "%ERRORLEVEL%",
    "$env:A",
    "$LASTEXITCODE",
    "{{Param.A}}",
    "'{{Param.A}}'",
    "{{ repr_sh(Param.A) }}",
    "{{Env.File.F}}",
    "{{",
    "openjd_fail: x",
    "'openjd_env: A=b'",
    "\"openjd_status:x\"",
    "ssh",
    "host",
    "srun",
    "/mnt/a",
    "~",
    "*",
    "é",
    "\\\n",
    "^",
    "`n",
];

/// Returns code of at most `depth` levels.
pub fn any(u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    let Some(depth) = depth.checked_sub(1) else {
        return simple(u, 0);
    };
    let part = |u: &mut Unstructured<'_>| any(u, depth);
    Ok(match u.int_in_range(0..=15)? {
        0..=3 => simple(u, depth)?,
        4..=6 => {
            let joint = *u.choose(&["; ", "\n", " && ", " || ", " | ", " & ", " |& ", "\r\n"])?;
            format!("{}{joint}{}", part(u)?, part(u)?)
        }
        7 => format!("if {}; then {}; else {}; fi", part(u)?, part(u)?, part(u)?),
        8 => format!(
            "{} {}; do\n{}\ndone",
            u.choose(&["while", "until"])?,
            part(u)?,
            part(u)?
        ),
        9 => format!("for i in {}; do {}; done", word(u, depth)?, part(u)?),
        10 => format!(
            "case {} in\n{}) {} ;;\n*) {};;\nesac",
            word(u, depth)?,
            word(u, depth)?,
            part(u)?,
            part(u)?
        ),
        11 => format!(
            "{}() {{ {}; }}\n",
            u.choose(&["f", "function f"])?,
            part(u)?
        ),
        12 => match u.ratio(1, 2)? {
            true => format!("({})", part(u)?),
            false => format!("{{ {}; }}", part(u)?),
        },
        13 => format!(
            "{} <<{}EOF\n{}\nEOF\n",
            simple(u, depth)?,
            u.choose(&["", "-", "'"])?,
            part(u)?
        ),
        14 => format!("if errorlevel 1 ({}) else ({})", part(u)?, part(u)?),
        _ => format!(
            "if (-not ({})) {{ {} }} else {{ throw {} }}",
            part(u)?,
            part(u)?,
            word(u, depth)?
        ),
    })
}

/// Returns one command, with redirections and a comment now and then.
fn simple(u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    let mut words = Vec::new();
    for _ in 0..u.int_in_range(1..=5)? {
        words.push(word(u, depth)?);
    }
    if u.ratio(1, 6)? {
        words.push(
            (*u.choose(&[
                "2>&1",
                ">/dev/null",
                ">nul",
                "< x",
                ">> $A",
                "&>x",
                "# comment",
                "!",
            ])?)
            .to_owned(),
        );
    }
    Ok(words.join(" "))
}

fn word(u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    Ok(match (u.int_in_range(0..=11)?, depth.checked_sub(1)) {
        (0, Some(depth)) => format!("$({})", any(u, depth)?),
        (1, Some(depth)) => format!("`{}`", any(u, depth)?),
        (2, Some(depth)) => format!("\"{}\"", any(u, depth)?),
        (3, Some(depth)) => format!("'{}'", any(u, depth)?),
        (4, _) => text::any(u)?,
        _ => (*u.choose(WORDS)?).to_owned(),
    })
}
