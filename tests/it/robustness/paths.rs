//! Paths that lead to no file, and outputs that take nothing.

use super::Hostile;
use nix::sys::stat::Mode;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;

const GOOD: &str = "specificationVersion: environment-2023-09
environment: {name: A, variables: {A: b}}
";
const JOB: &str = "specificationVersion: jobtemplate-2023-09
name: J
steps: [{name: S, script: {actions: {onRun: {command: 'true'}}}}]
";

fn file(name: &'static str, text: &'static str) -> impl Fn(&Path) + Sync {
    move |folder| fs::write(folder.join(name), text).expect("a file")
}

fn pipe(folder: &Path) {
    nix::unistd::mkfifo(&folder.join("a.yaml"), Mode::S_IRWXU).expect("a named pipe");
}

fn link(target: &'static str) -> impl Fn(&Path) + Sync {
    move |folder| symlink(target, folder.join("a.yaml")).expect("a link")
}

fn nothing(_: &Path) {}

pub(super) fn inputs() -> Vec<Hostile> {
    let is_pipe = "it is a named pipe; pass its text by standard input, or as a file";
    let check = "check --no-config --format concise a.yaml";
    let endless = "is larger than 16777216 bytes";
    let with_job =
        |command, says| Hostile::new("an endless device", file("job.yaml", JOB), command, 2, says);
    let of_pipe = |command, status| {
        Hostile::new(
            "a named pipe that nobody writes to",
            pipe,
            command,
            status,
            is_pipe,
        )
    };
    vec![
        of_pipe(check, 3),
        of_pipe("run a.yaml", 3),
        of_pipe("simulate a.yaml", 3),
        of_pipe("describe a.yaml", 3),
        of_pipe("polyfill a.yaml", 3),
        of_pipe("add-monitor a.yaml", 3),
        of_pipe("check --config a.yaml", 2),
        of_pipe("check --no-config --baseline a.yaml", 2),
        Hostile::new(
            "a named pipe in a folder",
            |folder| {
                pipe(folder);
                fs::write(folder.join("b.yaml"), GOOD).expect("a file");
            },
            "check --no-config .",
            0,
            "no findings in 1 template",
        ),
        Hostile::new(
            "a link to an endless device",
            link("/dev/zero"),
            check,
            3,
            endless,
        ),
        Hostile::new(
            "an endless device",
            nothing,
            "check --no-config --format concise - < /dev/zero",
            3,
            endless,
        ),
        Hostile::new(
            "random bytes without an end",
            nothing,
            "check --no-config --format concise /dev/urandom",
            3,
            endless,
        ),
        with_job(
            "check --config /dev/zero",
            "the configuration is larger than 1048576 bytes",
        ),
        with_job(
            "check --no-config --baseline /dev/zero",
            "it is larger than 16777216 bytes",
        ),
        with_job(
            "run /dev/zero",
            "the template is larger than 16777216 bytes",
        ),
        with_job(
            "run job.yaml --environment /dev/zero",
            "the template is larger than 16777216 bytes",
        ),
        with_job(
            "run job.yaml -p file:///dev/zero",
            "it is larger than 16777216 bytes",
        ),
        with_job(
            "run job.yaml --step S --tasks file:///dev/zero",
            "it is larger than 16777216 bytes",
        ),
        with_job(
            "run job.yaml --path-mapping-rules file:///dev/zero",
            "it is larger than 16777216 bytes",
        ),
        with_job(
            "simulate /dev/zero",
            "the template is larger than 16777216 bytes",
        ),
        with_job("polyfill /dev/zero", "`/dev/zero` is no template"),
        Hostile::new(
            "an endless device",
            nothing,
            "conformance run --adapter true --known-failures /dev/zero",
            3,
            "cannot read `/dev/zero`: it is larger than 1048576 bytes",
        ),
        Hostile::new(
            "a link to itself",
            link("a.yaml"),
            check,
            3,
            "Too many levels of symbolic links",
        ),
        Hostile::new(
            "a link to nothing",
            link("nowhere"),
            check,
            3,
            "No such file or directory",
        ),
        Hostile::new(
            "a link to the folder that it is in",
            |folder| {
                fs::write(folder.join("b.yaml"), GOOD).expect("a file");
                symlink("..", folder.join("up")).expect("a link");
            },
            "check --no-config .",
            0,
            "no findings in 1 template",
        ),
        Hostile::new(
            "a socket",
            |folder| drop(UnixListener::bind(folder.join("a.yaml")).expect("a socket")),
            check,
            3,
            "cannot read `a.yaml`: No such device or address",
        ),
        Hostile::new(
            "a folder by the name of a template",
            |folder| fs::create_dir(folder.join("a.yaml")).expect("a folder"),
            check,
            3,
            "there is no template among the 0 files that were read",
        ),
        Hostile::new(
            "a name with a line break and escape sequences",
            nothing,
            "check --no-config --format concise \"$(printf 'x\\n::error::y\\033[31m<b>.yaml')\"",
            3,
            "cannot read `x\\n::error::y\\u001b[31m<b>.yaml`",
        ),
    ]
}

pub(super) fn outputs() -> Vec<Hostile> {
    let full = "No space left on device";
    let to_full = |command| Hostile::new("a full disk", file("a.yaml", GOOD), command, 3, full);
    vec![
        to_full("check --no-config a.yaml > /dev/full"),
        to_full("check --no-config a.yaml --format json > /dev/full"),
        to_full("check --no-config a.yaml --format sarif --output /dev/full"),
        to_full("rules > /dev/full"),
        to_full("schema > /dev/full"),
        to_full("describe a.yaml > /dev/full"),
        to_full("polyfill a.yaml > /dev/full"),
        Hostile::new(
            "a full disk",
            file("job.yaml", JOB),
            "simulate job.yaml > /dev/full",
            3,
            full,
        ),
        Hostile::new(
            "a full disk",
            file("job.yaml", JOB),
            "simulate job.yaml --timeline /dev/full > /dev/null",
            3,
            full,
        ),
        Hostile::new(
            "a closed output",
            file("a.yaml", GOOD),
            "check --no-config a.yaml >&-",
            0,
            "",
        ),
    ]
}
