//! Requests about documents: each to the feature that answers it.

use super::documents::Documents;
use super::snapshot::Snapshot;
use super::workers::{Answer, Workers, error};
use super::{actions, diagnostics};
use lsp_server::{ErrorCode, RequestId, ResponseError};
use lsp_types::Uri;
use lsp_types::request::{self, Request as _};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The requests without an answer so far. Setting the flag of one cancels it.
pub(super) type Pending = HashMap<RequestId, Arc<AtomicBool>>;

/// A request about a document, with what it takes to have it answered.
pub(super) struct Asked<'s> {
    pub id: RequestId,
    pub params: Value,
    pub documents: &'s Documents,
    pub workers: &'s Workers,
    pub pending: &'s mut Pending,
}

impl Asked<'_> {
    /// Has the workers answer it.
    ///
    /// # Errors
    ///
    /// Fails if there is no such method, or its parameters are others.
    pub fn delegate(self, method: &str) -> Result<(), ResponseError> {
        match method {
            request::DocumentDiagnosticRequest::METHOD => self
                .answer::<request::DocumentDiagnosticRequest>(
                    |params| Some(params.text_document.uri.clone()),
                    |snapshot, params| diagnostics::answer(snapshot, &params),
                ),
            request::CodeActionRequest::METHOD => self.answer::<request::CodeActionRequest>(
                |params| Some(params.text_document.uri.clone()),
                |snapshot, params| actions::answer(snapshot?, &params),
            ),
            request::CodeActionResolveRequest::METHOD => self
                .answer::<request::CodeActionResolveRequest>(
                    actions::document_of,
                    actions::resolve,
                ),
            _ => {
                let message = format!("{method} is not supported");
                Err(error(ErrorCode::MethodNotFound, message))
            }
        }
    }

    /// Has `answer` called with the document that `document` finds in the parameters, if it is open.
    fn answer<R: request::Request>(
        self,
        document: impl FnOnce(&R::Params) -> Option<Uri>,
        answer: impl FnOnce(Option<&Snapshot>, R::Params) -> R::Result + Send + 'static,
    ) -> Result<(), ResponseError>
    where
        R::Params: DeserializeOwned + Send + 'static,
        R::Result: Serialize,
    {
        let params: R::Params = read(self.params)?;
        let snapshot = document(&params).and_then(|uri| self.documents.get(&uri).cloned());
        let is_canceled = Arc::<AtomicBool>::default();
        self.pending.insert(self.id.clone(), is_canceled.clone());
        self.workers.answer(self.id, is_canceled, move || {
            written(answer(snapshot.as_deref(), params))
        });
        Ok(())
    }
}

/// Reads parameters.
pub(super) fn read<T: DeserializeOwned>(params: Value) -> Result<T, ResponseError> {
    serde_json::from_value(params)
        .map_err(|reason| error(ErrorCode::InvalidParams, reason.to_string()))
}

/// Writes a result.
pub(super) fn written(value: impl Serialize) -> Answer {
    serde_json::to_value(value)
        .map_err(|reason| error(ErrorCode::InternalError, reason.to_string()))
}
