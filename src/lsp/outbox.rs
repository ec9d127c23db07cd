//! Messages to the client.

use super::event::Answer;
use lsp_server::{Message, Notification, Request, RequestId, Response};
use lsp_types::notification;
use lsp_types::request;
use lsp_types::{Diagnostic, LogMessageParams, MessageType, PublishDiagnosticsParams, Uri};
use serde::Serialize;

/// Messages that are to be sent, in order.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    messages: Vec<Message>,
    /// Number of requests so far.
    asked: i32,
}

impl Outbox {
    /// Takes the messages out.
    pub fn take(&mut self) -> Vec<Message> {
        std::mem::take(&mut self.messages)
    }

    /// Answers a request.
    pub fn answer(&mut self, id: RequestId, answer: Answer) {
        let response = Response {
            id,
            response_result: answer,
        };
        self.messages.push(response.into());
    }

    /// Asks the client for something. Its answer says nothing that the server needs to know.
    pub fn ask<R: request::Request>(&mut self, params: R::Params)
    where
        R::Params: Serialize,
    {
        self.asked += 1;
        if let Ok(params) = serde_json::to_value(params) {
            let request = Request {
                id: self.asked.into(),
                method: R::METHOD.to_owned(),
                params,
            };
            self.messages.push(request.into());
        }
    }

    /// Sends a notification.
    pub fn tell<N: notification::Notification>(&mut self, params: N::Params)
    where
        N::Params: Serialize,
    {
        if let Ok(params) = serde_json::to_value(params) {
            let notification = Notification {
                method: N::METHOD.to_owned(),
                params,
            };
            self.messages.push(notification.into());
        }
    }

    /// Publishes the diagnostics of a file.
    pub fn publish(&mut self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) {
        self.tell::<notification::PublishDiagnostics>(PublishDiagnosticsParams {
            uri,
            diagnostics,
            version,
        });
    }

    /// Has the client log an error.
    pub fn log(&mut self, message: String) {
        self.tell::<notification::LogMessage>(LogMessageParams {
            typ: MessageType::ERROR,
            message,
        });
    }
}
