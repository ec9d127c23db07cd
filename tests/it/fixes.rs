//! Tests that `--fix` turns each template in `fixtures/fixes` into the one beside it, and that a second `--fix` changes
//! nothing.

use crate::fixtures::templates;
use crate::support::{files, program, root};
use openjd_monitor_core::lint::{self, Finding, Safety, Settings};
use openjd_monitor_core::template::Syntax;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const SAFE: &[&str] = &["--fix"];
const ALL: &[&str] = &["--fix", "--unsafe-fixes"];

/// Output of `check - --fix` for the template `text` under this name.
fn fixed(text: &str, name: &Path, options: &[&str]) -> String {
    let name = name.to_str().expect("UTF-8");
    let arguments = [
        "check",
        "-",
        "--no-config",
        "--allow-empty",
        "--stdin-filename",
        name,
    ];
    let ended = program(arguments.iter().chain(options)).stdin(text).run();
    assert!(ended.status < 2, "{name}: {}", ended.err);
    ended.out
}

/// The templates below `fixtures/fixes`, each with its fixed template and the options that lead to it.
fn pairs() -> Vec<(PathBuf, PathBuf, &'static [&'static str])> {
    let all = files("fixtures/fixes", "");
    let pair = |after: &PathBuf| {
        let name = after.to_str().expect("UTF-8");
        let (before, options) = match name.split_once(".unsafe-fixed.") {
            Some((stem, ending)) => (format!("{stem}.{ending}"), ALL),
            None => {
                let (stem, ending) = name.split_once(".fixed.")?;
                (format!("{stem}.{ending}"), SAFE)
            }
        };
        Some((PathBuf::from(before), after.clone(), options))
    };
    all.iter().filter_map(pair).collect()
}

fn findings(path: &Path) -> Vec<Finding> {
    let bytes = fs::read(path).expect("a fixture");
    let checked = lint::check(&bytes, Syntax::of_file(path), &Settings::default());
    checked.found.unwrap_or_default().findings
}

#[test]
fn each_fixture_becomes_its_fixed_template_which_stays_the_same() {
    for (before, after, options) in pairs() {
        let name = before.strip_prefix(root()).unwrap_or(&before);
        let text = fs::read_to_string(&before).expect("a fixture");
        let meant = fs::read_to_string(&after).expect("a fixture");
        assert_eq!(fixed(&text, name, options), meant, "{}", name.display());
        assert_eq!(fixed(&meant, name, options), meant, "{}", name.display());
        if options == ALL {
            assert_eq!(fixed(&text, name, SAFE), text, "{}", name.display());
        }
    }
}

#[test]
fn each_rule_that_proposes_fixes_has_such_a_fixture() {
    let mut proposing = BTreeSet::new();
    for template in templates() {
        let fixes = findings(&template).into_iter();
        proposing.extend(
            fixes.filter_map(|finding| Some((finding.rule.id, finding.fix?.safety.name()))),
        );
    }
    for (id, safety) in proposing {
        let ending = match safety == Safety::Safe.name() {
            true => ".fixed.",
            false => ".unsafe-fixed.",
        };
        let shown = files(&format!("fixtures/fixes/{id}"), "");
        let mut shown = shown.iter().map(|path| path.to_string_lossy());
        assert!(
            shown.any(|path| path.contains(ending)),
            "{id}: no fixture {ending}"
        );
    }
}

#[test]
fn a_fixed_template_is_valid_and_has_nothing_left_to_fix() {
    let has_fix = |template: &PathBuf| findings(template).iter().any(|found| found.fix.is_some());
    for template in templates().into_iter().filter(has_fix) {
        let text = fs::read_to_string(&template).expect("a fixture");
        for options in [SAFE, ALL] {
            let name = template.strip_prefix(root()).unwrap_or(&template);
            let once = fixed(&text, name, options);
            let checked = lint::check(once.as_bytes(), Syntax::of_file(name), &Settings::default());
            let left = checked.found.unwrap_or_default().findings;
            let is_new = |finding: &&Finding| finding.rule.id == "syntax" && once != text;
            assert_eq!(
                left.iter().find(is_new).map(|finding| &finding.message),
                None
            );
            let is_left = |finding: &&Finding| {
                let fix = finding.fix.as_ref();
                fix.is_some_and(|fix| options == ALL || fix.safety == Safety::Safe)
            };
            let left = left.iter().find(is_left);
            assert_eq!(
                left.map(|finding| &finding.message),
                None,
                "{}",
                name.display()
            );
        }
    }
}

const UNUSED: &str = "specificationVersion: environment-2023-09
extensions: [MONITOR]
environment: {name: E, variables: {A: b}}
";
const FIXED: &str = "specificationVersion: environment-2023-09
environment: {name: E, variables: {A: b}}
";

#[test]
fn a_fixed_file_keeps_its_permissions_and_its_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("real.yaml");
    fs::write(&file, UNUSED).expect("a file");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("permissions");
    let link = folder.path().join("link.yaml");
    symlink("real.yaml", &link).expect("a link");
    let ended = program(["check", "--fix", "link.yaml"])
        .within(folder.path())
        .run();
    assert_eq!(
        (ended.status, ended.out.as_str()),
        (0, "no findings in 1 template (1 fixed)\n")
    );
    assert_eq!(fs::read_to_string(&file).expect("a file"), FIXED);
    assert!(link.is_symlink());
    let mode = file.metadata().expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    let names = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(names, 2, "nothing else is left in the folder");
}

#[test]
fn a_file_that_is_read_only_stays_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a.yaml");
    fs::write(&file, UNUSED).expect("a file");
    let mut permissions = file.metadata().expect("a file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).expect("permissions");
    let ended = program(["check", "--fix", "a.yaml"])
        .within(folder.path())
        .run();
    assert_eq!(ended.status, 3);
    assert_eq!(ended.err, "error: cannot fix `a.yaml`: it is read-only\n");
    assert_eq!(fs::read_to_string(&file).expect("a file"), UNUSED);
}

#[test]
fn a_diff_shows_what_would_be_fixed_and_changes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a.yaml"), UNUSED).expect("a file");
    fs::write(folder.path().join("b.yaml"), FIXED).expect("a file");
    let ended = program(["check", "--diff"]).within(folder.path()).run();
    let diff = "--- a.yaml
+++ a.yaml
@@ -1,3 +1,2 @@
 specificationVersion: environment-2023-09
-extensions: [MONITOR]
 environment: {name: E, variables: {A: b}}
";
    assert_eq!((ended.status, ended.out.as_str()), (1, diff));
    let text = fs::read_to_string(folder.path().join("a.yaml"));
    assert_eq!(text.expect("a file"), UNUSED);
    let ended = program(["check", "--diff", "b.yaml"])
        .within(folder.path())
        .run();
    assert_eq!((ended.status, ended.out.as_str()), (0, ""));
}

#[test]
fn the_fixed_text_of_standard_input_goes_to_standard_output_and_the_report_elsewhere() {
    let ended = program(["check", "--fix", "-"]).stdin(UNUSED).run();
    assert_eq!((ended.status, ended.out.as_str()), (0, FIXED));
    assert_eq!(ended.err, "no findings in 1 template (1 fixed)\n");
    // What is no template is no worse for it.
    for text in ["services: {}\n", "- 1", ""] {
        let ended = program(["check", "--fix", "-", "--allow-empty"])
            .stdin(text)
            .run();
        assert_eq!((ended.status, ended.out.as_str()), (0, text));
    }
}

#[test]
fn an_excluded_standard_input_is_printed_unchanged() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("openjd-monitor.toml"),
        "exclude = [\"out\"]\n",
    )
    .expect("a file");
    let arguments = "check --fix - --stdin-filename out/a.yaml --allow-empty".split(' ');
    let ended = program(arguments).within(folder.path()).stdin(UNUSED).run();
    assert_eq!((ended.status, ended.out.as_str()), (0, UNUSED));
}

#[test]
fn nothing_is_added_to_a_list_of_extensions_that_has_more_than_names() {
    let text = "specificationVersion: environment-2023-09
extensions: [EXPR, {a: b}]
environment:
  name: E
  script:
    let: [\"x = 1\"]
    actions:
      onWrapEnvEnter: {command: a}
      onMonitor: {command: {command: check}, period: 30, onFailure: log}
";
    assert_eq!(fixed(text, Path::new("a.yaml"), SAFE), text);
}

#[test]
fn an_extension_that_is_listed_is_not_missing() {
    let text = "specificationVersion: environment-2023-09
extensions: [EXPR, WRAP_ACTIONS, MONITOR, \"A\\nB\"]
environment:
  name: E
  script:
    actions:
      onWrapEnvEnter: {command: a}
      onWrapTaskRun: {command: a}
      onWrapEnvExit: {command: a}
      onMonitor: {command: {command: check}, period: 30, onFailure: log}
";
    assert_eq!(fixed(text, Path::new("a.yaml"), ALL), text);
    let findings = crate::support::findings(text);
    assert!(findings.contains(&"invalid-value 2:43".to_owned()));
    assert!(!findings.iter().any(|found| found.contains("missing")));
}

#[test]
fn an_ignored_finding_is_not_fixed() {
    let text = UNUSED.replace(
        "[MONITOR]",
        "[MONITOR] # openjd-monitor: ignore[unused-extension] for later",
    );
    assert_eq!(fixed(&text, Path::new("a.yaml"), SAFE), text);
}

#[test]
fn a_safe_fix_is_applied_in_a_file_that_only_unsafe_ones_make_readable() {
    let text = "specificationVersion: environment-2023-09
extensions: [EXPR, MONITOR]
environment:
  name: E
    variables: {A: b}
";
    let without = text.replace(", MONITOR", "");
    assert_eq!(fixed(text, Path::new("a.yaml"), SAFE), without);
}

#[test]
fn a_safe_fix_is_applied_in_a_file_that_turns_out_to_be_no_template() {
    let text = "specificationVersion: {a: b}\nname: c: d\n";
    let quoted = text.replace("c: d", "\"c: d\"");
    assert_eq!(fixed(text, Path::new("a.yaml"), SAFE), quoted);
}

#[test]
fn options_that_need_or_exclude_each_other_say_so() {
    for arguments in [
        &["check", "--unsafe-fixes"][..],
        &["check", "--fix", "--diff"],
        &["check", "--diff", "--format", "json"],
    ] {
        assert_eq!(program(arguments).run().status, 2, "{arguments:?}");
    }
}
