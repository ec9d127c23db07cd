//! What is refused, left out or said, and where.

use crate::support::{Ended, folder, program};

/// An environment template with a monitor. `more` is put below its `onEnter`.
fn template(name: &str, monitor: &str, more: &str) -> String {
    format!(
        "specificationVersion: environment-2023-09
extensions: [EXPR, MONITOR, WRAP_ACTIONS, FEATURE_BUNDLE_1]
parameterDefinitions:
  - {{ name: Text, type: STRING, default: text }}
environment:
  name: {name}
  script:
    actions:
      onMonitor: {monitor}
      onEnter: {{ command: start }}
{more}"
    )
}

const MONITOR: &str = "{ command: { command: check }, period: 30, onFailure: terminate }";

/// Compiles a template from standard input.
fn compiled(template: &str, arguments: &[&str]) -> Ended {
    let arguments = [&["polyfill", "-"], arguments].concat();
    program(arguments).stdin(template).run()
}

/// Asserts that a template is refused with one error, which has this start and this part.
fn assert_refused(template: &str, arguments: &[&str], place: &str, part: &str) {
    let ended = compiled(template, arguments);
    assert_eq!((ended.status, ended.out.as_str()), (1, ""), "{}", ended.err);
    let errors: Vec<_> = ended
        .err
        .lines()
        .filter(|line| line.starts_with("error: "))
        .collect();
    let [error] = errors.as_slice() else {
        panic!("{}", ended.err);
    };
    assert!(
        error.starts_with(&format!("error: <stdin>:{place}: ")),
        "{error}"
    );
    assert!(error.contains(part), "{error}");
}

#[test]
fn an_environment_that_templates_elsewhere_could_wrap_is_refused_unless_none_does() {
    let text = template("Service", MONITOR, "");
    assert_refused(&text, &[], "9:7", "another template could wrap `Service`");
    assert_eq!(compiled(&text, &["--not-wrapped"]).status, 0);
    // Only one Environment of a Session can have hooks.
    let hooks = "      onWrapEnvEnter: { command: a }
      onWrapTaskRun: { command: a }
      onWrapEnvExit: { command: a }\n";
    assert_eq!(
        compiled(&template("Service", MONITOR, hooks), &[]).status,
        0
    );
}

#[test]
fn an_exit_override_that_can_fire_is_refused_unless_it_is_accepted() {
    let monitor = "{ command: { command: check }, period: 30, onFailure: log, overrides: { onExit: { onFailure: warn } } }";
    let text = template("Service", monitor, "      onExit: { command: stop }\n");
    assert_refused(&text, &["--not-wrapped"], "9:111", "which ACT-8 forbids");
    let accepted = compiled(&text, &["--not-wrapped", "--exit-overrides"]);
    assert_eq!(accepted.status, 0, "{}", accepted.err);
    assert!(accepted.out.contains("--on-failure=warn"));
    // That of the base acts as `log` there.
    let text = template("Service", MONITOR, "      onExit: { command: stop }\n");
    assert_eq!(compiled(&text, &["--not-wrapped"]).status, 0);
}

#[test]
fn names_that_the_result_could_not_have_are_refused() {
    let text = template("'a {{b'", MONITOR, "");
    assert_refused(&text, &["--not-wrapped"], "6:9", "must not contain `{{`");
    let file = "    embeddedFiles: [{ name: OnMonitor, type: TEXT, data: a }]\n";
    let text = template("Service", MONITOR, file);
    assert_refused(&text, &["--not-wrapped"], "11:29", "the name `OnMonitor`");
    assert_eq!(
        compiled(&text, &["--not-wrapped", "--supervisor=native"]).status,
        0
    );
}

#[test]
fn a_command_that_may_be_no_single_argument_is_refused() {
    let text = template("Service", MONITOR, "").replace(
        "{ command: start }",
        "{ command: \"{{ None if Param.Text == '' else Param.Text }}\" }",
    );
    assert_refused(&text, &["--not-wrapped"], "10:27", "may be a list or null");
}

#[test]
fn hosts_with_windows_are_refused() {
    let job = |environments: &str, of_step: &str| {
        format!(
            "specificationVersion: jobtemplate-2023-09
extensions: [MONITOR]
name: Job
{environments}steps:
  - name: Linux
    script: {{ actions: {{ onRun: {{ command: a }} }} }}
  - name: Windows
    hostRequirements: {{ attributes: [{{ name: attr.worker.os.family, anyOf: [windows] }}] }}
{of_step}    script: {{ actions: {{ onRun: {{ command: a }} }} }}
"
        )
    };
    let environment = |key: &str| {
        format!(
            "{key}: [{{ name: E, script: {{ actions: {{ onEnter: {{ command: a }}, onMonitor: {MONITOR} }} }} }}]\n"
        )
    };
    for supervisor in ["python", "native"] {
        let arguments = ["--not-wrapped", "--supervisor", supervisor];
        let text = job(&environment("jobEnvironments"), "");
        assert_refused(&text, &arguments, "9:5", "would run on Windows");
        let text = job("", &environment("    stepEnvironments"));
        assert_refused(&text, &arguments, "8:5", "would run on Windows");
    }
}

#[test]
fn a_monitor_whose_strings_may_not_resolve_is_left_out_of_an_exit_slot() {
    let monitor = "{ command: { command: check, args: ['{{ Param.Text[0] }}', '{{Param.Text}}'] }, period: 30, onFailure: log }";
    let exit = "      onExit: { command: stop }\n";
    let ended = compiled(&template("Service", monitor, exit), &["--not-wrapped"]);
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(
        ended
            .err
            .starts_with("warning: <stdin>:9:54: onExit runs without its monitor: "),
        "{}",
        ended.err
    );
    assert!(
        ended.out.contains("onExit: { command: stop }\n"),
        "{}",
        ended.out
    );
    assert!(ended.out.contains("--slot=onEnter"), "{}", ended.out);
    let plain = monitor.replace("{{ Param.Text[0] }}", "{{ Param.Text }}");
    let ended = compiled(&template("Service", &plain, exit), &["--not-wrapped"]);
    assert!(!ended.err.contains("warning") && ended.out.contains("--slot=onExit"));
}

#[test]
fn the_monitor_of_a_wrapped_environment_is_left_out_with_a_note() {
    let job = format!(
        "specificationVersion: jobtemplate-2023-09
extensions: [MONITOR]
name: Job
jobEnvironments:
  - name: Inner
    script: {{ actions: {{ onMonitor: {MONITOR}, onEnter: {{ command: a }} }} }}
steps:
  - name: Step
    script: {{ actions: {{ onRun: {{ command: a }} }} }}
"
    );
    let folder = folder(&[("job.yaml", &job)]);
    let outer = crate::support::root().join("docs/examples/worker.yaml");
    let outer = outer.to_str().expect("UTF-8");
    let arguments = ["polyfill", "job.yaml", "--environment", outer, "-o", "out"];
    let ended = program(arguments).within(folder.path()).run();
    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(ended.err.contains(
        "note: job.yaml:6:26: the monitor of `Inner` is left out: the hooks of `Worker`"
    ));
    let inner = std::fs::read_to_string(folder.path().join("out/job.yaml")).expect("a file");
    let rest = "    script: { actions: { onEnter: { command: a } } }\n";
    assert!(
        inner.contains(rest) && !inner.contains("MONITOR"),
        "{inner}"
    );
}

#[test]
fn a_template_that_is_not_valid_is_shown_as_check_shows_it() {
    let text = template("Service", &MONITOR.replace("30", "3"), "");
    let ended = compiled(&text, &[]);
    assert_eq!(ended.status, 2);
    assert!(
        ended.err.starts_with("error[period-below-floor]: "),
        "{}",
        ended.err
    );
    let job = "specificationVersion: jobtemplate-2023-09\nname: a\nsteps: []\n";
    let folder = folder(&[("job.yaml", job)]);
    let arguments = ["polyfill", "job.yaml", "--environment", "job.yaml"];
    let ended = program(arguments).within(folder.path()).run();
    assert_eq!(ended.status, 2, "{}", ended.err);
}

#[test]
fn a_template_around_a_job_that_is_not_valid_is_not_mistaken_for_it() {
    let job = "specificationVersion: jobtemplate-2023-09
name: Job
steps:
  - name: Step
    script: { actions: { onRun: { command: a } } }
";
    let outer = template("Service", &MONITOR.replace("30", "3"), "");
    let folder = folder(&[("job.yaml", job), ("outer.yaml", &outer)]);
    let arguments = [
        "polyfill",
        "job.yaml",
        "--environment",
        "outer.yaml",
        "-o",
        "out",
    ];
    let ended = program(arguments).within(folder.path()).run();
    assert_eq!(ended.status, 2, "{}", ended.err);
    let error = "error[period-below-floor]: ";
    assert!(ended.err.starts_with(error), "{}", ended.err);
    assert!(!ended.err.contains("job.yaml"), "{}", ended.err);
}

#[test]
fn the_length_of_a_queue_environment_is_noted() {
    let text = template("Service", MONITOR, "");
    let ended = compiled(&text, &["--not-wrapped"]);
    assert!(ended.err.starts_with("note: <stdin>: ") && ended.err.contains("--supervisor packed"));
    let ended = compiled(&text, &["--not-wrapped", "--supervisor=packed"]);
    assert_eq!((ended.status, ended.err.as_str()), (0, ""));
    assert!(ended.out.chars().count() < 15_000);
    let long = format!("# {}\n{text}", "x".repeat(14_000));
    let ended = compiled(&long, &["--not-wrapped", "--supervisor=packed"]);
    assert!(
        ended.err.ends_with("; see --supervisor native\n"),
        "{}",
        ended.err
    );
    let long = format!("# {}\n{text}", "x".repeat(15_000));
    let ended = compiled(&long, &["--not-wrapped", "--supervisor=native"]);
    assert!(ended.err.ends_with(" may have\n"), "{}", ended.err);
}
