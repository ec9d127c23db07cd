//! Tests of the log: lines about monitors.

use super::*;
use openjd_monitor_core::session::{
    CheckResult, Invocation, ProcessId, Reason, Redacted, Start, Variables,
};
use std::io::{Read, Seek};
use std::sync::Arc;

fn logged(effects: &[Effect]) -> String {
    let mut file = tempfile::tempfile().expect("a file");
    let mut out = Screen::new(file.try_clone().expect("a file"));
    let mut log = Log::new(TimestampFormat::Relative, false, &mut out);
    for effect in effects {
        log.push(Time::from_millis(3_723_004), effect)
            .expect("a log");
    }
    out.flush().expect("a file");
    let mut text = String::new();
    file.seek(io::SeekFrom::Start(0)).expect("a file");
    file.read_to_string(&mut text).expect("UTF-8");
    text
}

fn start(target: Target) -> Effect {
    Effect::Start(Redacted::public(Start {
        process: ProcessId(1),
        target,
        action: Arc::new(ActionName::of_task("Step")),
        invocation: Arc::new(Invocation {
            command: "act".to_owned(),
            args: Vec::new(),
        }),
        variables: Arc::new(Variables::new()),
        wraps: None,
        parameters: None,
        files: Vec::new(),
    }))
}

fn ended(result: CheckResult) -> Effect {
    Effect::CheckEnded {
        action: Arc::new(ActionName::of_task("Step")),
        result,
    }
}

#[test]
fn what_goes_on_is_said_once() {
    let skipped = || Effect::TickSkipped {
        action: Arc::new(ActionName::of_task("Step")),
    };
    let healthy = || ended(CheckResult::Healthy);
    let reason = Reason::Exit(1);
    let unhealthy = ended(CheckResult::Unhealthy {
        reason,
        failures: 1,
    });
    let effects = [
        start(Target::Action),
        start(Target::Check),
        skipped(),
        skipped(),
        healthy(),
        start(Target::Check),
        skipped(),
        healthy(),
        unhealthy,
        healthy(),
        healthy(),
    ];
    let said = [
        "no check is started as long as the last one is alive",
        "healthy",
        "no check is started as long as the last one is alive",
        "unhealthy, 1 in a row: exit status 1",
        "healthy again",
    ];
    let lines = said.map(|text| format!("1:02:03.004\t[onMonitor] {text}\n"));
    assert_eq!(logged(&effects), lines.concat());
}

#[test]
fn a_text_of_several_lines_is_tagged_on_each() {
    let note = |about| Effect::Note {
        text: "one\ntwo exited with code: 3".to_owned(),
        about,
    };
    assert_eq!(
        logged(&[note(Target::Action), note(Target::Check)]),
        "1:02:03.004\t[session] one\n1:02:03.004\t[session] two exited with code: 3\n\
         1:02:03.004\t[onMonitor] one\n1:02:03.004\t[onMonitor] two exited with (code): 3\n"
    );
}
