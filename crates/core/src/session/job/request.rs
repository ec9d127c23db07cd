//! Input of job creation.

use super::host::Host;
use super::tasks::Tasks;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Returns a job template of one step with one task, for environment templates whose job is not known.
pub fn any_job() -> Value {
    json!({
        "specificationVersion": "jobtemplate-2023-09",
        "name": "Job",
        "steps": [{"name": "Step", "script": {"actions": {"onRun": {"command": "task"}}}}],
    })
}

/// Input of [`Job::create`](super::Job::create): templates, parameters, tasks and host.
#[derive(Debug, Clone)]
pub struct Request<'v> {
    /// Job template as data.
    pub template: &'v Value,
    /// Environment templates around it, outermost first.
    pub environments: Vec<&'v Value>,
    /// Values of job parameters.
    pub parameters: BTreeMap<String, Value>,
    /// Tasks to run.
    pub tasks: Tasks,
    /// Host that it runs on.
    pub host: Host,
}
