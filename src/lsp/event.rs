//! What the server is to handle, and how a conversation ends.

use super::snapshot::Snapshot;
use lsp_server::{Message, RequestId, ResponseError};
use lsp_types::Diagnostic;
use serde_json::Value;
use std::io;
use std::sync::Arc;

/// Result of a request.
pub(super) type Answer = Result<Value, ResponseError>;

/// Something that the server is to handle.
pub(super) enum Event {
    Message(Message),
    /// A message that is none.
    Unreadable(io::Error),
    /// The client is gone.
    Closed,
    /// A check has ended; without diagnostics, by a panic.
    Checked(Arc<Snapshot>, Option<Vec<Diagnostic>>),
    Answered(RequestId, Answer),
}

/// End of a conversation with a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The client has asked the server to shut down, and to exit.
    AsAsked,
    /// The client has told it to exit without that, or is gone.
    Abruptly,
}
