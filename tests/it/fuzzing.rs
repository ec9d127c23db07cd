//! The fuzz targets on random input, without a fuzzer.

use crate::fuzz::targets;
use crate::support::{Random, files, variable};
use std::fs;
use std::panic;

/// Runs a target on inputs that `input` makes. `INPUTS` sets their number, and `SEED` that of the first.
fn run(target: fn(&[u8]), input: impl Fn(&mut Random) -> Vec<u8>) {
    let seed = variable("SEED", 1);
    for seed in seed..seed + variable("INPUTS", 25) {
        let bytes = input(&mut Random::new(seed as u64));
        let ended = panic::catch_unwind(|| target(&bytes));
        assert!(ended.is_ok(), "repeat it with SEED={seed} INPUTS=1");
    }
}

fn bytes(random: &mut Random) -> Vec<u8> {
    let length = 40 + random.below(800);
    (0..length).map(|_| byte(random)).collect()
}

/// Bytes that stand for something that is made, for a target that also takes a text as it is.
fn made(random: &mut Random) -> Vec<u8> {
    [vec![1], bytes(random)].concat()
}

fn byte(random: &mut Random) -> u8 {
    u8::try_from(random.below(256)).expect("a byte")
}

/// Returns what makes input of one of the project's files by changes in a few places.
fn near(folder: &str) -> impl Fn(&mut Random) -> Vec<u8> {
    let seeds = files(folder, ".yaml");
    move |random| {
        let mut bytes = fs::read(random.pick(&seeds)).expect("a fixture");
        for _ in 0..1 + random.below(8) {
            let at = random.below(bytes.len());
            let end = bytes.len().min(at + random.below(20));
            match random.below(4) {
                0 => bytes[at] = byte(random),
                1 => drop(bytes.drain(at..end.min(bytes.len() - 1))),
                2 => bytes.insert(at, random.pick(b" \n:#[]{}\"'|>&*!-,?%@`\\")),
                _ => {
                    let part = bytes[at..end].to_vec();
                    let to = random.below(bytes.len());
                    bytes.splice(to..to, part);
                }
            }
        }
        bytes
    }
}

/// Returns a text of some of these pieces.
fn pieces(random: &mut Random, pieces: &[&str]) -> Vec<u8> {
    let count = 1 + random.below(20);
    let pieces: String = (0..count).map(|_| random.pick(pieces)).collect();
    pieces.into_bytes()
}

#[test]
fn answers() {
    run(targets::answers, bytes);
}

#[test]
fn edits() {
    run(targets::edits, bytes);
}

#[test]
fn expressions() {
    let known = [
        "a",
        "Param.N",
        "Param.A",
        "1",
        "2.5",
        "9223372036854775807",
        "'b'",
        "\"c\"",
        " + ",
        " - ",
        " * ",
        " ** ",
        " / ",
        " // ",
        " % ",
        "(",
        ")",
        "[",
        "]",
        ",",
        ":",
        ".",
        "len",
        "range",
        "list",
        "str",
        "int",
        "zfill",
        "re_escape",
        "repr_sh",
        "join",
        "split",
        "path",
        ".parts",
        "sum",
        "min",
        "sorted",
        "flatten",
        " for ",
        " in ",
        " if ",
        " else ",
        " and ",
        " not ",
        " == ",
        " < ",
        "x",
        "y",
        "True",
        "None",
        "}}",
        "{{",
        "\n",
        "é",
    ];
    run(targets::expressions, |random| pieces(random, &known));
    run(targets::expressions, made);
}

#[test]
fn findings() {
    run(targets::findings, near("fixtures"));
    run(targets::findings, made);
}

#[test]
fn fix() {
    run(targets::fix, bytes);
}

#[test]
fn reports() {
    run(targets::reports, bytes);
}

#[test]
fn scenarios() {
    run(targets::scenario, near("fixtures/conformance/trace"));
    run(targets::scenario, bytes);
}

#[test]
fn shell() {
    let known = [
        "\0",
        "\u{1}",
        "\u{2}",
        "\u{3}",
        "a",
        " ",
        "\n",
        ";",
        "&",
        "|",
        "&&",
        "||",
        "(",
        ")",
        "{",
        "}",
        "$",
        "$(",
        "${",
        "`",
        "'",
        "\"",
        "\\",
        "#",
        "<<",
        "EOF",
        ">",
        "<",
        "2>&1",
        "if ",
        "then ",
        "fi",
        "while ",
        "do ",
        "done",
        "for ",
        "in ",
        "case ",
        "esac",
        ";;",
        "exit 1",
        "exit ",
        "return",
        "true",
        "false",
        "test -e x",
        "[ -e x ]",
        "grep -q a",
        "trap ",
        "set -e",
        "echo openjd_fail: x",
        "%",
        "^",
        "@echo off",
        "if errorlevel 1 ",
        "goto ",
        ":a",
        "$?",
        "$LASTEXITCODE",
        "{{Param.A}}",
        "{{",
        "timeout 5 ",
        "env ",
        "bash -c ",
        "!",
        "é",
    ];
    run(targets::shell, |random| pieces(random, &known));
    run(targets::shell, |random| {
        [vec![byte(random)], made(random)].concat()
    });
}
