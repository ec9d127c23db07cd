//! Mistakes of a scenario that its schema cannot express.

use super::format::{self, Input};
use crate::lint::{self, Finding};
use crate::template::{Document, Path};

/// Finds fields that exclude each other, and lists that are not in order of time.
pub(super) fn check(document: &Document, scenario: &format::Scenario) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut mistake =
        |path: &Path, message: &str| findings.extend(lint::mistake(document, path, message));
    let root = Path::root();
    if scenario.job.template.is_some() == scenario.job.template_file.is_some() {
        mistake(
            &root.key("job"),
            "a job has either `template` or `templateFile`",
        );
    }
    let ends = [
        !scenario.expect.is_empty(),
        !scenario.readings.is_empty(),
        scenario.refused,
    ];
    if ends.into_iter().filter(|given| *given).count() > 1 {
        mistake(
            &root,
            "a scenario has only one of `expect`, `readings` and `refused`",
        );
    }
    if scenario.point.is_some() == scenario.readings.is_empty() {
        mistake(&root, "`point` and `readings` are given together");
    }
    if scenario.refused && !(scenario.processes.is_empty() && scenario.inputs.is_empty()) {
        mistake(
            &root,
            "a job that is refused has neither `processes` nor `inputs`",
        );
    }
    for (index, process) in scenario.processes.iter().enumerate() {
        let runs = root.key("processes").index(index).key("runs");
        for (index, run) in process.runs.iter().enumerate() {
            let path = runs.index(index);
            if run.ways_to_end() != 1 {
                mistake(
                    &path,
                    "a run has exactly one of `exit`, `signal`, `hang` and `spawnError`",
                );
            }
            for (index, line) in run.output.iter().enumerate() {
                if line.stdout.is_some() == line.stderr.is_some() {
                    let path = path.key("output").index(index);
                    mistake(&path, "a line has either `stdout` or `stderr`");
                }
            }
            if run.on_notify.as_ref().is_some_and(|way| !way.is_one()) {
                mistake(&path.key("onNotify"), "it has either `exit` or `signal`");
            }
        }
    }
    let inputs = scenario.inputs.iter().map(Input::at).collect::<Vec<_>>();
    let mut lists = vec![(root.key("inputs"), inputs)];
    let readings = scenario.readings.iter();
    let readings = readings.map(|(name, entries)| (root.key("readings").key(name), entries));
    let expect = std::iter::once((root.key("expect"), &scenario.expect));
    lists.extend(expect.chain(readings).map(|(list, entries)| {
        let times = entries.iter().map(|entry| entry.at.0);
        (list, times.collect())
    }));
    for (list, times) in lists {
        for (index, pair) in times.windows(2).enumerate() {
            if pair[1] < pair[0] {
                let path = list.index(index + 1).key("at");
                mistake(
                    &path,
                    "this is before the entry above: the list is not in order of time",
                );
            }
        }
    }
    findings
}
