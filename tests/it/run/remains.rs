//! Cleanup of processes that left their group, and of folders that are hard to remove.

use super::{environment, job, start, wait};
use crate::support::skip;
use std::process::Command;

/// An Environment whose `onEnter` runs one script and whose check runs another.
fn checked(enter: &str, check: &str) -> String {
    let monitor = "onMonitor:
  command: { command: sh, args: ['{{Env.File.Check}}'], timeout: 3 }
  period: 5
  initialDelay: 0
  onFailure: log";
    let around = environment(&[("onEnter", enter), ("Check", check)], monitor);
    job(&around, "echo the task has run")
}

/// Three ways to leave the process group of a check: a new session, an orphan, and both; with children, and without the
/// parent's environment variables.
const DETACHES: &str = "setsid sleep 2001 > /dev/null 2>&1 &
( ( sleep 2002 > /dev/null 2>&1 & ) & )
( setsid sh -c 'env -i sleep 2003 & exec sleep 2004' > /dev/null 2>&1 & )
sleep 0.5";

/// An action that ends once no process of the check is left, and fails if that takes long.
const UNTIL_GONE: &str = "while ! test -e checked; do sleep 0.1; done
for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  grep -l '^sleep.200' /proc/[0-9]*/cmdline 2> /dev/null | while read -r found; do
    test \"$(readlink \"${found%cmdline}cwd\")\" = \"$PWD\" && echo \"$found\"
  done > found
  test -s found || { echo nothing is left; exit 0; }
  sleep 0.5
done
exit 1";

#[test]
fn processes_that_left_the_group_of_a_check_are_killed_with_it() {
    if !cfg!(target_os = "linux") {
        return skip(
            "processes_that_left_the_group_of_a_check_are_killed_with_it",
            "that is so on Linux only",
        );
    }
    let healthy = start(
        &checked(UNTIL_GONE, &format!("{DETACHES}\ntouch checked")),
        &[],
    );
    let hangs = format!("{DETACHES}\ntouch checked\nexec sleep 1000");
    let hangs = start(&checked(UNTIL_GONE, &hangs), &[]);
    let discarded = format!("{DETACHES}\ntouch checked\nexec sleep 1000");
    let enter = "while ! test -e checked; do sleep 0.1; done";
    let discarded = start(&checked(enter, &discarded), &[]);
    for running in [healthy, hangs, discarded] {
        let ended = running.end();
        assert_eq!(ended.status, 0, "{}", ended.out);
        assert!(!ended.out.contains("left behind"), "{}", ended.out);
    }
}

#[test]
fn processes_that_an_action_starts_during_a_check_survive_it() {
    // The services start while the check runs, and are orphans when it is over.
    let enter = "while ! test -e checking; do sleep 0.1; done
( setsid sh -c 'echo $$ > one; exec sleep 2005' > /dev/null 2>&1 & )
( env -i sh -c 'echo $$ > two; exec sleep 2006' > /dev/null 2>&1 & )
while ! test -s one || ! test -s two; do sleep 0.1; done
touch started
while ! test -e checked; do sleep 0.1; done
sleep 1";
    let check = "touch checking
while ! test -e started; do sleep 0.1; done
touch checked";
    let template = checked(enter, check).replace(
        "echo the task has run",
        "kill -0 $(cat one) && kill -0 $(cat two)",
    );
    let ended = start(&template, &[]).end();
    assert_eq!(ended.status, 0, "{}", ended.out);
    ended.assert_logged(&["[onMonitor] healthy"]);
    let killed = "Killed, left behind by the session: sleep (";
    assert!(ended.out.contains(killed), "{}", ended.out);
}

#[test]
fn a_folder_however_deep_and_wide_is_removed_with_few_files_open() {
    let script = "deep=$(printf 'd/%.0s' $(seq 500))
top=$PWD
for part in 1 2 3 4 5; do mkdir -p \"$deep\"; cd -P \"$deep\" || exit 1; done
touch bottom
chmod 500 .
cd \"$top\"
mkdir -p wide/locked
cd wide
seq 100000 | xargs touch
ln -s / locked/root
chmod 0 locked
echo made";
    let template = job("", script).replace("command: sh", "command: bash");
    let running = start(&template, &[]);
    // Where there is no such program, the system's own limit is still below the depth.
    let _ = Command::new("prlimit")
        .args(["--nofile=64:64", "--pid", &running.pid().to_string()])
        .status();
    // To make so many takes minutes on a busy machine, and is not what is tested.
    let is_made = || running.has_printed("made").then_some(());
    (0..5).find_map(|_| wait(is_made)).expect("files");
    let ended = running.end();
    assert_eq!((ended.status, ended.err.as_str()), (0, ""), "{}", ended.out);
}

#[test]
fn a_folder_that_cannot_be_removed_shows_in_the_exit_status() {
    let script = "mkdir -p kept/mounted removed/deep/deeper
touch removed/deep/file
mount -t tmpfs tmpfs kept/mounted || exit 9";
    let running = start(&job("", script), &[]);
    let temporary = running.temporary();
    let (ended, _folder) = running.end_anyhow();
    if ended.out.contains("Process exited with code: 9") {
        return skip(
            "a_folder_that_cannot_be_removed_shows_in_the_exit_status",
            "nothing can be mounted",
        );
    }
    let entries = std::fs::read_dir(&temporary).expect("a folder");
    let left: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    let [left] = left.as_slice() else {
        panic!("{left:?}");
    };
    let mounted = left.join("kept/mounted");
    let unmounted = Command::new("umount").arg(mounted).status();
    assert!(unmounted.is_ok_and(|status| status.success()));
    assert_eq!(ended.status, 3, "{}", ended.err);
    let told = format!("error: cannot remove `{}`: ", left.display());
    assert!(ended.err.starts_with(&told), "{}", ended.err);
    // What can be removed is.
    assert!(!left.join("removed").exists());
}

#[test]
fn a_folder_that_the_job_has_removed_is_no_error() {
    let template = job("", "rm -rf \"$PWD\"; echo gone");
    for arguments in [&[][..], &["--preserve"]] {
        let ended = start(&template, arguments).end();
        assert_eq!((ended.status, ended.err.as_str()), (0, ""), "{}", ended.out);
        ended.assert_logged(&["gone"]);
        assert!(!ended.out.contains("openjd-monitor-"), "{}", ended.out);
    }
}
