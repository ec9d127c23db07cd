//! The reference executor as an adapter: requests on one stream, answers on the other.

use super::protocol::{
    Answer, FEATURES, Happening, Hello, Implementation, MAX_LINE, Request, VERSION, millis,
};
use openjd_monitor_core::session::{
    Canceler, Effect, Event, Exit, ProcessId, Session, Target, Time,
};
use openjd_monitor_core::simulate::JobSpec;
use openjd_monitor_core::trace;
use serde_json::{Map, Value};
use std::io::{self, BufRead, Read, Write};

/// Answers requests until `stop`, or the end of the input.
///
/// # Errors
///
/// What reading and writing give. A request that is none is answered, not an error.
pub fn serve(input: &mut dyn BufRead, output: &mut dyn Write) -> io::Result<()> {
    let mut session = None;
    loop {
        let mut line = Vec::new();
        let length = input.take(MAX_LINE as u64).read_until(b'\n', &mut line)?;
        if length == 0 {
            return Ok(());
        }
        let answer = match serde_json::from_slice(&line) {
            Ok(Request::Stop) => return Ok(()),
            Ok(Request::Start { .. }) => serde_json::to_value(hello()),
            Ok(request) => serde_json::to_value(answer(&mut session, request)),
            Err(error) => {
                let seq = serde_json::from_slice(&line)
                    .ok()
                    .and_then(|line: Value| line["seq"].as_u64());
                serde_json::to_value(errored(seq.unwrap_or_default(), error.to_string()))
            }
        };
        serde_json::to_writer(&mut *output, &answer?)?;
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

fn errored(seq: u64, message: String) -> Answer {
    Answer {
        seq,
        errored: true,
        message: Some(message),
        ..Answer::default()
    }
}

fn answer(session: &mut Option<Session>, request: Request) -> Answer {
    match request {
        Request::Begin { seq, job } => match begin(&job) {
            Ok(mut begun) => {
                let effects = begun.begin();
                let answer = after(seq, Time::ZERO, effects, &begun);
                *session = Some(begun);
                answer
            }
            Err(message) => Answer {
                seq,
                refused: true,
                message: Some(message),
                ..Answer::default()
            },
        },
        Request::Advance { seq, to, events } => {
            let Some(session) = session else {
                return errored(seq, "no case has begun".to_owned());
            };
            let events = events.into_iter().map(event).collect::<Option<Vec<_>>>();
            let Some(events) = events else {
                return errored(seq, "an event is of no process, or has no end".to_owned());
            };
            let now = Time::from_millis(to);
            let effects = session.handle(now, events);
            after(seq, now, effects, session)
        }
        Request::End { seq } => {
            *session = None;
            Answer {
                seq,
                ..Answer::default()
            }
        }
        Request::Start { .. } | Request::Stop => errored(0, "not a request of a case".to_owned()),
    }
}

fn begin(job: &JobSpec) -> Result<Session, String> {
    let job = job.create().map_err(|error| error.message)?;
    Ok(Session::new(job))
}

fn after(seq: u64, now: Time, effects: Vec<Effect>, session: &Session) -> Answer {
    Answer {
        seq,
        effects: Some(
            effects
                .into_iter()
                // The harness starts no processes and has no secrets.
                .filter_map(|effect| message(now, &effect.publish()))
                .collect(),
        ),
        wake: session.wake().map(millis),
        ..Answer::default()
    }
}

/// An effect as the protocol has it: the event of a trace that it is, with the process that it is about.
fn message(now: Time, effect: &Effect) -> Option<Map<String, Value>> {
    let event = trace::event(now, effect)?;
    let mut fields: Map<_, _> = event
        .iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    fields.remove("at");
    let mut kind = fields.remove("event")?;
    let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
    match effect {
        Effect::Start(start) => {
            kind = "spawn".into();
            put("process", name_of(start.process).into());
            put(
                "role",
                match start.target {
                    Target::Action => "action".into(),
                    Target::Check => "check".into(),
                },
            );
            if let Some(wraps) = &start.wraps {
                put("wraps", wraps.as_str().into());
            }
            if let Some(parameters) = &start.parameters {
                put("parameters", serde_json::to_value(parameters).ok()?);
            }
        }
        Effect::Notify { process, .. } | Effect::Kill { process, .. } => {
            put("process", name_of(*process).into());
            fields.remove("target");
        }
        _ => {}
    }
    fields.insert("effect".to_owned(), kind);
    Some(fields)
}

fn name_of(process: ProcessId) -> String {
    format!("p{}", process.0)
}

fn process(name: &str) -> Option<ProcessId> {
    name.strip_prefix('p')?.parse().ok().map(ProcessId)
}

fn event(happening: Happening) -> Option<Event> {
    Some(match happening {
        Happening::Exited {
            process: name,
            exit,
            signal,
        } => Event::Exited {
            process: process(&name)?,
            exit: exit.map(Exit::Status).or(signal.map(Exit::Signal))?,
        },
        Happening::Output {
            process: name,
            stream,
            line,
        } => Event::Output {
            process: process(&name)?,
            stream,
            line,
        },
        Happening::SpawnFailed {
            process: name,
            error,
        } => Event::SpawnFailed {
            process: process(&name)?,
            error,
        },
        Happening::Cancel { notify_period } => Event::Cancel {
            by: Canceler::User,
            notify_period: match notify_period {
                Some(seconds) => Some(Time::try_from_secs_f64(seconds).ok()?),
                None => None,
            },
        },
    })
}
