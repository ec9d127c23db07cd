//! Threads that check documents and answer requests, so that the server always reads on.

use super::diagnostics;
use super::event::{Answer, Event};
use super::snapshot::Snapshot;
use lsp_server::{ErrorCode, RequestId, ResponseError};
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

/// Stack of a thread, in bytes: as in `check`.
const STACK_BYTES: usize = 8 * 1024 * 1024;

/// Threads of each kind.
const THREADS: usize = 2;

/// The threads. Answers have their own, so that none waits for the check of an old version.
pub(super) struct Workers {
    checks: ThreadPool,
    answers: ThreadPool,
    events: Sender<Event>,
}

impl Workers {
    /// Starts the threads, which send their results to `events`.
    pub fn new(events: Sender<Event>) -> io::Result<Self> {
        let pool = || {
            let builder = ThreadPoolBuilder::new().num_threads(THREADS);
            let pool = builder.stack_size(STACK_BYTES).build();
            pool.map_err(io::Error::other)
        };
        Ok(Self {
            checks: pool()?,
            answers: pool()?,
            events,
        })
    }

    /// Checks a document, unless a newer version of it exists by then.
    pub fn check(&self, snapshot: Arc<Snapshot>) {
        let events = self.events.clone();
        self.checks.spawn_fifo(move || {
            if snapshot.is_latest() {
                let diagnostics = caught(|| diagnostics::of(&snapshot));
                // The server may have ended.
                let _ = events.send(Event::Checked(snapshot, diagnostics));
            }
        });
    }

    /// Computes the answer to a request, unless it is canceled by then.
    pub fn answer(
        &self,
        id: RequestId,
        is_canceled: Arc<AtomicBool>,
        answer: impl FnOnce() -> Answer + Send + 'static,
    ) {
        let events = self.events.clone();
        self.answers.spawn_fifo(move || {
            if !is_canceled.load(Ordering::Acquire) {
                let answer = caught(answer).unwrap_or_else(|| {
                    let message = "the server has a bug: the request made it panic";
                    Err(error(ErrorCode::InternalError, message))
                });
                // As above.
                let _ = events.send(Event::Answered(id, answer));
            }
        });
    }
}

/// Calls `work`; `None` if it panics.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    // What it leaves half done is never looked at again.
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Returns the error of a response.
pub(super) fn error(code: ErrorCode, message: impl Into<String>) -> ResponseError {
    ResponseError {
        code: code as i32,
        message: message.into(),
        data: None,
    }
}
