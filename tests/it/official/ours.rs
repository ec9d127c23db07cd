//! Runs a Session with this project's core and simulated processes that do what their arguments say.

use super::generate::Plan;
use super::session::{OWN, Run, Session, replace_after};
use openjd_monitor_core::session::{
    self, ActionState, Effect, Exit, File, Host, Job, Request, SessionState, Start, Stream, Tasks,
    Time,
};
use openjd_monitor_core::simulate::{self, End, ProcessModel, WORKING_DIRECTORY};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;

/// Runs a plan with this project's Session.
pub fn run(plan: &Plan) -> Session {
    let request = Request {
        template: &plan.template,
        environments: plan.environments.iter().collect(),
        parameters: plan.parameters.clone(),
        tasks: Tasks::default(),
        host: Host::simple(WORKING_DIRECTORY),
    };
    let job = Job::create(&request).unwrap_or_else(|error| panic!("{error:?}"));
    let done = RefCell::new(Session::default());
    let mut processes = Processes {
        disk: BTreeMap::new(),
        done: &done,
    };
    let mut is_running = false;
    let given_up = simulate::simulate::<Infallible>(
        session::Session::new(job),
        &mut processes,
        &[],
        &mut |_, effect| {
            let mut done = done.borrow_mut();
            match (effect, done.runs.last_mut()) {
                (Effect::Start(_), _) => is_running = true,
                (Effect::Status { text, .. }, Some(run)) => run.status = Some(text.clone()),
                (Effect::ActionEnded { ending, .. }, Some(run)) if is_running => {
                    run.end = end(ending.state).to_owned();
                    run.fail_message = ending.fail_message().map(str::to_owned);
                    is_running = false;
                }
                (Effect::SessionEnded { state, .. }, _) => {
                    done.is_success = *state == SessionState::Success;
                }
                _ => {}
            }
            Ok(())
        },
    );
    assert_eq!(given_up, Ok(Ok(())));
    done.into_inner().normalized(&|text| {
        let before = format!("{WORKING_DIRECTORY}/");
        let is_owner = |rest: &str| {
            let (owner, _) = rest.split_once('/')?;
            plan.owners
                .iter()
                .any(|name| name == owner)
                .then_some(owner.len() + 1)
        };
        let text = replace_after(text, &before, is_owner, "files/");
        let unnamed = |rest: &str| {
            let length = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            (length > 0).then_some(length)
        };
        replace_after(&text, "files/Unnamed", unnamed, "")
    })
}

fn end(state: ActionState) -> &'static str {
    match state {
        ActionState::Success => "success",
        ActionState::Failed => "failed",
        ActionState::Canceled => "canceled",
        ActionState::Timeout => "timeout",
    }
}

struct Processes<'d> {
    /// Written files, by path.
    disk: BTreeMap<String, File>,
    done: &'d RefCell<Session>,
}

impl ProcessModel for Processes<'_> {
    fn run(&mut self, _now: Time, start: &Start) -> simulate::Run {
        for file in &start.files {
            self.disk.insert(file.path.clone(), file.clone());
        }
        let args = &start.invocation.args;
        let named = args.iter().filter_map(|arg| self.disk.get(arg));
        let variables = start.variables.iter();
        let variables = variables.filter(|(name, _)| name.starts_with(OWN));
        self.done.borrow_mut().runs.push(Run {
            command: start.invocation.command.clone(),
            args: args.clone(),
            variables: variables
                .filter_map(|(name, value)| Some((name.clone(), value.clone()?)))
                .collect(),
            files: named
                .map(|file| (file.path.clone(), file.data.clone(), file.is_runnable))
                .collect(),
            ..Run::default()
        });
        let mut run = simulate::Run::succeeding(Time::ZERO);
        for arg in args.iter().take_while(|arg| *arg != "--") {
            match arg.split_once('=') {
                Some((stream @ ("out" | "err"), line)) => {
                    let stream = match stream {
                        "out" => Stream::Stdout,
                        _ => Stream::Stderr,
                    };
                    run.output.push((Time::ZERO, stream, line.to_owned()));
                }
                Some(("exit", status)) => {
                    let status = status.parse().expect("a status");
                    run.end = End::Ends(Time::ZERO, Exit::Status(status));
                }
                _ => {}
            }
        }
        run
    }
}
