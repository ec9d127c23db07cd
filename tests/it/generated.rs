//! Tests of the files generated from the definition of the command line: completions and manual pages.

use crate::support::program;

const COMMANDS: [&str; 8] = [
    "check",
    "rules",
    "explain",
    "schema",
    "simulate",
    "conformance",
    "completions",
    "man",
];

const OPTIONS: [&str; 13] = [
    "format",
    "output",
    "color",
    "stdin-filename",
    "allow-empty",
    "fail-on",
    "min-level",
    "max-template-size",
    "config",
    "no-config",
    "baseline",
    "write-baseline",
    "quiet",
];

fn printed(arguments: &[&str]) -> String {
    let ended = program(arguments).run();
    assert_eq!((ended.status, ended.err.as_str()), (0, ""), "{arguments:?}");
    ended.out
}

#[test]
fn each_shell_completes_every_command_and_option() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = printed(&["completions", shell]);
        for word in COMMANDS.iter().chain(&OPTIONS) {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert_eq!(program(["completions", "tcsh"]).run().status, 2);
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_options_and_values() {
    let script = printed(&["completions", "bash"]);
    let complete = |words: &[&str]| {
        let program = "openjd-monitor";
        let (last, previous) = (words[words.len() - 1], words[words.len() - 2]);
        let call = format!(
            "{script}\nCOMP_WORDS=({}); COMP_CWORD={}\n_openjd__monitor {program} '{last}' '{previous}'\necho \"${{COMPREPLY[*]}}\"",
            words.join(" "),
            words.len() - 1
        );
        let output = std::process::Command::new("bash")
            .args(["-c", &call])
            .output();
        String::from_utf8(output.expect("bash").stdout).expect("UTF-8")
    };
    assert_eq!(complete(&["openjd-monitor", "ch"]), "check\n");
    assert_eq!(
        complete(&["openjd-monitor", "check", "--fail"]),
        "--fail-on\n"
    );
    assert_eq!(
        complete(&["openjd-monitor", "check", "--format", "sa"]),
        "sarif\n"
    );
    assert_eq!(
        complete(&["openjd-monitor", "schema", "config"]),
        "config\n"
    );
}

#[test]
fn the_manual_has_a_page_for_the_program_and_for_each_command() {
    let page = printed(&["man"]);
    assert!(page.contains(".TH openjd-monitor 1"), "{page}");
    for command in COMMANDS {
        assert!(
            page.contains(&format!("openjd\\-monitor\\-{command}(1)")),
            "{command}"
        );
        let page = printed(&["man", command]);
        assert!(
            page.contains(&format!(".TH openjd-monitor-{command} 1")),
            "{page}"
        );
    }
    let page = printed(&["man", "check"]);
    for option in OPTIONS {
        let option = option.replace('-', "\\-");
        assert!(
            page.contains(&format!("\\fB\\-\\-{option}\\fR")),
            "{option}"
        );
    }
    let ended = program(["man", "chek"]).run();
    assert_eq!(
        (ended.status, ended.err.as_str()),
        (
            2,
            "error: there is no command `chek`; did you mean `check`?\n"
        )
    );
}
