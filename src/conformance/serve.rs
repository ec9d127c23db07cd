//! The reference executor as an adapter: requests on one stream, responses on the other.

use super::protocol::{
    FEATURES, Hello, Implementation, MAX_LINE, Request, Response, VERSION, WireEffect, millis,
};
use openjd_monitor_core::session::{Effect, ProcessId, Session, Time};
use serde_json::Value;
use std::io::{self, BufRead, Read, Write};

/// Responds to requests until `stop`, or the end of the input.
///
/// # Errors
///
/// Fails if reading or writing fails. A malformed request gets a response that is `errored`.
pub fn serve(input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<()> {
    let mut session = None;
    loop {
        let mut line = Vec::new();
        let length = input.take(MAX_LINE as u64).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        let response = match serde_json::from_slice(&line) {
            Ok(Request::Stop) => return Ok(()),
            Ok(Request::Start { .. }) => serde_json::to_value(hello()),
            Ok(request) => serde_json::to_value(handle(&mut session, request)),
            Err(error) => {
                let seq = serde_json::from_slice(&line)
                    .ok()
                    .and_then(|line: Value| line["seq"].as_u64());
                serde_json::to_value(errored(seq.unwrap_or_default(), error.to_string()))
            }
        };
        serde_json::to_writer(&mut *output, &response?)?;
        writeln!(output)?;
        output.flush()?;
    }
}

fn hello() -> Hello {
    Hello {
        protocol: VERSION,
        implementation: Implementation {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            language: Some("Rust".to_owned()),
            homepage: Some(env!("CARGO_PKG_REPOSITORY").to_owned()),
        },
        features: FEATURES.map(str::to_owned).to_vec(),
        floor: None,
        refusals: true,
    }
}

fn errored(seq: u64, message: String) -> Response {
    Response {
        seq,
        errored: true,
        message: Some(message),
        ..Response::default()
    }
}

fn handle(session: &mut Option<Session>, request: Request) -> Response {
    match request {
        Request::Begin { seq, job } => match job.create() {
            Ok(job) => {
                let session = session.insert(Session::new(job));
                let effects = session.begin();
                respond(seq, effects, session)
            }
            Err(error) => Response {
                seq,
                refused: true,
                message: Some(error.message),
                ..Response::default()
            },
        },
        Request::Advance { seq, to, events } => {
            let Some(session) = session else {
                return errored(seq, "no case has begun".to_owned());
            };
            let events = events.into_iter().map(|event| event.into_session(find));
            match events.collect::<Result<Vec<_>, _>>() {
                Ok(events) => {
                    let effects = session.handle(Time::from_millis(to), events);
                    respond(seq, effects, session)
                }
                Err(error) => errored(seq, error.to_string()),
            }
        }
        Request::End { seq } => {
            *session = None;
            Response {
                seq,
                ..Response::default()
            }
        }
        Request::Start { .. } | Request::Stop => errored(0, "not a request of a case".to_owned()),
    }
}

/// Responds with the effects of a request, and with the time of the next one.
fn respond(seq: u64, effects: Vec<Effect>, session: &Session) -> Response {
    let effects = effects
        .into_iter()
        // The harness starts no processes and has no secrets.
        .filter_map(|effect| WireEffect::from_session(&effect.publish(), name_of));
    Response {
        seq,
        effects: Some(effects.collect()),
        wake: session.wake().map(millis),
        ..Response::default()
    }
}

fn name_of(process: ProcessId) -> String {
    format!("p{}", process.0)
}

fn find(name: &str) -> Option<ProcessId> {
    name.strip_prefix('p')?.parse().ok().map(ProcessId)
}
