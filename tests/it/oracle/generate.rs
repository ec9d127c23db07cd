//! Random cases. Times come from small grids, so that many events fall on one instant.

use super::case::{
    Cancel, Cancelation, Case, Command, Declared, Environment, Monitor, Numbers, OnFailure, PLACES,
    Place, Processes, SLOTS, Slot,
};
use openjd_monitor_core::session::{Exit, Stream, Time};
use openjd_monitor_core::simulate::{End, OnNotify, Run};
use proptest::collection::{btree_map, vec};
use proptest::option::{self, weighted};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::BTreeMap;

/// Seconds after the start of an action.
const ACTION_TIMES: &[u64] = &[
    0, 1, 2, 3, 5, 6, 7, 10, 11, 12, 15, 16, 17, 20, 25, 30, 60, 90,
];
/// Milliseconds after the start of a check.
const CHECK_TIMES: &[u64] = &[0, 500, 1000, 1000, 2000, 3000, 4000, 5000, 6000, 10_000];
/// Seconds from a signal to the end of a process.
const REACTION_TIMES: &[u64] = &[0, 0, 1, 2, 4, 5, 10, 15];
/// Seconds of a notify period.
const NOTIFY_PERIODS: &[u64] = &[1, 2, 4, 5, 10, 15];

/// Lines that any process may write.
const LINES: &[&str] = &[
    "openjd_status: working",
    "openjd_status: still working  ",
    "openjd_status:  ",
    "openjd_status: ",
    " openjd_status: indented",
    "openjd_statuses: many",
    "openjd_status: trying hunter2",
    "openjd_progress: 50",
    "openjd_env: A=set",
    "openjd_env: B=x=y",
    "openjd_env: C=hunter2",
    "openjd_unset_env: A ",
    "openjd_redacted_env: D=hunter2",
    "openjd_redacted_env: D=hunter2 was ",
    "openjd_redacted_env: D=  ",
    "openjd_redacted_env: \"D=in\\ndented\\n\"",
    "openjd_status: hunter2 was ",
    "hunter2 was refused",
    "plain  ",
    "  plain",
    "",
    "   ",
];
/// Lines that report a failure. An action that writes one fails.
const FAIL_LINES: &[&str] = &[
    "openjd_fail: it is broken",
    "openjd_fail: hunter2 is wrong ",
];
/// Malformed lines. An action that writes one fails.
const MALFORMED: &[&str] = &[
    "openjd_env: nonsense",
    "openjd_env:A=b",
    "openjd_unset_env: A=b",
    "openjd_redacted_env: was",
    "openjd_redacted_env: D E=hunter2",
    " OpenJD_Redacted_Env: D=hunter2 ",
    "openjd_redacted_env: \"D=broken",
];

pub fn case() -> impl Strategy<Value = Case> {
    let processes = PLACES.map(|_| processes().boxed());
    (
        outer(),
        inner(),
        declared(),
        Vec::from(processes),
        cancels(),
    )
        .prop_map(|(outer, inner, task, processes, cancels)| {
            let mut case = Case {
                outer,
                inner,
                task,
                processes: PLACES.into_iter().zip(processes).collect(),
                cancels,
            };
            end_hangs(&mut case);
            case
        })
}

/// Gives an end to every action that hangs without a timeout.
fn end_hangs(case: &mut Case) {
    for (place, processes) in &mut case.processes {
        let is_exit = matches!(place, Place::InnerExit | Place::OuterExit);
        if processes.action.end == End::Hangs && !is_exit {
            processes.action.end = End::Ends(Time::from_secs(100), Exit::Status(0));
        }
    }
}

fn outer() -> impl Strategy<Value = Environment> {
    any::<bool>()
        .prop_flat_map(|wraps| {
            let own = vec![Slot::Enter, Slot::Exit];
            (subsequence(own, 1..=2), declared_slots()).prop_map(move |(own, mut slots)| {
                // All three hooks or none, and an Environment has an action.
                slots.retain(|slot, _| match slot.is_hook() {
                    true => wraps,
                    false => own.contains(slot),
                });
                slots
            })
        })
        .prop_flat_map(|slots| environment("Outer", slots, 0.9))
}

fn inner() -> impl Strategy<Value = Environment> {
    let own = subsequence(vec![Slot::Enter, Slot::Exit], 1..=2);
    (own, declared_slots())
        .prop_map(|(own, mut slots)| {
            slots.retain(|slot, _| own.contains(slot));
            slots
        })
        .prop_flat_map(|slots| environment("Inner", slots, 0.5))
}

fn declared_slots() -> impl Strategy<Value = BTreeMap<Slot, Declared>> {
    vec(declared(), SLOTS.len()).prop_map(|all| SLOTS.into_iter().zip(all).collect())
}

fn environment(
    name: &'static str,
    slots: BTreeMap<Slot, Declared>,
    monitored: f64,
) -> impl Strategy<Value = Environment> {
    let defined: Vec<_> = slots.keys().copied().collect();
    weighted(monitored, monitor(defined)).prop_map(move |monitor| Environment {
        name,
        slots: slots.clone(),
        monitor,
    })
}

fn declared() -> impl Strategy<Value = Declared> {
    let cancelation = prop_oneof![
        1 => Just(Cancelation::Undeclared),
        1 => Just(Cancelation::Terminate),
        1 => Just(Cancelation::Notify(None)),
        4 => select(NOTIFY_PERIODS).prop_map(|period| Cancelation::Notify(Some(period))),
    ];
    let timeout = select(&[1, 5, 7, 10, 12, 15, 20, 30, 60, 90][..]);
    (weighted(0.15, timeout), cancelation).prop_map(|(timeout, cancelation)| Declared {
        timeout,
        cancelation,
    })
}

fn monitor(defined: Vec<Slot>) -> impl Strategy<Value = Monitor> {
    let scope = weighted(0.3, subsequence(defined.clone(), 1..=defined.len()));
    (base(), scope).prop_flat_map(move |(base, scope)| {
        let slots = scope.clone().unwrap_or_else(|| defined.clone());
        let overrides = btree_map(select(slots), overriding(), 0..=3);
        overrides.prop_map(move |overrides| Monitor {
            base: base.clone(),
            scope: scope.clone(),
            overrides,
        })
    })
}

fn base() -> impl Strategy<Value = Numbers> {
    let optional = (option::of(threshold()), option::of(initial_delay()));
    let required = (command("probe", 0.02), period(), on_failure());
    (required, optional).prop_map(
        |((command, period, on_failure), (threshold, initial_delay))| Numbers {
            command: Some(command),
            period: Some(period),
            on_failure: Some(on_failure),
            threshold,
            initial_delay,
        },
    )
}

fn overriding() -> impl Strategy<Value = Numbers> {
    let fields = (
        weighted(0.3, command("other", 0.1)),
        weighted(0.3, period()),
        option::of(on_failure()),
        weighted(0.3, threshold()),
        weighted(0.3, initial_delay()),
    );
    let numbers =
        fields.prop_map(
            |(command, period, on_failure, threshold, initial_delay)| Numbers {
                command,
                period,
                on_failure,
                threshold,
                initial_delay,
            },
        );
    numbers.prop_filter("an override gives something", |numbers| {
        *numbers != Numbers::default()
    })
}

fn command(name: &'static str, unresolved: f64) -> impl Strategy<Value = Command> {
    let timeout = weighted(0.6, 1..=4u64);
    (timeout, prop::bool::weighted(1.0 - unresolved)).prop_map(move |(timeout, resolves)| Command {
        name,
        timeout,
        resolves,
    })
}

fn period() -> impl Strategy<Value = u64> {
    select(&[5, 5, 5, 6, 10, 40][..])
}

fn on_failure() -> impl Strategy<Value = OnFailure> {
    select(&[OnFailure::Log, OnFailure::Warn, OnFailure::Terminate][..])
}

fn threshold() -> impl Strategy<Value = u64> {
    1..=3u64
}

fn initial_delay() -> impl Strategy<Value = u64> {
    select(&[0, 0, 1, 2, 5, 7][..])
}

fn processes() -> impl Strategy<Value = Processes> {
    let checks = prop_oneof![vec(check_run(4), 1..6), vec(check_run(1), 1..4)];
    (action_run(), checks).prop_map(|(action, checks)| Processes { action, checks })
}

fn seconds(grid: &'static [u64]) -> impl Strategy<Value = Time> {
    select(grid).prop_map(Time::from_secs)
}

fn action_run() -> impl Strategy<Value = Run> {
    let time = || seconds(ACTION_TIMES);
    // Most Sessions are to get far.
    let end = prop_oneof![
        30 => time().prop_map(|after| End::Ends(after, Exit::Status(0))),
        1 => time().prop_map(|after| End::Ends(after, Exit::Status(3))),
        1 => time().prop_map(|after| End::Ends(after, Exit::Signal(11))),
        1 => Just(End::CannotStart("no such file".to_owned())),
        3 => Just(End::Hangs),
    ];
    let line = prop_oneof![
        50 => select(LINES).prop_map(str::to_owned),
        2 => select(FAIL_LINES).prop_map(str::to_owned),
        1 => select(MALFORMED).prop_map(str::to_owned),
    ];
    let run = (
        end,
        output(time(), line, 3),
        on_notify(),
        seconds(REACTION_TIMES),
    );
    run.prop_map(|(end, output, on_notify, on_kill)| Run {
        end,
        output,
        on_notify,
        on_kill,
    })
}

fn on_notify() -> impl Strategy<Value = OnNotify> {
    let ways = [Exit::Status(0), Exit::Status(1), Exit::Signal(15)];
    prop_oneof![
        1 => Just(OnNotify::Ignores),
        2 => (seconds(REACTION_TIMES), select(Vec::from(ways)))
            .prop_map(|(after, exit)| OnNotify::Ends(after, exit)),
    ]
}

/// A check that is unhealthy `fails` times in `fails` + 3.
fn check_run(fails: u32) -> impl Strategy<Value = Run> {
    let time = || select(CHECK_TIMES).prop_map(Time::from_millis);
    let end = prop_oneof![
        6 => time().prop_map(|after| End::Ends(after, Exit::Status(0))),
        fails => time().prop_map(|after| End::Ends(after, Exit::Status(1))),
        fails => prop_oneof![
            time().prop_map(|after| End::Ends(after, Exit::Signal(9))),
            Just(End::CannotStart("hunter2 is no file".to_owned())),
            Just(End::Hangs),
            Just(End::Hangs),
        ],
    ];
    let line = prop_oneof![
        20 => select(LINES).prop_map(str::to_owned),
        8 => select(FAIL_LINES).prop_map(str::to_owned),
        1 => select(MALFORMED).prop_map(str::to_owned),
        1 => long_line(),
    ];
    let output = prop_oneof![12 => output(time(), line, 4), 1 => late_secret()];
    (end, output, seconds(REACTION_TIMES)).prop_map(|(end, output, on_kill)| Run {
        output,
        on_kill,
        ..Run::new(end)
    })
}

/// A line about as long as the limit of a failure status, with characters of several byte lengths.
fn long_line() -> impl Strategy<Value = String> {
    let unit = select(&["x", "é", "…", "𝄞"][..]);
    (0..4usize, unit, 4090..4100usize).prop_map(|(lead, unit, bytes)| {
        let lead = "-".repeat(lead);
        format!("{lead}{}", unit.repeat(bytes / unit.len()))
    })
}

/// A line whose end fills a failure status, followed by a message that makes the start of that line a secret.
fn late_secret() -> impl Strategy<Value = Vec<(Time, Stream, String)>> {
    (4085..4100usize).prop_map(|length| {
        let line = format!("hunter2{}", "x".repeat(length));
        let secret = "openjd_redacted_env: D=hunter2".to_owned();
        vec![
            (Time::ZERO, Stream::Stderr, line),
            (Time::ZERO, Stream::Stdout, secret),
        ]
    })
}

/// Lines in order of time.
fn output(
    at: impl Strategy<Value = Time>,
    line: impl Strategy<Value = String>,
    most: usize,
) -> impl Strategy<Value = Vec<(Time, Stream, String)>> {
    let stream = select(&[Stream::Stdout, Stream::Stderr][..]);
    vec((at, stream, line), 0..=most).prop_map(|mut lines| {
        lines.sort_by_key(|(at, ..)| *at);
        lines
    })
}

/// The user's cancels: none in most cases.
fn cancels() -> impl Strategy<Value = Vec<Cancel>> {
    let times: Vec<_> = (0..=30).chain([40, 60, 100]).collect();
    let periods = select(&[0, 1, 2, 5, 12, 40][..]);
    let cancel = (select(times), option::of(periods)).prop_map(|(at, notify_period)| Cancel {
        at: Time::from_secs(at),
        notify_period,
    });
    let some = vec(cancel, 1..=3).prop_map(|mut cancels| {
        cancels.sort_by_key(|cancel| cancel.at);
        cancels
    });
    prop_oneof![2 => Just(Vec::new()), 1 => some]
}
