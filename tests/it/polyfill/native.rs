//! The program as supervisor: random scenarios with real processes, in which the script does the same.
//!
//! The environment variables `SEED` and `SCENARIOS` set the seed and the number of scenarios.

use super::runtime::{Supervisor, scripts};
use crate::support::{Random, program, variable};
use std::thread;

const SEED: usize = 16;
const SCENARIOS: usize = 12;

/// An action beside a check, both in the shell.
#[derive(Debug)]
struct Scenario {
    options: Vec<String>,
    check: String,
    action: String,
}

/// Lines that a process may print, in the shell.
fn prints(random: &mut Random, lines: &[&str]) -> String {
    let lines = (0..random.below(4)).map(|_| format!("printf '%s\\n' {}\n", random.pick(lines)));
    lines.collect()
}

impl Scenario {
    /// Nothing in it happens at the same time, so that the order of all lines is known.
    fn random(random: &mut Random) -> Self {
        const OF_CHECK: &[&str] = &[
            "'why it is so'",
            "\"$SET\"",
            "'openjd_status: busy  '",
            "'openjd_fail: it is gone '",
            "'openjd_progress: 5'",
            "'openjd_redacted_env: A=hunter2'",
            "'my hunter2 and tiger'",
            "'it exited with code: 3'",
            "'openjd_env:A=b'",
            "''",
            "'  é € '",
        ];
        const OF_ACTION: &[&str] = &[
            "'openjd_env: SET=one'",
            "'openjd_env: \"SET=two\\u00fc\"'",
            "'openjd_unset_env: SET'",
            "'openjd_redacted_env: SET=tiger'",
            "'openjd_status: working'",
            "hello",
        ];
        let slots = ["onEnter", "onWrapEnvEnter", "onWrapTaskRun", "onExit"];
        let modes = ["TERMINATE", "NOTIFY_THEN_TERMINATE"];
        let mut options = vec![
            "--initial-delay=1".to_owned(),
            format!("--slot={}", random.pick(&slots)),
            format!(
                "--on-failure={}",
                random.pick(&["log", "warn", "terminate"])
            ),
            format!("--failure-threshold={}", random.pick(&[1, 1, 2])),
            format!("--cancelation={}", random.pick(&modes)),
            "--timeout=2".to_owned(),
            "--notify-period=2".to_owned(),
        ];
        options.extend((random.below(2) == 0).then(|| "--redacted-env".to_owned()));
        let mut check =
            "n=$(($(cat n 2>/dev/null || echo 0) + 1)); echo $n > n\ncase $n in\n".to_owned();
        for number in 1..=3 {
            let lines = prints(random, OF_CHECK);
            let ends = ["exit 0", "exit 1", "exit 255", "kill -SEGV $$", "sleep 100"];
            check += &format!("{number})\n{lines}{};;\n", random.pick(&ends));
        }
        check += "esac\n";
        let reaction = random.pick(&["", "trap '' TERM", "trap 'echo notified; exit 0' TERM"]);
        let lines = prints(random, OF_ACTION);
        // Between the end of one check and the start of the next.
        let seconds = random.pick(&[4, 9, 9, 14]) as f64 + 0.6;
        let exit = random.pick(&[0, 0, 3]);
        let action = format!(
            "exec 2>/dev/null\n{reaction}\n{lines}sleep {seconds} & wait $!\necho 'the end of hunter2'; exit {exit}"
        );
        Self {
            options,
            check,
            action,
        }
    }

    /// Runs it; returns the exit status of the action, its lines, and those of the supervisor.
    fn run(&self, supervisor: &Supervisor) -> (i32, Vec<String>, Vec<String>) {
        let options: Vec<_> = self.options.iter().map(|option| &**option).collect();
        let ended = scripts(supervisor, &options, &self.check, &self.action).end();
        let is_own = |line: &String| {
            let starts = [
                "[onMonitor] ",
                "openjd_status: ",
                "openjd_fail: ",
                "openjd_env is ",
            ];
            starts.iter().any(|start| line.starts_with(start))
        };
        let (own, of_action) = ended.lines().into_iter().partition(is_own);
        (ended.status, of_action, own)
    }
}

#[test]
fn both_supervisors_do_the_same_in_random_scenarios() {
    let (Some(script), Some(native)) = (
        Supervisor::under_test("both_supervisors"),
        Supervisor::native("both_supervisors"),
    ) else {
        return;
    };
    let seed = variable("SEED", SEED);
    let mut random = Random::new(seed as u64);
    let scenarios: Vec<_> = (0..variable("SCENARIOS", SCENARIOS))
        .map(|_| Scenario::random(&mut random))
        .collect();
    // They last long, and do little.
    let results = thread::scope(|scope| {
        let running: Vec<_> = scenarios
            .iter()
            .map(|scenario| {
                [&script, &native].map(|supervisor| scope.spawn(|| scenario.run(supervisor)))
            })
            .collect();
        let ended = running.into_iter();
        ended
            .map(|both| both.map(|one| one.join().expect("it ends")))
            .collect::<Vec<_>>()
    });
    for (scenario, [script, native]) in scenarios.iter().zip(&results) {
        assert_eq!(native, script, "seed {seed}: {scenario:#?}");
    }
    let has_fired = |(_, _, own): &&(_, _, Vec<String>)| {
        own.last()
            .is_some_and(|last| last.starts_with("openjd_fail: "))
    };
    let fired = results.iter().map(|[_, native]| native).filter(has_fired);
    let fired = fired.count();
    assert!(fired > 0 && fired < scenarios.len(), "{fired} have fired");
}

#[test]
fn the_help_says_who_calls_it() {
    let help = program(["supervise", "--help"]).run();
    assert_eq!(help.status, 0);
    assert!(help.out.contains("polyfill"), "{}", help.out);
    assert!(
        help.out.contains("--check=N CHECK-ARGUMENT"),
        "{}",
        help.out
    );
}
