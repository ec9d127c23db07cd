//! Runs a Session with this project's core and simulated processes that do what their arguments say.

use super::generate::Plan;
use super::session::{OWN, Run, Session, replace_after};
use openjd_monitor_core::session::{
    self, ActionState, Canceler, Effect, Event, Exit, File, Host, Job, Request, SessionState,
    Start, Stream, Tasks, Time,
};
use openjd_monitor_core::simulate::{self, End, OnNotify, ProcessModel, WORKING_DIRECTORY};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt::Debug;
use std::str::FromStr;
use std::time::Duration;

/// Runs a plan with this project's Session.
pub fn run(plan: &Plan) -> Session {
    let mut cancels = Vec::new();
    loop {
        let (done, mut asked) = attempt(plan, &cancels);
        if asked.len() == cancels.len() {
            return done;
        }
        // Only what happens before the first further one stays as it is.
        asked.truncate(cancels.len() + 1);
        cancels = asked;
    }
}

/// The history of a Session that is canceled at these times, and the times at which its processes want that.
fn attempt(plan: &Plan, cancels: &[(Time, Event)]) -> (Session, Vec<(Time, Event)>) {
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
        cancels: Vec::new(),
    };
    let mut is_running = false;
    let given_up = simulate::simulate::<Infallible>(
        session::Session::new(job),
        &mut processes,
        cancels,
        &mut |_, effect| {
            let mut done = done.borrow_mut();
            match (effect, done.runs.last_mut()) {
                (Effect::Start(_), _) => is_running = true,
                (Effect::Status { text, .. }, Some(run)) => run.status = Some(text.clone()),
                (Effect::Notify { .. }, Some(run)) => run.was_notified = true,
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
    let asked = processes.cancels;
    let done = done.into_inner().normalized(&|text| {
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
    });
    (done, asked)
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
    /// Cancels that the processes want.
    cancels: Vec<(Time, Event)>,
}

impl ProcessModel for Processes<'_> {
    fn run(&mut self, now: Time, start: &Start) -> simulate::Run {
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
        let (mut end, mut exit) = (Time::ZERO, Exit::Status(0));
        for arg in args.iter().take_while(|arg| *arg != "--") {
            match arg.split_once('=') {
                Some((stream @ ("out" | "err"), line)) => {
                    let stream = match stream {
                        "out" => Stream::Stdout,
                        _ => Stream::Stderr,
                    };
                    run.output.push((Time::ZERO, stream, line.to_owned()));
                }
                Some(("exit", status)) => exit = Exit::Status(number(status)),
                Some(("die", signal)) => exit = Exit::Signal(number(signal)),
                Some(("wait", seconds)) => end = Time::from_secs(number(seconds)),
                Some(("cancel", period)) => {
                    let cancel = Event::Cancel {
                        by: Canceler::User,
                        notify_period: period.parse().ok().map(Duration::from_secs),
                    };
                    self.cancels
                        .push((now + Duration::from_millis(200), cancel));
                    end = Time::from_secs(6);
                }
                Some(("notified", "ignore")) => run.on_notify = OnNotify::Ignores,
                Some(("notified", "die")) => {}
                Some(("notified", status)) => {
                    run.on_notify = OnNotify::Ends(Time::ZERO, Exit::Status(number(status)));
                }
                _ => {}
            }
        }
        run.end = End::Ends(end, exit);
        run
    }
}

fn number<T: FromStr<Err: Debug>>(text: &str) -> T {
    text.parse().expect("a number")
}
