//! Tests that every scenario in `fixtures/conformance/trace` gives its expected trace, and is named and described.

use crate::support::{files, program, read};
use openjd_monitor_core::session::{Effect, Session, Time};
use openjd_monitor_core::simulate::{Scenario, simulate};
use openjd_monitor_core::template::Syntax;
use openjd_monitor_core::trace::{Comparison, Fields, event, line};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::path::Path;

const FOLDER: &str = "fixtures/conformance/trace";

/// Clauses that a trace can show; scenarios also show some of other families.
const OBSERVABLE: [(&str, std::ops::RangeInclusive<u32>); 6] = [
    ("VAR", 4..=5),
    ("TIM", 1..=6),
    ("RES", 1..=3),
    ("ACT", 1..=9),
    ("OUT", 1..=3),
    ("SES", 1..=8),
];

fn scenario(path: &Path) -> Scenario {
    let bytes = std::fs::read(path).expect("a scenario");
    let folder = path.parent().expect("a folder");
    Scenario::read(&bytes, Syntax::Yaml, folder)
        .unwrap_or_else(|bad| panic!("{}: {:?}", path.display(), bad.findings))
}

type Trace = Vec<(Time, Fields)>;

/// The events of a scenario, and the expected ones of the reading that they follow; `None` if its job must be refused.
fn run(scenario: Scenario) -> Option<(Trace, Trace)> {
    if scenario.is_refused {
        assert!(scenario.job.is_err(), "{}", scenario.id);
        return None;
    }
    let mut events = Trace::new();
    let mut processes = scenario.processes;
    let mut sink = |at: Time, effect: &Effect| -> Result<(), Infallible> {
        let event = event(at, effect);
        let line = line(at, effect).expect("JSON");
        let written = event
            .as_ref()
            .map(|event| format!("{event}\n").into_bytes());
        assert_eq!(line, written, "{}", scenario.id);
        events.extend(event.map(|event| (at, event)));
        Ok(())
    };
    let session = Session::new(scenario.job.expect("a job"));
    let Ok(ended) = simulate(session, &mut processes, &scenario.inputs, &mut sink);
    ended.expect("an end");
    let mut traces = scenario
        .expect
        .into_iter()
        .map(|expected| expected.trace)
        .filter(|trace| is_as_expected(&events, trace))
        .collect::<Vec<_>>();
    assert_eq!(traces.len(), 1, "{}: readings that fit", scenario.id);
    let expected = traces.pop().expect("one");
    Some((events, expected))
}

fn is_as_expected(events: &[(Time, Fields)], expected: &[(Time, Fields)]) -> bool {
    let mut comparison = Comparison::new(expected);
    let events = events.iter().cloned();
    let all = events
        .map(|(at, event)| comparison.push(at, event))
        .collect::<Result<Vec<_>, _>>();
    all.is_ok() && comparison.end().is_ok()
}

#[test]
fn each_scenario_gives_its_expected_trace() {
    let ended = program(["simulate", FOLDER]).run();
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    let ids = files(FOLDER, ".yaml").len();
    assert_eq!(ended.out.matches(": as expected\n").count(), ids);
    assert!(ids > 220, "{ids}");
}

#[test]
fn the_scenario_of_the_smoke_test_is_sound() {
    let sound = scenario(Path::new("src/conformance/smoke.yaml"));
    assert!(sound.job.is_ok());
}

#[test]
fn no_period_is_shorter_than_a_common_floor() {
    // A runtime may raise the floor of SCH-6, and most cases are to tell something of it all the same.
    for path in files(FOLDER, ".yaml") {
        let shortest = scenario(&path)
            .job
            .ok()
            .and_then(|job| job.shortest_period());
        assert!(
            shortest.is_none_or(|period| period >= Time::from_secs(10)),
            "{}: {shortest:?}",
            path.display()
        );
    }
}

#[test]
fn each_file_is_named_after_its_scenario_id() {
    for path in files(FOLDER, "") {
        let id = path.file_stem().expect("a name").to_string_lossy();
        assert!(
            path.extension()
                .is_some_and(|extension| extension == "yaml"),
            "{id}"
        );
        assert!(read(&path).contains(&format!("\nid: {id}\n")), "{id}");
    }
}

#[test]
fn each_observable_clause_has_a_scenario() {
    let mut cited = BTreeSet::new();
    for path in files(FOLDER, ".yaml") {
        let text = read(&path);
        let line = text
            .lines()
            .find_map(|line| line.strip_prefix("clauses: ["));
        let line = line.unwrap_or_else(|| panic!("{}: no list of clauses", path.display()));
        let ids = line.trim_end_matches(']').split(", ").map(str::to_owned);
        cited.extend(ids);
    }
    for (family, numbers) in OBSERVABLE {
        for number in numbers {
            let id = format!("{family}-{number}");
            assert!(cited.contains(&id), "no scenario shows {id}");
        }
    }
}

#[test]
fn each_expected_entry_is_necessary() {
    let is_optional = |entry: &Fields| {
        entry.text("event") == Some("check_ended")
            || (entry.text("event") == Some("kill") && entry.text("target") == Some("check"))
    };
    let mut weakened = 0;
    for path in files(FOLDER, ".yaml") {
        let Some((events, expected)) = run(scenario(&path)) else {
            continue;
        };
        for index in 0..expected.len() {
            let name = format!("{}: entry {index}", path.display());
            // Without the entry, the event is one that nobody expects.
            let mut without = expected.clone();
            let (at, entry) = without.remove(index);
            assert_eq!(
                is_as_expected(&events, &without),
                is_optional(&entry),
                "{name}"
            );
            // With the entry twice, or a millisecond later, there is one that does not happen.
            let mut twice = expected.clone();
            twice.insert(index, (at, entry.clone()));
            assert!(!is_as_expected(&events, &twice), "{name} twice");
            let mut late = expected.clone();
            late[index].0 += Time::from_millis(1);
            late.sort_by_key(|(at, _)| *at);
            assert!(!is_as_expected(&events, &late), "{name} late");
            weakened += 3;
        }
    }
    assert!(weakened > 3000, "{weakened}");
}

#[test]
fn traces_are_reproducible() {
    let path = crate::support::root()
        .join(FOLDER)
        .join("issue-133-container-dies.yaml");
    let trace = |run: Option<(Trace, Trace)>| {
        let (events, _) = run.expect("a trace");
        let lines = events.iter().map(|(_, event)| format!("{event}\n"));
        lines.collect::<String>()
    };
    let first = trace(run(scenario(&path)));
    for _ in 1..50 {
        assert_eq!(trace(run(scenario(&path))), first);
    }
}
