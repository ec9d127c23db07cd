//! Language server: what `check` finds, and what a template means, in an editor.
//!
//! One thread reads messages, one ([`serve`]) handles them in order and writes all answers, and the [`workers`] compute.

mod actions;
mod capabilities;
mod changes;
mod client;
mod completion;
mod configuration;
mod diagnostics;
mod documents;
mod edits;
mod event;
mod hover;
mod navigation;
mod outbox;
mod outline;
mod positions;
mod requests;
mod running;
mod server;
mod snapshot;
mod uri;
mod workers;

pub use event::Ended;

use event::Event;
use lsp_server::Message;
use server::Server;
use std::io::{self, BufRead, Write};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Instant;

/// Serves a client that writes to `input` and reads `output`, until it ends the conversation.
///
/// # Errors
///
/// Fails if `output` cannot be written, or threads cannot be started.
pub fn serve(
    mut input: impl BufRead + Send + 'static,
    output: &mut dyn Write,
) -> io::Result<Ended> {
    let (sender, events) = mpsc::channel();
    let mut server = Server::new(sender.clone())?;
    thread::Builder::new().spawn(move || read(&mut input, &sender))?;
    loop {
        let event = match server.next_due() {
            Some(due) => events.recv_timeout(due.saturating_duration_since(Instant::now())),
            None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match event {
            Ok(event) => {
                server.handle(event);
                while server.ended().is_none()
                    && let Ok(event) = events.try_recv()
                {
                    server.handle(event);
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(Ended::Abruptly),
        }
        server.check_due(Instant::now());
        for message in server.take_messages() {
            message.write(&mut &mut *output)?;
        }
        if let Some(ended) = server.ended() {
            return Ok(ended);
        }
    }
}

/// Reads messages until there are no more.
fn read(input: &mut dyn BufRead, events: &Sender<Event>) {
    loop {
        let event = match Message::read(&mut &mut *input) {
            Ok(Some(message)) => Event::Message(message),
            Ok(None) => Event::Closed,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Event::Unreadable(error),
            Err(_) => Event::Closed,
        };
        let is_last = matches!(event, Event::Closed);
        if events.send(event).is_err() || is_last {
            return;
        }
    }
}
