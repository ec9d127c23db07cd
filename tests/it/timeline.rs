//! Tests of the picture of a trace.

use crate::support::{program, read};
use openjd_monitor::conformance::Case;
use openjd_monitor_core::session::{
    ActionName, ActionState, CheckResult, Effect, Ending, Invocation, Owner, ProcessId, Reason,
    Redacted, Session, SessionState, Start, Target, Time,
};
use openjd_monitor_core::simulate::{Scenario, simulate};
use openjd_monitor_core::template::Syntax;
use openjd_monitor_core::trace::Timeline;
use std::convert::Infallible;
use std::path::Path;
use std::sync::Arc;

/// Returns `true` for a scenario whose job must be refused, so that there is nothing to draw.
fn is_refused(id: &str) -> bool {
    read(format!("fixtures/conformance/trace/{id}.yaml")).contains("\nrefused: true\n")
}

/// The picture of a scenario of the suite.
fn of_scenario(id: &str) -> String {
    let text = read(format!("fixtures/conformance/trace/{id}.yaml"));
    let scenario = Scenario::read(text.as_bytes(), Syntax::Yaml, Path::new(""));
    let mut scenario = scenario.unwrap_or_else(|bad| panic!("{:?}", bad.findings));
    let mut timeline = Timeline::new(id);
    let mut sink = |at: Time, effect: &Effect| -> Result<(), Infallible> {
        timeline.push(at, effect);
        Ok(())
    };
    let session = Session::new(scenario.job.expect("a job"));
    let ended = simulate(
        session,
        &mut scenario.processes,
        &scenario.inputs,
        &mut sink,
    );
    assert_eq!(ended, Ok(Ok(())));
    written(timeline)
}

fn written(timeline: Timeline) -> String {
    let mut svg = Vec::new();
    timeline.write(&mut svg).expect("a Vec takes all");
    let svg = String::from_utf8(svg).expect("UTF-8");
    roxmltree::Document::parse(&svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
    svg
}

/// Number of marks of a class in the drawing, without the one in its key.
fn marks(svg: &str, class: &str) -> usize {
    let document = roxmltree::Document::parse(svg).expect("XML");
    let groups = document.descendants().filter(|node| node.has_tag_name("g"));
    let marks = groups
        .filter(|group| group.attribute("class") == Some(class))
        .count();
    marks.saturating_sub(1)
}

/// All texts, in order.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).expect("XML");
    let texts = document
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    texts
        .filter_map(|text| text.text().map(str::to_owned))
        .collect()
}

fn has_text(svg: &str, text: &str) -> bool {
    texts(svg).iter().any(|shown| shown == text)
}

/// A Session made by hand.
struct Trace {
    timeline: Timeline,
    processes: u64,
}

impl Trace {
    fn new(title: &str) -> Self {
        Self {
            timeline: Timeline::new(title),
            processes: 0,
        }
    }

    fn push(&mut self, at: u64, effect: &Effect) {
        self.timeline.push(Time::from_secs(at), effect);
    }

    fn start(&mut self, at: u64, target: Target, action: &Arc<ActionName>) {
        self.processes += 1;
        let start = Start {
            process: ProcessId(self.processes),
            target,
            action: action.clone(),
            invocation: Arc::new(Invocation {
                command: "run".to_owned(),
                args: Vec::new(),
            }),
            variables: Arc::default(),
            wraps: None,
            parameters: None,
            files: Vec::new(),
        };
        self.push(at, &Effect::Start(Redacted::public(start)));
    }

    fn check(&mut self, at: u64, action: &Arc<ActionName>, result: CheckResult) {
        self.start(at, Target::Check, action);
        let action = action.clone();
        self.push(at + 1, &Effect::CheckEnded { action, result });
    }

    fn end(&mut self, at: u64, action: &Arc<ActionName>, state: ActionState) {
        let effect = Effect::ActionEnded {
            action: action.clone(),
            ending: Box::new(Ending {
                state,
                cause: None,
                own_message: None,
                sent: None,
                exit: None,
            }),
        };
        self.push(at, &effect);
    }

    fn written(mut self, at: u64, state: SessionState) -> String {
        self.push(
            at,
            &Effect::SessionEnded {
                state,
                canceled_by: None,
            },
        );
        written(self.timeline)
    }
}

fn environment(name: &str) -> Arc<ActionName> {
    Arc::new(ActionName {
        owner: Owner::Environment(name.to_owned()),
        slot: "onEnter",
    })
}

/// A Session of one action with `number` checks; those for which `is_unhealthy` returns `true` fail.
fn checks(number: u64, is_unhealthy: impl Fn(u64) -> bool) -> String {
    let action = environment("Service");
    let mut trace = Trace::new("Checks");
    trace.start(0, Target::Action, &action);
    for index in 0..number {
        let result = match is_unhealthy(index) {
            true => CheckResult::Unhealthy {
                reason: Reason::Exit(1),
                failures: 1,
            },
            false => CheckResult::Healthy,
        };
        trace.check(5 * index + 5, &action, result);
    }
    let end = 5 * number + 8;
    trace.end(end, &action, ActionState::Success);
    trace.written(end, SessionState::Success)
}

#[test]
fn the_example_of_the_issue_is_drawn() {
    let svg = of_scenario("issue-133-container-dies");
    insta::assert_snapshot!(svg);
    assert_eq!(marks(&svg, "unhealthy"), 2);
    assert_eq!(marks(&svg, "healthy"), 3);
    assert!(has_text(&svg, "8 healthy"), "{svg}");
    assert_eq!(marks(&svg, "notify"), 1);
    assert_eq!(marks(&svg, "kill"), 1);
    assert_eq!(marks(&svg, "status monitor"), 1);
    assert!(has_text(&svg, "Session FAILED"));
    assert!(has_text(
        &svg,
        "Docker onWrapTaskRun: the monitor fires, notified (SIGTERM), to be killed at 815.2 s"
    ));
    assert_eq!(svg, of_scenario("issue-133-container-dies"));
}

#[test]
fn skipped_ticks_are_drawn() {
    let svg = of_scenario("tick-skipped-while-a-killed-check-lives");
    insta::assert_snapshot!(svg);
    assert_eq!(marks(&svg, "skipped"), 2);
    assert_eq!(marks(&svg, "unhealthy"), 1);
    assert_eq!(marks(&svg, "healthy"), 1);
}

#[test]
fn every_scenario_of_the_suite_can_be_drawn() {
    for path in crate::support::files("fixtures/conformance/trace", ".yaml") {
        let id = path.file_stem().expect("a name").to_string_lossy();
        if is_refused(&id) {
            continue;
        }
        let svg = of_scenario(&id);
        assert!(svg.len() < 60_000, "{id}: {} bytes", svg.len());
    }
}

#[test]
fn few_checks_are_drawn_one_by_one() {
    let svg = checks(3, |_| false);
    assert_eq!(marks(&svg, "healthy"), 3);
    assert!(!svg.contains("class=\"fold"), "{svg}");
}

#[test]
fn many_healthy_checks_are_folded() {
    let svg = checks(3000, |_| false);
    assert_eq!(marks(&svg, "healthy"), 3);
    assert!(has_text(&svg, "2,997 healthy"), "{svg}");
    assert!(svg.contains("3,000 checks: 3,000 healthy"), "{svg}");
}

#[test]
fn the_picture_of_many_mixed_checks_is_small_and_counts_all() {
    let svg = checks(100_000, |index| index % 7 == 3);
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
    let unhealthy = (0..100_000).filter(|index| index % 7 == 3).count();
    let counts = format!(
        "100,000 checks: {},{:03} healthy, {},{:03} unhealthy",
        (100_000 - unhealthy) / 1000,
        (100_000 - unhealthy) % 1000,
        unhealthy / 1000,
        unhealthy % 1000
    );
    assert!(svg.contains(&counts), "{counts}\n{svg}");
    let fold = texts(&svg)
        .into_iter()
        .find(|text| text.starts_with("Folded, "));
    assert!(fold.is_some_and(|fold| fold.contains("unhealthy")), "{svg}");
}

#[test]
fn many_tasks_are_folded_and_the_failed_one_is_shown() {
    let action = Arc::new(ActionName {
        owner: Owner::Step("Render".to_owned()),
        slot: "onRun",
    });
    let mut trace = Trace::new("Tasks");
    for index in 0..10_000 {
        trace.start(index, Target::Action, &action);
        let state = match index {
            9_999 => ActionState::Failed,
            _ => ActionState::Success,
        };
        trace.end(index + 1, &action, state);
    }
    let svg = trace.written(10_000, SessionState::Failed);
    assert!(has_text(&svg, "9,996 SUCCESS"), "{svg}");
    assert!(has_text(&svg, "9,999 SUCCESS"), "{svg}");
    assert!(has_text(&svg, "1 FAILED"), "{svg}");
    assert!(svg.len() < 20_000, "{} bytes", svg.len());
}

#[test]
fn too_many_different_actions_are_summarized() {
    let mut trace = Trace::new("Environments");
    for index in 0..5_000 {
        let action = environment(&format!("Environment{index}"));
        trace.start(index, Target::Action, &action);
        trace.end(index + 1, &action, ActionState::Failed);
    }
    let svg = trace.written(5_000, SessionState::Failed);
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
    assert!(svg.contains("5,000 actions"), "{svg}");
    assert!(has_text(&svg, "all others"), "{svg}");
    let fold = texts(&svg)
        .into_iter()
        .find(|text| text.starts_with("Folded, "));
    assert!(
        fold.is_some_and(|fold| fold.contains("actions without")),
        "{svg}"
    );
}

#[test]
fn names_and_messages_are_escaped() {
    let action = environment("<&\">\u{1b}[31m");
    let mut trace = Trace::new("</title><script>alert(1)</script>");
    trace.start(0, Target::Action, &action);
    let text = format!("]]> & '<{}'\u{0}\n\u{202e}second", "long ".repeat(5_000));
    let source = Target::Action;
    trace.push(1, &Effect::Status { text, source });
    trace.end(2, &action, ActionState::Failed);
    let svg = trace.written(2, SessionState::Failed);
    let document = roxmltree::Document::parse(&svg).expect("XML");
    let mut scripts = document.descendants();
    assert!(!scripts.any(|node| node.has_tag_name("script")), "{svg}");
    assert!(has_text(&svg, "<&\">\\u001b[31m"), "{svg}");
    assert!(!svg.contains(['\u{0}', '\u{1b}', '\u{202e}']), "{svg}");
    assert!(svg.contains("bytes more)"), "{svg}");
    assert!(svg.len() < 30_000, "{} bytes", svg.len());
}

#[test]
fn actions_without_duration_or_end_are_visible() {
    let action = environment("Service");
    let mut trace = Trace::new("Hangs");
    trace.start(0, Target::Action, &action);
    trace.end(0, &action, ActionState::Success);
    trace.start(0, Target::Action, &environment("Other"));
    let svg = written(trace.timeline);
    let document = roxmltree::Document::parse(&svg).expect("XML");
    for class in ["success", "open"] {
        let bars = document.descendants().filter(|node| {
            node.parent().and_then(|parent| parent.attribute("class")) == Some("action")
                && node.attribute("class") == Some(class)
        });
        let widths: Vec<f32> = bars
            .filter_map(|bar| bar.attribute("width")?.parse().ok())
            .collect();
        assert!(
            matches!(widths[..], [width] if width >= 4.0),
            "{class} {widths:?}"
        );
    }
    assert!(has_text(&svg, "Session NOT ENDED"), "{svg}");
}

#[test]
fn the_option_writes_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trace.svg");
    let scenario = "fixtures/conformance/trace/issue-133-container-dies.yaml";
    let path = path.to_string_lossy();
    let ended = program(["simulate", scenario, "--timeline", &path]).run();
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    let svg = std::fs::read_to_string(&*path).expect("a picture");
    assert_eq!(svg, of_scenario("issue-133-container-dies"));
}

#[test]
fn a_what_if_simulation_can_be_drawn() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("trace.svg");
    let path = path.to_string_lossy();
    let template = "docs/examples/docker.yaml";
    let ended = program(["simulate", template, "--timeline", &path]).run();
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    let svg = std::fs::read_to_string(&*path).expect("a picture");
    assert!(has_text(&svg, "docs/examples/docker.yaml"), "{svg}");
}

#[test]
fn a_picture_that_cannot_be_drawn_is_an_error() {
    let suite = "fixtures/conformance/trace";
    let ended = program(["simulate", suite, "--timeline", "all.svg"]).run();
    assert_eq!(ended.status, 2, "{}", ended.err);
    assert!(
        ended.err.contains("--timeline draws one trace"),
        "{}",
        ended.err
    );
    let scenario = format!("{suite}/issue-133-container-dies.yaml");
    let ended = program(["simulate", &scenario, "--timeline", "no/such/folder.svg"]).run();
    assert_eq!(ended.status, 3, "{}", ended.err);
    assert!(ended.err.contains("no/such/folder.svg"), "{}", ended.err);
}

/// The picture drawn from the events of a scenario that `is_told` keeps.
fn of_events(case: &Case, is_told: impl Fn(&str) -> bool) -> String {
    let mut timeline = Timeline::new(case.id);
    for (at, event) in case.trace().expect("a trace") {
        if event.text("event").is_some_and(&is_told) {
            timeline.push_event(at, &event);
        }
    }
    written(timeline)
}

#[test]
fn events_and_their_effects_give_the_same_picture() {
    let mut folded = 0;
    for case in openjd_monitor::conformance::all() {
        if is_refused(case.id) {
            continue;
        }
        let (by_effects, by_events) = (of_scenario(case.id), of_events(&case, |_| true));
        // Folding depends on how much there is to show, and the effects have texts that no event has.
        let is_folded = by_effects.contains("class=\"fold");
        folded += usize::from(is_folded);
        for class in ["unhealthy", "discarded", "notify", "kill", "status monitor"] {
            if is_folded {
                break;
            }
            assert_eq!(
                marks(&by_events, class),
                marks(&by_effects, class),
                "{}: {class}",
                case.id
            );
        }
        let verdict = |svg: &str| {
            texts(svg)
                .into_iter()
                .find(|text| text.starts_with("Session "))
        };
        assert_eq!(verdict(&by_events), verdict(&by_effects), "{}", case.id);
    }
    assert!(folded < 20, "{folded} pictures are folded");
}

#[test]
fn checks_without_results_are_drawn_as_such() {
    let all = openjd_monitor::conformance::all();
    let case = all
        .iter()
        .find(|case| case.id == "terminate-on-the-third-failure");
    let svg = of_events(case.expect("a case"), |event| event != "check_ended");
    assert_eq!(marks(&svg, "unfinished"), 3, "{svg}");
    assert_eq!(marks(&svg, "unhealthy"), 0, "{svg}");
}
