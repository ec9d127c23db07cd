//! Checks [Open Job Description](https://github.com/OpenJobDescription/openjd-specifications) templates, and runs their
//! Sessions as a pure state machine, with the health checks of the proposed `MONITOR` extension.
//!
//! Nothing here knows a clock, a process, a terminal or a command line; the program `openjd-monitor` adds those. A check
//! goes from bytes by [`template`] to [`lint`]. A Session goes from a template by [`session`] to a [`trace`], driven by
//! [`simulate`] or by a driver of yours.
//!
//! # Check a template
//!
//! ```
//! use openjd_monitor_core::lint::{self, Settings};
//! use openjd_monitor_core::template::Syntax;
//!
//! let template = "\
//! specificationVersion: environment-2023-09
//! extensions: [MONITOR]
//! environment:
//!   name: Service
//!   script:
//!     actions:
//!       onEnter: { command: start }
//!       onMonitor: { command: { command: check }, period: 3, onFailure: log }
//! ";
//! let checked = lint::check(template.as_bytes(), Syntax::Yaml, &Settings::default());
//! let found = checked.found.expect("it is a template");
//! let lines: Vec<_> = found.findings.iter().map(|finding| {
//!     let start = finding.span.as_ref().map_or(0, |span| span.start);
//!     let at = checked.source.position(start);
//!     format!("{}:{}: {}[{}]", at.line, at.column, finding.level, finding.rule.id)
//! }).collect();
//! assert_eq!(lines, ["8:57: error[period-below-floor]"]);
//! ```
//!
//! # Drive a Session
//!
//! The driver owns the clock and the processes. Here, every check fails at once, and a process that is killed dies:
//!
//! ```
//! use openjd_monitor_core::serde_json::json;
//! use openjd_monitor_core::session::{Effect, Event, Exit, Host, Job, Request, Session, Target, Tasks, Time};
//! use std::collections::BTreeMap;
//!
//! let template = json!({
//!     "specificationVersion": "jobtemplate-2023-09",
//!     "extensions": ["MONITOR"],
//!     "name": "Job",
//!     "jobEnvironments": [{ "name": "Service", "script": { "actions": {
//!         "onEnter": { "command": "start" },
//!         "onMonitor": { "command": { "command": "check" }, "period": 10, "onFailure": "terminate" },
//!     } } }],
//!     "steps": [{ "name": "Work", "script": { "actions": { "onRun": { "command": "work" } } } }],
//! });
//! let job = Job::create(&Request {
//!     template: &template,
//!     environments: Vec::new(),
//!     parameters: BTreeMap::new(),
//!     tasks: Tasks::default(),
//!     host: Host::simple("/session"),
//! }).expect("the template is valid");
//!
//! let mut session = Session::new(job);
//! let mut now = Time::ZERO;
//! let mut effects = session.begin();
//! let mut failure = None;
//! loop {
//!     let mut events = Vec::new();
//!     for effect in effects {
//!         match effect {
//!             Effect::Start(start) if start.target == Target::Check => {
//!                 events.push(Event::Exited { process: start.process, exit: Exit::Status(1) });
//!             }
//!             Effect::Kill { process, .. } => {
//!                 events.push(Event::Exited { process, exit: Exit::Signal(9) });
//!             }
//!             Effect::ActionEnded { ending, .. } => failure = ending.fail_message().map(str::to_owned),
//!             _ => {}
//!         }
//!     }
//!     if session.is_over() {
//!         break;
//!     }
//!     if events.is_empty() {
//!         now = session.wake().expect("something is due");
//!     }
//!     effects = session.handle(now, events);
//! }
//! assert_eq!(now, Time::from_secs(10));
//! assert_eq!(
//!     failure.as_deref(),
//!     Some(
//!         "onMonitor of environment 'Service' reported unhealthy 1 consecutive time(s) \
//!          while onEnter was running (exit status 1)"
//!     )
//! );
//! ```

mod characters;
pub mod describe;
pub mod editor;
mod functions;
pub mod lint;
mod packed;
pub mod polyfill;
pub mod read;
mod runtime_variables;
pub mod schema;
mod search;
pub mod session;
pub mod shown;
pub mod simulate;
pub mod template;
pub mod trace;

// Crates whose types stand in the interface. An embedder uses them from here, in the version that fits.

/// Expressions, as path mapping rules of the host that [`session::Host::with_path_mapping`] takes.
pub use openjd_expr;
/// JSON values, as which templates and parameters are given to a Session.
pub use serde_json;
