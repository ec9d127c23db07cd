//! Scenarios: files with a job, the behavior of its processes, and the traces that are expected.

use super::ProcessModel;
use super::behaviour::Behaviour;
use super::file::{self, InvalidFile, ReadError};
use super::format::{self, Input};
use super::job::JobSpec;
use crate::lint::{self, Finding};
use crate::schema;
use crate::session::{Event, Job, JobError, Part, Start, Time};
use crate::template::{Document, Loaded, Path, Syntax, TemplateKind, limits, load};
use crate::trace::Fields;
use serde_json::Value;
use std::io;

/// A scenario, ready to run.
pub struct Scenario {
    /// Permanent name.
    pub id: String,
    /// Statement that it shows, in a sentence.
    pub title: String,
    /// Clauses that it covers.
    pub clauses: Vec<String>,
    /// Features that a runtime needs for it.
    pub requires: Vec<String>,
    /// Job as data.
    pub spec: JobSpec,
    /// Job, ready to run once; an error only if the job must be refused and is.
    pub job: Result<Job, Box<InvalidFile>>,
    /// `true` if job creation must fail, so that no Session begins.
    pub is_refused: bool,
    /// Behavior of the processes.
    pub processes: Behaviour,
    /// Events from outside, in order of time.
    pub inputs: Vec<(Time, Event)>,
    /// File that the template is from, if that is a file of its own.
    pub template_file: Option<std::path::PathBuf>,
    /// Point that the specifications leave open, if the scenario has several readings.
    pub point: Option<String>,
    /// Traces of which one must be observed, one for each reading; empty if any trace will do.
    pub expect: Vec<Expectation>,
}

/// The template files that a scenario may name.
#[derive(Debug, Clone, Copy)]
pub struct TemplateFolder<'p> {
    /// Folder from which relative paths are taken.
    pub path: &'p std::path::Path,
    /// `true` if a file need not be in it or below. Links are followed before that is decided.
    pub allows_outside: bool,
}

/// Trace that may be observed.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Reading of the specifications that it follows; `None` where there is only one.
    pub reading: Option<String>,
    /// Entries in order of time; none if the job is refused.
    pub trace: Vec<(Time, Fields)>,
}

impl Scenario {
    /// Reads a scenario that names template files in the folder `base` or below only.
    ///
    /// # Errors
    ///
    /// Fails with all findings if one of them is an error.
    pub fn read(bytes: &[u8], syntax: Syntax, base: &std::path::Path) -> Result<Self, InvalidFile> {
        let folder = TemplateFolder {
            path: base,
            allows_outside: false,
        };
        Self::of(load(bytes, syntax, limits::DEFAULT_MAX_BYTES), folder)
    }

    /// Reads a scenario from a loaded document.
    ///
    /// # Errors
    ///
    /// Fails with all findings if one of them is an error.
    pub fn of(loaded: Loaded, folder: TemplateFolder<'_>) -> Result<Self, InvalidFile> {
        Self::of_document(&InvalidFile::refuse_malformed(loaded)?, folder)
    }

    fn of_document(document: &Document, folder: TemplateFolder<'_>) -> Result<Self, InvalidFile> {
        file::refuse(document, lint::check_structure(document, &schema::SCENARIO))?;
        let job = Path::root().key("job");
        let given = [job.key("parameters"), job.key("tasks")];
        let scenario = format::decode(&document.with_numbers_as_written(&given))
            .map_err(|error| mistake(document, &error.path, error.to_string()))?;
        file::refuse(document, misplaced(document, &scenario))?;

        let name = scenario.job.template_file.as_ref();
        let own_file = match name {
            Some(name) => Some(template_file(document, name, folder)?),
            None => None,
        };
        let template_file = name.map(|name| folder.path.join(name));
        let template = match &own_file {
            Some(file) => file.value(),
            None => {
                let path = job.key("template");
                path.get(document.value()).unwrap_or(&Value::Null)
            }
        };
        let expect = expectations(document.value(), &scenario);
        let checked = check_templates(document, &scenario.job);
        let spec = JobSpec {
            template: template.clone(),
            environments: scenario.job.environments,
            parameters: scenario.job.parameters,
            tasks: scenario.job.tasks,
        };
        let create = || spec.create().map_err(|error| uncreatable(document, &error));
        let created = match checked.and_then(|()| create()) {
            Err(invalid) if scenario.refused => Err(Box::new(invalid)),
            created => Ok(created?),
        };
        Ok(Self {
            id: scenario.id,
            title: scenario.title,
            clauses: scenario.clauses,
            requires: scenario.requires,
            spec,
            job: created,
            processes: Behaviour::new(scenario.processes),
            inputs: scenario
                .inputs
                .iter()
                .map(|input| (input.at(), input.event()))
                .collect(),
            is_refused: scenario.refused,
            template_file,
            point: scenario.point,
            expect,
        })
    }
}

/// Returns the expected traces in `document`, which has been decoded to `scenario`.
fn expectations(document: &Value, scenario: &format::Scenario) -> Vec<Expectation> {
    let of_readings = scenario.readings.iter().filter_map(|(name, entries)| {
        Some(Expectation {
            reading: Some(name.clone()),
            trace: trace(document.get("readings")?.get(name)?, entries)?,
        })
    });
    let only = document.get("expect").and_then(|entries| {
        Some(Expectation {
            reading: None,
            trace: trace(entries, &scenario.expect)?,
        })
    });
    only.into_iter().chain(of_readings).collect()
}

fn trace(entries: &Value, decoded: &[format::Entry]) -> Option<Vec<(Time, Fields)>> {
    let times = decoded.iter().map(|entry| entry.at.0);
    let fields = entries.as_array()?.iter().filter_map(Value::as_object);
    Some(times.zip(fields.map(Fields::from)).collect())
}

/// Checks the templates inside a scenario.
fn check_templates(document: &Document, job: &format::JobFields) -> Result<(), InvalidFile> {
    let root = Path::root().key("job");
    if job.template.is_some() {
        file::check_template(document, &root.key("template"), TemplateKind::Job)?;
    }
    for index in 0..job.environments.len() {
        let path = root.key("environments").index(index);
        file::check_template(document, &path, TemplateKind::Environment)?;
    }
    Ok(())
}

impl ProcessModel for Behaviour {
    fn run(&mut self, _now: Time, start: &Start) -> super::Run {
        self.of(start)
    }
}

fn mistake(document: &Document, path: &Path, message: String) -> InvalidFile {
    InvalidFile {
        path: None,
        source: document.source().clone(),
        findings: lint::mistake(document, path, message),
    }
}

/// Finds mistakes beyond the schema: fields of which one must be given, and the order of lists.
fn misplaced(document: &Document, scenario: &format::Scenario) -> Vec<Finding> {
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

/// Reads the template file that a scenario names. A file that is no template is not shown.
fn template_file(
    scenario: &Document,
    name: &str,
    folder: TemplateFolder<'_>,
) -> Result<Document, InvalidFile> {
    let refused = |message: String| {
        let place = Path::root().key("job").key("templateFile");
        mistake(scenario, &place, message)
    };
    let path = folder.path.join(name);
    let unreadable = |error| refused(format!("cannot read `{}`: {error}", path.display()));
    if !folder.allows_outside && !is_inside(&path, folder.path).map_err(unreadable)? {
        let message = format!("`{name}` is outside of the folder of the scenario");
        return Err(refused(message));
    }
    // A pipe would make everybody wait.
    if !std::fs::metadata(&path).map_err(unreadable)?.is_file() {
        return Err(refused(format!("`{name}` is no regular file")));
    }
    file::read_template(&path, TemplateKind::Job).map_err(|error| match error {
        ReadError::Invalid(invalid) if lint::is_meant_as_template(invalid.source.text()) => {
            *invalid
        }
        ReadError::Invalid(_) => refused(format!("`{name}` is no template")),
        ReadError::Io(error) => unreadable(error),
    })
}

/// Returns true if a file is in `folder` or one below, wherever links lead.
fn is_inside(path: &std::path::Path, folder: &std::path::Path) -> io::Result<bool> {
    let folder = match folder.as_os_str().is_empty() {
        true => std::path::Path::new("."),
        false => folder,
    };
    Ok(path.canonicalize()?.starts_with(folder.canonicalize()?))
}

/// Reports a job that cannot be created at the part of the scenario that is wrong.
fn uncreatable(document: &Document, error: &JobError) -> InvalidFile {
    let job = Path::root().key("job");
    let path = match error.part {
        Part::Template => job.key("template"),
        Part::Environment(index) => job.key("environments").index(index),
        Part::Parameters => job.key("parameters"),
        Part::Tasks(None) => job.key("tasks"),
        Part::Tasks(Some(index)) => job.key("tasks").index(index),
    };
    let is_there = path.get(document.value()).is_some();
    let path = if is_there { path } else { job };
    let message = error
        .message
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned();
    mistake(document, &path, message)
}
