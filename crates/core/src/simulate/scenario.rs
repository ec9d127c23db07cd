//! Scenarios: files with a job, the behavior of its processes, and the traces that are expected.

use super::ProcessModel;
use super::behaviour::Behaviour;
use super::consistency;
use super::file::{self, InvalidFile};
use super::format;
use super::job::JobSpec;
use super::template_folder::TemplateFolder;
use crate::lint;
use crate::schema;
use crate::session::{Event, Job, JobError, Part, Start, Time};
use crate::template::{Document, Loaded, Path, Syntax, TemplateKind, limits, load};
use crate::trace::Fields;
use serde_json::Value;

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
        let document = InvalidFile::refuse_malformed(loaded)?;
        file::refuse(
            &document,
            lint::check_structure(&document, &schema::SCENARIO),
        )?;
        Self::of_document(&document, folder, true)
    }

    /// Reads a scenario that [`read`](Self::read) accepts, and that names no template files: its templates are not checked
    /// again, which takes longer than all the rest.
    ///
    /// # Errors
    ///
    /// Fails if it is no scenario.
    pub fn read_sound(text: &str) -> Result<Self, InvalidFile> {
        let loaded = load(text.as_bytes(), Syntax::Yaml, limits::DEFAULT_MAX_BYTES);
        let folder = TemplateFolder {
            path: std::path::Path::new(""),
            allows_outside: false,
        };
        Self::of_document(&InvalidFile::refuse_malformed(loaded)?, folder, false)
    }

    fn of_document(
        document: &Document,
        folder: TemplateFolder<'_>,
        is_to_be_checked: bool,
    ) -> Result<Self, InvalidFile> {
        let job = Path::root().key("job");
        let given = [job.key("parameters"), job.key("tasks")];
        let scenario = format::decode(&document.with_numbers_as_written(&given))
            .map_err(|error| InvalidFile::mistake(document, &error.path, error.to_string()))?;
        file::refuse(document, consistency::check(document, &scenario))?;

        let name = scenario.job.template_file.as_ref();
        let own_file = match name {
            Some(name) => Some(folder.read(document, name)?),
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
        let checked = match is_to_be_checked {
            true => check_templates(document, &scenario.job),
            false => Ok(()),
        };
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
    InvalidFile::mistake(document, &path, message)
}
