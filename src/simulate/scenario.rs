//! Scenarios: files that say what to run, how each process behaves, and what must be observed.

use super::Script;
use super::behaviour::Behaviour;
use super::file::{self, Bad, Unread};
use super::format::{self, Input};
use super::job::JobSpec;
use crate::lint::{self, Finding};
use crate::schema;
use crate::session::{Event, Job, JobError, Part, Start, Time};
use crate::template::{Document, Loaded, Path, Syntax, TemplateKind, limits, load};
use crate::trace::Fields;
use serde_json::Value;

/// A scenario, ready to run.
pub struct Scenario {
    /// Its permanent name.
    pub id: String,
    /// What it shows, in a sentence.
    pub title: String,
    /// The clauses that it is about.
    pub clauses: Vec<String>,
    /// The features that a runtime needs for it.
    pub requires: Vec<String>,
    /// The job, as data.
    pub spec: JobSpec,
    /// The job, ready to run once.
    pub job: Job,
    /// How processes behave.
    pub processes: Behaviour,
    /// What comes from outside, in order of time.
    pub inputs: Vec<(Time, Event)>,
    /// The trace that must be observed, in order of time; `None` if nothing is said of it.
    pub expect: Option<Vec<(Time, Fields)>>,
}

impl Scenario {
    /// Reads a scenario. Relative paths in it are taken from the folder `base`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, each with its place.
    pub fn read(bytes: &[u8], syntax: Syntax, base: &std::path::Path) -> Result<Self, Bad> {
        Self::of(load(bytes, syntax, limits::DEFAULT_MAX_BYTES), base)
    }

    /// The scenario in what was loaded. Relative paths in it are taken from the folder `base`.
    ///
    /// # Errors
    ///
    /// What is wrong with it, each with its place.
    pub fn of(loaded: Loaded, base: &std::path::Path) -> Result<Self, Bad> {
        Self::of_document(&Bad::of(loaded)?, base)
    }

    fn of_document(document: &Document, base: &std::path::Path) -> Result<Self, Bad> {
        let root = Path::root();
        file::refuse(document, lint::check_structure(document, &schema::SCENARIO))?;
        let scenario = format::decode(document.value())
            .map_err(|(path, message)| mistake(document, &path, message))?;
        file::refuse(document, misplaced(document, &scenario))?;

        let job = root.key("job");
        let own_file = match &scenario.job.template_file {
            Some(name) => Some(template_file(document, &base.join(name))?),
            None => None,
        };
        let template = match &own_file {
            Some(file) => file.value(),
            None => {
                let path = job.key("template");
                file::check_template(document, &path, TemplateKind::Job)?;
                path.get(document.value()).unwrap_or(&Value::Null)
            }
        };
        for index in 0..scenario.job.environments.len() {
            let path = job.key("environments").index(index);
            file::check_template(document, &path, TemplateKind::Environment)?;
        }
        let spec = JobSpec {
            template: template.clone(),
            environments: scenario.job.environments,
            parameters: scenario.job.parameters,
            tasks: scenario.job.tasks,
        };
        let created = spec
            .create()
            .map_err(|error| uncreatable(document, &error))?;
        let expect = document.value().get("expect").and_then(Value::as_array);
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
            expect: expect.map(|entries| {
                let times = scenario.expect.iter().map(|entry| entry.at.0);
                let fields = entries
                    .iter()
                    .filter_map(Value::as_object)
                    .map(Fields::from);
                times.zip(fields).collect()
            }),
        })
    }
}

impl Script for Behaviour {
    fn run(&mut self, _now: Time, start: &Start) -> super::Run {
        self.of(start)
    }
}

fn mistake(document: &Document, path: &Path, message: String) -> Bad {
    Bad {
        path: None,
        source: document.source().clone(),
        findings: vec![lint::mistake(document, path, message)],
    }
}

/// What the schema cannot say: exactly one of several fields, and the order of lists.
fn misplaced(document: &Document, scenario: &format::Scenario) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut mistake =
        |path: &Path, message: &str| findings.push(lint::mistake(document, path, message));
    let root = Path::root();
    if scenario.job.template.is_some() == scenario.job.template_file.is_some() {
        mistake(
            &root.key("job"),
            "a job has either `template` or `templateFile`",
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
    let expect = scenario
        .expect
        .iter()
        .map(|entry| entry.at.0)
        .collect::<Vec<_>>();
    for (list, times) in [("inputs", inputs), ("expect", expect)] {
        for (index, pair) in times.windows(2).enumerate() {
            if pair[1] < pair[0] {
                let path = root.key(list).index(index + 1).key("at");
                mistake(
                    &path,
                    "this is before the entry above: the list is not in order of time",
                );
            }
        }
    }
    findings
}

/// The template in the file that a scenario names.
fn template_file(scenario: &Document, path: &std::path::Path) -> Result<Document, Bad> {
    file::read_template(path, TemplateKind::Job).map_err(|unread| match unread {
        Unread::Bad(bad) => *bad,
        Unread::Failed(error) => {
            let place = Path::root().key("job").key("templateFile");
            let message = format!("cannot read `{}`: {error}", path.display());
            mistake(scenario, &place, message)
        }
    })
}

/// A job that cannot be created, where the scenario says what it is made of.
fn uncreatable(document: &Document, error: &JobError) -> Bad {
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
