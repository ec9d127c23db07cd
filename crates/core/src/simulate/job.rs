//! Job of a scenario as data, in the form that runtimes receive it.

use super::WORKING_DIRECTORY;
use crate::session::{Host, Job, JobError, Request, TaskChoice, Tasks};
use crate::template::text_of;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Templates, parameters and tasks of a Session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JobSpec {
    /// Job template.
    pub template: Value,
    /// Environment templates around it, outermost first.
    #[serde(default)]
    pub environments: Vec<Value>,
    /// Values of job parameters.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    /// Tasks to run, in order; `None` for every task of every step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tasks: Option<Vec<TaskSpec>>,
}

/// Task to run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TaskSpec {
    /// Name of its step.
    pub step: String,
    /// Values of its parameters.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
}

impl JobSpec {
    /// Creates the job.
    ///
    /// # Errors
    ///
    /// Fails if it cannot be created, or its tasks cannot share a Session.
    pub fn create(&self) -> Result<Job, JobError> {
        let tasks = match &self.tasks {
            None => Tasks::default(),
            Some(tasks) => Tasks::These(tasks.iter().map(TaskSpec::choice).collect()),
        };
        Job::create(&Request {
            template: &self.template,
            environments: self.environments.iter().collect(),
            parameters: self.parameters.clone(),
            tasks,
            host: Host::simple(WORKING_DIRECTORY),
        })?
        .for_one_session()
    }
}

impl TaskSpec {
    fn choice(&self) -> TaskChoice {
        let parameters = self.parameters.iter();
        TaskChoice {
            step: self.step.clone(),
            parameters: parameters
                .map(|(name, value)| (name.clone(), text_of(value)))
                .collect(),
        }
    }
}
