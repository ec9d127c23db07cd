//! State of a conversation: handles messages in order, and hands long work to the workers.

use super::capabilities;
use super::client::Client;
use super::event::{Answer, Ended, Event};
use super::outbox::Outbox;
use super::requests::{Asked, Pending, read, written};
use super::running::Running;
use super::workers::{Workers, caught, error};
use crate::config::FILE_NAME;
use lsp_server::{ErrorCode, Message, Notification, Request, ResponseError};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{
    CancelParams, DidChangeTextDocumentParams, DidChangeWatchedFilesRegistrationOptions,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    FileSystemWatcher, GlobPattern, InitializeResult, NumberOrString, Registration,
    RegistrationParams, ServerInfo, VersionedTextDocumentIdentifier,
};
use serde_json::Value;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// Time without a change after which a document is checked.
const PAUSE: Duration = Duration::from_millis(50);

/// Longest part of a message of the client that a log message quotes, in bytes.
const MAX_QUOTE: usize = 200;

/// Stage of a conversation.
enum Stage {
    /// Before `initialize`.
    Begun,
    Running(Box<Running>),
    /// After `shutdown`.
    Down,
}

/// The server.
pub(super) struct Server {
    stage: Stage,
    workers: Workers,
    pending: Pending,
    outbox: Outbox,
    ended: Option<Ended>,
}

impl Server {
    /// Starts the workers, which send to `events`.
    pub fn new(events: Sender<Event>) -> io::Result<Self> {
        Ok(Self {
            stage: Stage::Begun,
            workers: Workers::new(events)?,
            pending: Pending::new(),
            outbox: Outbox::default(),
            ended: None,
        })
    }

    /// Returns the end of the conversation, once it has one.
    pub fn ended(&self) -> Option<Ended> {
        self.ended
    }

    /// Takes the messages to the client.
    pub fn take_messages(&mut self) -> Vec<Message> {
        self.outbox.take()
    }

    /// Returns the time at which a check is due.
    pub fn next_due(&self) -> Option<Instant> {
        match &self.stage {
            Stage::Running(running) => running.documents.next_due(),
            Stage::Begun | Stage::Down => None,
        }
    }

    /// Starts the checks that are due by `now`.
    pub fn check_due(&mut self, now: Instant) {
        if caught(|| self.reconfigure()).is_none() {
            self.outbox
                .log("the server has a bug: the configuration made it panic".to_owned());
        }
        if let Stage::Running(running) = &mut self.stage {
            for snapshot in running.documents.take_due(now) {
                self.workers.check(snapshot);
            }
        }
    }

    /// Handles an event. One that makes the server panic, which is a bug, costs nothing but its own effect.
    pub fn handle(&mut self, event: Event) {
        match event {
            Event::Message(Message::Request(request)) => {
                let id = request.id.clone();
                if caught(|| self.request(request)).is_none() {
                    self.outbox.answer(
                        id,
                        Err(error(ErrorCode::InternalError, "the server has a bug")),
                    );
                }
            }
            Event::Message(Message::Notification(notification)) => {
                let method = notification.method.clone();
                if caught(|| self.notification(notification)).is_none() {
                    self.outbox
                        .log(format!("the server has a bug: {method} made it panic"));
                }
            }
            // Those to requests of the server say nothing that it needs to know.
            Event::Message(Message::Response(_)) => {}
            Event::Unreadable(error) => {
                let mut reason = error.to_string();
                reason.truncate(reason.floor_char_boundary(MAX_QUOTE));
                self.outbox.log(format!("cannot read a message: {reason}"));
            }
            Event::Closed => self.ended = Some(Ended::Abruptly),
            Event::Checked(snapshot, Some(diagnostics)) => {
                if let Stage::Running(running) = &self.stage {
                    running.publish(&snapshot, diagnostics, &mut self.outbox);
                }
            }
            Event::Checked(snapshot, None) => {
                let uri = snapshot.uri.as_str();
                self.outbox.log(format!(
                    "the server has a bug: a check of {uri} made it panic"
                ));
            }
            Event::Answered(id, answer) => {
                if self.pending.remove(&id).is_some() {
                    self.outbox.answer(id, answer);
                }
            }
        }
    }

    fn request(&mut self, request: Request) {
        self.reconfigure();
        let Request { id, method, params } = request;
        let refuse = |code, message: &str| Err(error(code, message));
        match (&mut self.stage, method.as_str()) {
            (Stage::Begun, request::Initialize::METHOD) => {
                let answer = self.initialize(&params);
                self.outbox.answer(id, answer);
            }
            (Stage::Begun, _) => {
                let answer = refuse(ErrorCode::ServerNotInitialized, "not initialized yet");
                self.outbox.answer(id, answer);
            }
            (Stage::Down, _) | (Stage::Running(_), request::Initialize::METHOD) => {
                let answer = refuse(ErrorCode::InvalidRequest, "not at this point");
                self.outbox.answer(id, answer);
            }
            (Stage::Running(_), request::Shutdown::METHOD) => {
                self.stage = Stage::Down;
                self.outbox.answer(id, Ok(Value::Null));
            }
            (Stage::Running(running), method) => {
                let asked = Asked {
                    id: id.clone(),
                    params,
                    documents: &running.documents,
                    workers: &self.workers,
                    pending: &mut self.pending,
                };
                if let Err(reason) = asked.delegate(method) {
                    self.outbox.answer(id, Err(reason));
                }
            }
        }
    }

    fn initialize(&mut self, params: &Value) -> Answer {
        let Some(declared) = params.get("capabilities") else {
            let message = "missing field `capabilities`";
            return Err(error(ErrorCode::InvalidParams, message));
        };
        let client = Arc::new(Client::new(declared));
        let capabilities = capabilities::offered(&client);
        self.stage = Stage::Running(Box::new(Running::new(client)));
        written(InitializeResult {
            capabilities,
            server_info: Some(ServerInfo {
                name: env!("CARGO_PKG_NAME").to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        if method == notification::Exit::METHOD {
            self.ended = Some(match self.stage {
                Stage::Down => Ended::AsAsked,
                Stage::Begun | Stage::Running(_) => Ended::Abruptly,
            });
        }
        if let Err(reason) = self.notify(&method, params) {
            self.outbox.log(format!("{method}: {}", reason.message));
        }
    }

    fn notify(&mut self, method: &str, params: Value) -> Result<(), ResponseError> {
        let Stage::Running(running) = &mut self.stage else {
            return Ok(());
        };
        let Running {
            client, documents, ..
        } = &mut **running;
        let is_pushed = !client.pulls_diagnostics;
        match method {
            notification::Initialized::METHOD if client.watches_files => self.watch(),
            notification::DidOpenTextDocument::METHOD => {
                let params: DidOpenTextDocumentParams = read(params)?;
                running.open(params.text_document);
            }
            notification::DidChangeTextDocument::METHOD => {
                let params: DidChangeTextDocumentParams = read(params)?;
                let VersionedTextDocumentIdentifier { uri, version } = params.text_document;
                documents.change(&uri, version, params.content_changes);
                if is_pushed {
                    documents.schedule(&uri, Instant::now() + PAUSE);
                }
            }
            notification::DidSaveTextDocument::METHOD => {
                let params: DidSaveTextDocumentParams = read(params)?;
                if is_pushed {
                    documents.schedule(&params.text_document.uri, Instant::now());
                }
                // For clients that do not watch files, as where a document is opened.
                running.is_stale = true;
            }
            notification::DidCloseTextDocument::METHOD => {
                let params: DidCloseTextDocumentParams = read(params)?;
                documents.close(&params.text_document.uri);
                // Of a configuration file, what is saved counts again.
                running.is_stale = true;
                if is_pushed {
                    self.outbox
                        .publish(params.text_document.uri, None, Vec::new());
                }
            }
            notification::DidChangeWatchedFiles::METHOD => running.is_stale = true,
            notification::Cancel::METHOD => {
                let params: CancelParams = read(params)?;
                let id = match params.id {
                    NumberOrString::Number(id) => id.into(),
                    NumberOrString::String(id) => id.into(),
                };
                if let Some(flag) = self.pending.remove(&id) {
                    flag.store(true, Ordering::Release);
                    self.outbox
                        .answer(id, Err(error(ErrorCode::RequestCanceled, "canceled")));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads the configuration anew if it may have changed.
    fn reconfigure(&mut self) {
        if let Stage::Running(running) = &mut self.stage {
            running.reconfigure(&mut self.outbox);
        }
    }

    /// Asks the client to tell of changes of configuration files.
    fn watch(&mut self) {
        let options = DidChangeWatchedFilesRegistrationOptions {
            watchers: vec![FileSystemWatcher {
                glob_pattern: GlobPattern::String(format!("**/{FILE_NAME}")),
                kind: None,
            }],
        };
        self.outbox
            .ask::<request::RegisterCapability>(RegistrationParams {
                registrations: vec![Registration {
                    id: FILE_NAME.to_owned(),
                    method: notification::DidChangeWatchedFiles::METHOD.to_owned(),
                    register_options: serde_json::to_value(options).ok(),
                }],
            });
    }
}
