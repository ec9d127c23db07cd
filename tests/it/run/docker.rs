//! The Docker example with a real container that dies or hangs.

use super::{Running, init, start};
use crate::support::{folder, read, skip};
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;
use std::time::Duration;
use tempfile::TempDir;

pub const IMAGE: &str = "openjd-monitor-test-busybox";

/// Debian's `busybox-static`.
const BUSYBOX: &str = "/bin/busybox";

/// The reason why the image could not be built.
pub static PROBLEM: LazyLock<Option<String>> = LazyLock::new(|| image().err());

/// Runs `docker` with these arguments; returns what it prints, or its errors.
pub fn docker(arguments: &[&str]) -> Result<String, String> {
    let output = Command::new("docker").args(arguments).output();
    let output = output.map_err(|error| format!("docker: {error}"))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// Builds an image from nothing but busybox.
fn image() -> Result<(), String> {
    docker(&["info"]).map_err(|_| "`docker info` does not answer".to_owned())?;
    if !Path::new(BUSYBOX).exists() {
        return Err(format!("there is no {BUSYBOX} (Debian's busybox-static)"));
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(BUSYBOX, folder.path().join("busybox")).expect("a copy");
    let dockerfile = "FROM scratch\nCOPY busybox /bin/busybox\nRUN [\"/bin/busybox\", \"--install\", \"-s\", \"/bin\"]\n";
    std::fs::write(folder.path().join("Dockerfile"), dockerfile).expect("a file");
    docker(&[
        "build",
        "--quiet",
        "--tag",
        IMAGE,
        &folder.path().to_string_lossy(),
    ])
    .expect("an image");
    Ok(())
}

/// Asserts that there is no container of this ID any more, not even a stopped one.
#[track_caller]
pub fn assert_removed(container: &str) {
    let filter = format!("id={container}");
    let left = docker(&["ps", "--all", "--quiet", "--filter", &filter]);
    assert_eq!(left.as_deref(), Ok(""), "{container}");
}

/// A folder with `docker.yaml`, the example Environment with shorter times.
pub fn quick_example() -> TempDir {
    let environment = read("docs/examples/docker.yaml")
        .replace("period: 30", "period: 5")
        .replace("timeout: 10", "timeout: 4");
    folder(&[("docker.yaml", &environment)])
}

/// Starts a job in the example Environment with shorter times.
fn started(seconds: &str) -> Running {
    let folder = quick_example();
    let image = format!("ContainerImage={IMAGE}");
    let seconds = format!("SecondsPerFrame={seconds}");
    let path = folder.path().join("docker.yaml");
    let path = path.to_string_lossy();
    let arguments = ["--environment", &path, "-p", &image, "-p", &seconds];
    let running = start(&read("docs/examples/render.yaml"), &arguments);
    // By then it has read its template.
    running.wait_for("Session start");
    running
}

#[test]
fn a_container_that_dies_or_hangs_fails_its_task_and_is_removed() {
    if let Some(problem) = &*PROBLEM {
        return skip(
            "a_container_that_dies_or_hangs_fails_its_task_and_is_removed",
            problem,
        );
    }
    let runs = [started("1000"), started("1000")];
    let died = [(&runs[0], "pause"), (&runs[1], "kill")].map(|(running, command)| {
        let container = running.wait_for("openjd_env: DOCKER_CONTAINER_ID=");
        running.wait_for("openjd_status: frame 1 of teapot");
        // A check or two find it alive.
        running.wait_for("[onMonitor] healthy");
        docker(&[command, &container]).expect("a container");
        (container, command, running.age())
    });
    for (running, (container, command, died)) in runs.into_iter().zip(died) {
        let ended = running.end();
        assert_eq!(ended.status, 1, "{}{}", ended.out, ended.err);
        assert_removed(&container);
        let log = ended.log();
        let said = |text: &str| log.iter().filter(|line| **line == text).count();
        // `docker stop` and `docker rm` both print what they are asked to stop and remove.
        assert_eq!(said(&container), 2, "{command}\n{}", ended.out);
        assert_eq!(
            said("--------- Exiting Environment: Docker"),
            1,
            "{}",
            ended.out
        );
        if command == "kill" {
            // `docker exec` notices that by itself.
            continue;
        }
        let fired = ended.at("notify")[0];
        // Period x threshold, the check, and a second.
        let latest = died + Duration::from_secs(2 * 5 + 4 + 1);
        assert!(fired < latest.as_secs_f64(), "{died:?}\n{}", ended.out);
        // But for the times, the README shows this.
        let readme = read("README.md");
        let (_, shown) = readme
            .split_once("## With real processes")
            .expect("a section");
        let (_, shown) = shown.split_once("```text\n").expect("a log");
        let (shown, _) = shown.split_once("```").expect("its end");
        let shown = shown.lines().filter_map(|line| line.split_once('\t'));
        let shown = shown.map(|(_, text)| text);
        // With which status `docker exec` ends when it is asked to is Docker's affair.
        let of_status = ["Process exited with code: ", "; exit status "];
        let shown = shown.filter(|text| !of_status.iter().any(|status| text.contains(status)));
        ended.assert_reason("onWrapTaskRun of environment 'Docker' FAILED by its monitor: ");
        ended.assert_logged(&shown.collect::<Vec<_>>());
    }
}

#[test]
fn tasks_run_in_a_container_that_lives() {
    if let Some(problem) = &*PROBLEM {
        return skip("tasks_run_in_a_container_that_lives", problem);
    }
    let ended = started("0").end();
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    ended.assert_logged(&[
        "frame 1 is done",
        "frame 3 is done",
        "All actions completed successfully!",
    ]);
}

#[test]
fn the_template_of_init_runs_tasks_in_a_container_and_notices_its_loss() {
    if let Some(problem) = &*PROBLEM {
        return skip(
            "the_template_of_init_runs_tasks_in_a_container_and_notices_its_loss",
            problem,
        );
    }
    let environment = init::template("docker", &["--image", IMAGE]);
    let folder = folder(&[("docker.yaml", &environment)]);
    let path = folder.path().join("docker.yaml");
    let path = path.to_string_lossy();
    let started = |seconds| start(&init::job(seconds), &["--environment", &path]);
    let doomed = started(1000);
    let ended = started(0).end();
    assert_eq!(ended.status, 0, "{}{}", ended.out, ended.err);
    ended.assert_logged(&init::LOGGED);
    let container = doomed.wait_for("openjd_env: DOCKER_CONTAINER_ID=");
    doomed.wait_for("[onMonitor] healthy");
    docker(&["pause", &container]).expect("a container");
    let ended = doomed.end();
    assert_eq!(ended.status, 1, "{}{}", ended.out, ended.err);
    ended.assert_reason("FAILED by its monitor: the container is not running");
    assert_removed(&container);
}
