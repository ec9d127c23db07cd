//! Runs a Session with the official Rust runtime as the official command line does. Each process is a script that records
//! its arguments and variables.

use super::generate::Plan;
use super::session::{OWN, Run, Session, replace_after};
use openjd_expr::SerializedSymbolTable;
use openjd_model::job::{Environment, Job, Step};
use openjd_model::template::parse;
use openjd_model::types::{SpecificationRevision, ValidationContext};
use openjd_model::{
    CallerLimits, JobParameterValues, ModelProfile, PathParameterOptions, StepDependencyGraph,
    StepParameterSpaceIterator, TaskParameterSet,
};
use openjd_monitor_core::simulate::WORKING_DIRECTORY;
use openjd_sessions::session::{self, SessionConfig};
use serde_json::Value;
use std::collections::HashSet;
use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::time::Duration;

const EXTENSIONS: [&str; 5] = [
    "EXPR",
    "FEATURE_BUNDLE_1",
    "REDACTED_ENV_VARS",
    "TASK_CHUNKING",
    "WRAP_ACTIONS",
];

/// Runs a plan whose commands are in `folder` with the official Rust runtime.
pub fn run(plan: &Plan, folder: &Path) -> Session {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(run_plan(plan, folder))
}

async fn run_plan(plan: &Plan, folder: &Path) -> Session {
    let created = Created::of(plan);
    let session = session::Session::with_config(SessionConfig {
        session_id: "compared".to_owned(),
        job_parameter_values: created.parameters.clone(),
        path_mapping_rules: None,
        retain_working_dir: false,
        callback: None,
        os_env_vars: None,
        session_root_directory: Some(folder.to_owned()),
        user: None,
        profile: Some(created.profile.clone()),
        cancel_token: None,
        sticky_bit_policy: openjd_sessions::tempdir::StickyBitPolicy::Disabled,
        debug_collect_stdout: false,
        echo_openjd_directives: true,
    })
    .expect("a session");
    let mut driver = Driver {
        log: Log::new(folder),
        folder: folder.to_owned(),
        session,
        entered: Vec::new(),
        done: Session {
            runs: Vec::new(),
            is_success: true,
        },
    };
    driver.run(&created).await;
    let working_directory = driver.session.working_directory().to_owned();
    let files = driver.session.files_directory().to_owned();
    driver.session.cleanup();
    normalized(
        driver.done,
        &working_directory.to_string_lossy(),
        &files.to_string_lossy(),
    )
}

/// The Session with placeholders for the names that an official runtime gives its folders and files.
pub fn normalized(done: Session, working_directory: &str, files: &str) -> Session {
    done.normalized(&|text| {
        let text = text.replace(files, "/session/files");
        let text = text.replace(working_directory, WORKING_DIRECTORY);
        let hex = |rest: &str| {
            let length = rest
                .find(|c: char| !c.is_ascii_hexdigit())
                .unwrap_or(rest.len());
            (length == 32).then_some(length)
        };
        let text = replace_after(&text, "files/", hex, "Unnamed");
        replace_after(&text, "/session/pathmapping_", hex, "")
            .replace("/pathmapping_.", "/path_mapping.")
    })
}

/// A created job with its Environments.
struct Created {
    job: Job,
    outer: Vec<Environment>,
    parameters: JobParameterValues,
    profile: ModelProfile,
}

impl Created {
    fn of(plan: &Plan) -> Self {
        let limits = CallerLimits::default();
        let template =
            parse::decode_job_template(plan.template.clone(), Some(&EXTENSIONS), &limits)
                .expect("a job template");
        let outer: Vec<_> = plan
            .environments
            .iter()
            .map(|value| {
                parse::decode_environment_template(value.clone(), Some(&EXTENSIONS))
                    .expect("an environment template")
            })
            .collect();
        let inputs = plan.parameters.iter().map(|(name, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (name.clone(), openjd_expr::ExprValue::String(text))
        });
        let options = PathParameterOptions {
            allow_uri_path_values: true,
            path_format: openjd_expr::PathFormat::host(),
            ..PathParameterOptions::new(WORKING_DIRECTORY, WORKING_DIRECTORY)
        };
        let parameters =
            openjd_model::preprocess_job_parameters(&template, &inputs.collect(), &outer, &options)
                .expect("parameters");
        let listed = template.extensions.iter().flatten();
        let extensions: HashSet<_> = listed
            .filter_map(|name| name.as_str().parse().ok())
            .collect();
        let profile =
            ModelProfile::new(SpecificationRevision::V2023_09).with_extensions(extensions);
        let context = ValidationContext::from_profile(profile.clone());
        let job = openjd_model::create_job(&template, &parameters, &context).expect("a job");
        let symbols = openjd_model::build_symbol_table(&parameters).expect("symbols");
        let outer = outer.iter().map(|template| {
            openjd_model::convert_environment_with_symtab(&template.environment, Some(&symbols))
        });
        Self {
            outer: outer.collect(),
            job,
            parameters,
            profile,
        }
    }
}

struct Driver {
    session: session::Session,
    /// The identifiers of the Environments that are to be exited, and the symbols of their steps.
    entered: Vec<(String, Option<SerializedSymbolTable>)>,
    log: Log,
    /// Folder in which the processes leave word for the driver.
    folder: PathBuf,
    done: Session,
}

impl Driver {
    async fn run(&mut self, created: &Created) {
        let of_job = created.job.job_environments.iter().flatten();
        for environment in created.outer.iter().chain(of_job) {
            self.enter(environment, None).await;
        }
        let order = StepDependencyGraph::new(&created.job).expect("a graph");
        for index in order.topo_sorted().expect("an order") {
            if !self.done.is_success {
                break;
            }
            let step = &created.job.steps[index];
            let around = self.entered.len();
            for environment in step.step_environments.iter().flatten() {
                self.enter(environment, step.resolved_symtab.clone()).await;
            }
            self.run_tasks(step).await;
            self.exit_to(around).await;
        }
        self.exit_to(0).await;
    }

    async fn enter(&mut self, environment: &Environment, symbols: Option<SerializedSymbolTable>) {
        if !self.done.is_success {
            return;
        }
        let cancels = self.cancels();
        let entering = self
            .session
            .enter_environment(environment, symbols.as_ref(), None, None);
        let entered = beside(cancels, entering).await;
        let identifier = match entered {
            Ok(identifier) => Some(identifier),
            Err(_) => {
                self.done.is_success = false;
                let last = self.session.environments_entered().last().cloned();
                last.filter(|last| self.entered.iter().all(|(other, _)| other != last))
            }
        };
        self.entered
            .extend(identifier.map(|identifier| (identifier, symbols)));
        self.record();
    }

    async fn exit_to(&mut self, left: usize) {
        while self.entered.len() > left {
            let (identifier, symbols) = self.entered.pop().expect("more than are left");
            let cancels = self.cancels();
            let exiting = self
                .session
                .exit_environment(&identifier, symbols.as_ref(), true, None);
            let exited = beside(cancels, exiting).await;
            self.done.is_success &= exited.is_ok();
            self.record();
        }
    }

    async fn run_tasks(&mut self, step: &Step) {
        let sets: Box<dyn Iterator<Item = TaskParameterSet>> = match &step.parameter_space {
            None => Box::new(std::iter::once(TaskParameterSet::new())),
            Some(space) => Box::new(StepParameterSpaceIterator::new(space).expect("tasks")),
        };
        for set in sets {
            if !self.done.is_success {
                return;
            }
            let symbols = step.resolved_symtab.as_ref();
            let values = step.parameter_space.is_some().then_some(&set);
            let cancels = self.cancels();
            let running = self
                .session
                .run_task(&step.name, &step.script, values, symbols, None);
            let ran = beside(cancels, running).await;
            self.done.is_success =
                ran.is_ok_and(|result| result.state == openjd_sessions::ActionState::Success);
            self.record();
        }
    }

    /// Cancels whatever action runs, as often as a process asks for it.
    fn cancels(&self) -> impl Future<Output = Infallible> + use<> {
        let handle = self.session.cancel_handle();
        let asked = self.folder.join("cancel");
        async move {
            loop {
                if let Ok(period) = std::fs::read_to_string(&asked) {
                    std::fs::remove_file(&asked).expect("a file");
                    let limit = period.parse().ok().map(Duration::from_secs);
                    handle.cancel(limit, false);
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }

    /// Records the process, if any, that has run since the last call.
    fn record(&mut self) {
        let mut runs = self.log.news();
        assert!(runs.len() <= 1, "{runs:?}");
        if let (Some(run), Some(status)) = (runs.last_mut(), self.session.action_status()) {
            run.end = format!("{:?}", status.state).to_lowercase();
            // The official runtime leaves white space at the end; OUT-1 does not.
            let trimmed = |text: String| text.trim_end().to_owned();
            run.status = status.status_message.map(trimmed);
            let failed = status.fail_message.filter(|_| run.end == "failed");
            run.fail_message = failed.map(trimmed);
            run.was_notified = std::fs::remove_file(self.folder.join("notified")).is_ok();
        }
        self.done.runs.append(&mut runs);
    }
}

/// The result of `action`, beside which `other` runs.
async fn beside<T>(other: impl Future<Output = Infallible>, action: impl Future<Output = T>) -> T {
    tokio::select! {
        done = action => done,
        never = other => match never {},
    }
}

/// Records written by the processes.
pub struct Log {
    path: PathBuf,
    read: usize,
}

impl Log {
    pub fn new(folder: &Path) -> Self {
        let path = folder.join("log");
        let read = std::fs::read(&path).map_or(0, |bytes| bytes.len());
        Self { path, read }
    }

    fn news(&mut self) -> Vec<Run> {
        let length = std::fs::metadata(&self.path).map_or(0, |file| file.len());
        self.read_to(usize::try_from(length).expect("a length"))
    }

    /// Returns the records since the last call, up to this length of the file, in bytes.
    pub fn read_to(&mut self, length: usize) -> Vec<Run> {
        let bytes = std::fs::read(&self.path).unwrap_or_default();
        let text = String::from_utf8(bytes[self.read..length].to_vec()).expect("UTF-8");
        self.read = length;
        let mut fields = text.split_terminator('\0').map(str::to_owned);
        let mut runs = Vec::new();
        while let Some(command) = fields.next() {
            let mut next = || fields.next().expect("a field");
            let count = next().parse().expect("a count");
            let args = (0..count).map(|_| next()).collect();
            let mut run = Run {
                command,
                args,
                ..Run::default()
            };
            loop {
                let variable = next();
                match variable.split_once('=') {
                    None => break,
                    Some((name, value)) if name.starts_with(OWN) => {
                        run.variables.insert(name.to_owned(), value.to_owned());
                    }
                    Some(_) => {}
                }
            }
            loop {
                let path = next();
                if path.is_empty() {
                    break;
                }
                let is_runnable = next() == "yes";
                run.files.push((path, next(), is_runnable));
            }
            runs.push(run);
        }
        runs
    }
}
