//! Description of what will happen in the Sessions of a job: what runs, which monitor watches it, and how soon that
//! notices a failure.

mod notice;
mod parts;
mod watch;
mod words;

pub use notice::{Hindrance, Notice};
pub use parts::{Owner, Part, Runs, Unwatched, Watcher};
pub use watch::{Cancelation, Quantity, Watch};
pub use words::{number, seconds, story};

use crate::session::{Host, JobError, Known, Request, Tasks, any_job};
use crate::template::{Environment, Home, Slot, TemplateKind, environments, items_of};
use parts::Walk;
use serde_json::Value;
use std::collections::BTreeMap;
use watch::Watches;

/// Templates to describe.
#[derive(Debug, Clone, Default)]
pub struct Stack<'v> {
    /// The job template; `None` to describe any job inside the environments.
    pub job: Option<&'v Value>,
    /// Environment templates around it, outermost first.
    pub environments: Vec<&'v Value>,
    /// Values of job parameters; defaults are taken for the others, where there are any.
    pub parameters: BTreeMap<String, Value>,
}

/// Description of the Sessions of a job.
#[derive(Debug, Clone)]
pub struct Description {
    /// The parts of a Session, with each step in a Session of its own, in order.
    pub parts: Vec<Part>,
    /// The monitors, in the order of their Environments.
    pub monitors: Vec<Monitor>,
}

/// The monitor of an Environment.
#[derive(Debug, Clone)]
pub struct Monitor {
    /// Name of the Environment.
    pub environment: String,
    /// Effective monitors of the slots in scope.
    pub watches: Vec<Watch>,
    /// Slots that the Environment defines and `scope` leaves out (SCH-3).
    pub left_out: Vec<Slot>,
}

/// Describes the Sessions of a job with these templates, which must be valid.
///
/// # Errors
///
/// Fails if the job could not be created, whatever parameters it got: a parameter or a number of a monitor has a value
/// that is not allowed, or two Environments of one Session have wrap hooks.
pub fn describe(stack: &Stack<'_>) -> Result<Description, JobError> {
    let any_job = any_job();
    let request = Request {
        template: stack.job.unwrap_or(&any_job),
        environments: stack.environments.clone(),
        parameters: stack.parameters.clone(),
        tasks: Tasks::default(),
        host: Host::simple("/session"),
    };
    let known = Known::new(&request, stack.job.is_some())?;
    let outer = stack.environments.iter();
    let outer = outer.flat_map(|value| environments(TemplateKind::Environment, value));
    let own = stack.job.into_iter();
    let own = own.flat_map(|value| environments(TemplateKind::Job, value));
    let (of_steps, shared): (Vec<_>, Vec<_>) = outer
        .chain(own)
        .partition(|environment| matches!(environment.home, Home::Step(_)));
    Ok(Description {
        parts: parts(stack.job, &shared, &of_steps)?,
        monitors: shared
            .iter()
            .chain(&of_steps)
            .filter_map(|environment| monitor(environment, &known).transpose())
            .collect::<Result<_, _>>()?,
    })
}

/// Returns the parts of a Session of each step, the `shared` Environments around all of them.
fn parts(
    job: Option<&Value>,
    shared: &[Environment<'_>],
    of_steps: &[Environment<'_>],
) -> Result<Vec<Part>, JobError> {
    let mut walk = Walk::default();
    for environment in shared {
        walk.enter(environment)?;
    }
    let steps = items_of(job.and_then(|job| job.get("steps")));
    for (index, step) in steps.iter().enumerate() {
        let first = of_steps.partition_point(|own| own.home < Home::Step(index));
        let own = of_steps[first..].iter();
        let own = own.take_while(|own| own.home == Home::Step(index));
        own.clone().try_for_each(|own| walk.enter(own))?;
        walk.task(step["name"].as_str());
        own.for_each(|_| walk.exit());
    }
    if job.is_none() {
        walk.inside();
    }
    shared.iter().for_each(|_| walk.exit());
    Ok(walk.parts)
}

fn monitor(environment: &Environment<'_>, known: &Known) -> Result<Option<Monitor>, JobError> {
    let Some(monitor) = environment.monitor() else {
        return Ok(None);
    };
    let watched = monitor.slots();
    let watches = Watches { environment, known };
    let watches = watched
        .iter()
        .map(|&slot| watches.of(&monitor.effective(slot)));
    Ok(Some(Monitor {
        environment: environment.name().to_owned(),
        watches: watches.collect::<Result<_, _>>()?,
        left_out: environment
            .slots()
            .into_iter()
            .filter(|slot| !watched.contains(slot))
            .collect(),
    }))
}
