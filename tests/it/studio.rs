//! The example of `docs/one-environment.md`, with stubs in place of Docker and the license daemon.

use crate::docs::block;
use crate::support::{path_with, program, programs, read, root};
use crate::usage;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const EXAMPLE: &str = "docs/examples/studio.yaml";

const DOCKER: &str = r#"#!/bin/sh
state=${0%/*}
echo "docker $*" >> "$state/log"
case "$1 $2" in
    'container run') echo up > "$state/container"; echo 0123abc ;;
    'container rm') rm "$state/container" ;;
    'container exec') shift 2; while [ "$1" = --env ]; do shift 2; done; shift; exec "$@" ;;
    ps*) cat "$state/container" 2>/dev/null || true ;;
esac
"#;

const LMGRD: &str = r#"#!/bin/sh
touch "${0%/*}/license"
"#;

const LMUTIL: &str = r#"#!/bin/sh
state=${0%/*}
echo "lmutil $*" >> "$state/log"
case "$1" in
    lmstat) test -e "$state/license" && echo 'license server UP v11' ;;
    lmdown) rm "$state/license" ;;
esac
"#;

/// A folder with the stubs: the container and the daemon are files in it.
fn stubs() -> TempDir {
    programs(&[("docker", DOCKER), ("lmgrd", LMGRD), ("lmutil", LMUTIL)])
}

#[test]
fn a_job_runs_in_the_environment_which_cleans_up() {
    let stubs = stubs();
    let arguments = [
        "run",
        "docs/examples/render.yaml",
        "--environment",
        EXAMPLE,
        "-p",
        "SecondsPerFrame=0",
    ];
    let ended = program(arguments)
        .env("PATH", &path_with(stubs.path()))
        .run();
    assert_eq!(ended.status, 0, "{}\n{}", ended.out, ended.err);
    assert!(ended.out.contains("frame 3 is done"), "{}", ended.out);
    let log = fs::read_to_string(stubs.path().join("log")).expect("a log");
    assert!(log.contains("LICENSE_DAEMON=started 0123abc sh "), "{log}");
    assert!(
        log.contains("docker container rm --force 0123abc\n"),
        "{log}"
    );
    for left in ["container", "license"] {
        assert!(!stubs.path().join(left).exists(), "{left}");
    }
}

#[test]
fn a_failed_enter_cleans_up_what_it_has_started() {
    let stubs = stubs();
    fs::write(stubs.path().join("docker"), "#!/bin/sh\nexit 1\n").expect("a file");
    let arguments = ["run", "docs/examples/render.yaml", "--environment", EXAMPLE];
    let ended = program(arguments)
        .env("PATH", &path_with(stubs.path()))
        .run();
    assert_eq!(ended.status, 1, "{}", ended.out);
    assert!(!stubs.path().join("license").exists());
}

/// Runs the check of the example in `session`; returns its exit status and what it prints.
fn check(stubs: &Path, session: &Path) -> (Option<i32>, String) {
    let template: Value = serde_saphyr::from_str(&read(EXAMPLE)).expect("YAML");
    let files = &template["environment"]["script"]["embeddedFiles"];
    let mut files = files.as_array().expect("files").iter();
    let file = files
        .find(|file| file["name"] == "Check")
        .expect("the check");
    let script = file["data"]
        .as_str()
        .expect("a text")
        .replace(
            "{{ repr_sh(Session.WorkingDirectory) }}",
            &session.to_string_lossy(),
        )
        .replace("{{ repr_sh(Param.LicenseFile) }}", "license.lic")
        .replace("{{Param.HeartbeatSeconds}}", "300");
    let output = Command::new("bash")
        .args(["-c", &script])
        .env("PATH", path_with(stubs))
        .env("DOCKER_CONTAINER_ID", "0123abc")
        .output()
        .expect("bash");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    (output.status.code(), printed)
}

#[test]
fn the_check_names_what_is_gone() {
    let stubs = stubs();
    let session = tempfile::tempdir().expect("a folder");
    let file = |name: &str| stubs.path().join(name);
    let heartbeat = session.path().join("heartbeat");
    for path in [&file("container"), &file("license"), &heartbeat] {
        fs::write(path, "up\n").expect("a file");
    }
    let check = || check(stubs.path(), session.path());
    let fails = |reason: &str| (Some(1), format!("openjd_fail: {reason}\n"));
    assert_eq!(check(), (Some(0), String::new()));

    let old = std::time::SystemTime::now() - std::time::Duration::from_secs(1000);
    let opened = fs::File::options()
        .append(true)
        .open(&heartbeat)
        .expect("a file");
    opened.set_modified(old).expect("a time");
    assert_eq!(check(), fails("no heartbeat for more than 300 seconds"));
    fs::remove_file(&heartbeat).expect("a file");
    assert_eq!(check(), fails("there is no heartbeat"));
    fs::remove_file(file("license")).expect("a file");
    assert_eq!(check(), fails("the license daemon does not answer"));
    fs::remove_file(file("container")).expect("a file");
    assert_eq!(check(), fails("the container is not running"));
}

#[test]
fn nothing_is_found_in_the_example_and_its_page_tells_what_happens() {
    let ended = program(["check", EXAMPLE, "--min-level", "info"]).run();
    assert_eq!(ended.out, "no findings in 1 template\n");
    let page = read("docs/one-environment.md");
    usage::run(root(), block(&page, "What happens when", "console"));
}
