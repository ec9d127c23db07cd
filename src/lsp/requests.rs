//! Requests about documents: each to the feature that answers it.

use super::documents::Documents;
use super::event::Answer;
use super::snapshot::Snapshot;
use super::workers::{Workers, error};
use super::{actions, completion, diagnostics, hover, navigation, outline};
use lsp_server::{ErrorCode, RequestId, ResponseError};
use lsp_types::request::{
    CodeActionRequest, CodeActionResolveRequest, Completion, DocumentDiagnosticRequest,
    DocumentHighlightRequest, DocumentLinkRequest, DocumentSymbolRequest, FoldingRangeRequest,
    GotoDefinition, HoverRequest, InlayHintRequest, PrepareRenameRequest, References, Rename,
    Request,
};
use lsp_types::{TextDocumentIdentifier, Uri};
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
            DocumentDiagnosticRequest::METHOD => self.answer::<DocumentDiagnosticRequest>(
                |params| Some(params.text_document.uri.clone()),
                |snapshot, params| Ok(diagnostics::answer(snapshot, &params)),
            ),
            CodeActionRequest::METHOD => self
                .answer_of::<CodeActionRequest, _>(|params| &params.text_document, actions::answer),
            CodeActionResolveRequest::METHOD => self
                .answer::<CodeActionResolveRequest>(actions::document_of, |snapshot, action| {
                    Ok(actions::resolve(snapshot, action))
                }),
            HoverRequest::METHOD => self.answer_of::<HoverRequest, _>(
                |params| &params.text_document_position_params.text_document,
                hover::answer,
            ),
            Completion::METHOD => self.answer_of::<Completion, _>(
                |params| &params.text_document_position.text_document,
                completion::answer,
            ),
            GotoDefinition::METHOD => self.answer_of::<GotoDefinition, _>(
                |params| &params.text_document_position_params.text_document,
                navigation::definition,
            ),
            References::METHOD => self.answer_of::<References, _>(
                |params| &params.text_document_position.text_document,
                navigation::references,
            ),
            DocumentHighlightRequest::METHOD => self.answer_of::<DocumentHighlightRequest, _>(
                |params| &params.text_document_position_params.text_document,
                navigation::highlight,
            ),
            PrepareRenameRequest::METHOD => self.answer_of::<PrepareRenameRequest, _>(
                |params| &params.text_document,
                navigation::prepare,
            ),
            Rename::METHOD => self.answer::<Rename>(
                |params| Some(params.text_document_position.text_document.uri.clone()),
                |snapshot, params| {
                    let edit = snapshot.map(|snapshot| navigation::rename(snapshot, &params));
                    let edit = edit.transpose();
                    edit.map_err(|reason| error(ErrorCode::RequestFailed, reason.to_string()))
                },
            ),
            DocumentSymbolRequest::METHOD => self.answer_of::<DocumentSymbolRequest, _>(
                |params| &params.text_document,
                |snapshot, _| outline::symbols(snapshot),
            ),
            FoldingRangeRequest::METHOD => self.answer_of::<FoldingRangeRequest, _>(
                |params| &params.text_document,
                |snapshot, _| outline::folds(snapshot),
            ),
            DocumentLinkRequest::METHOD => self.answer_of::<DocumentLinkRequest, _>(
                |params| &params.text_document,
                |snapshot, _| outline::links(snapshot),
            ),
            InlayHintRequest::METHOD => self
                .answer_of::<InlayHintRequest, _>(|params| &params.text_document, outline::hints),
            _ => {
                let message = format!("{method} is not supported");
                Err(error(ErrorCode::MethodNotFound, message))
            }
        }
    }

    /// Has `answer` called with the document that the parameters name; the result is null, if it is not open.
    fn answer_of<R, T>(
        self,
        document: fn(&R::Params) -> &TextDocumentIdentifier,
        answer: fn(&Snapshot, &R::Params) -> Option<T>,
    ) -> Result<(), ResponseError>
    where
        R: Request<Result = Option<T>> + 'static,
        R::Params: DeserializeOwned + Send + 'static,
        T: Serialize + 'static,
    {
        self.answer::<R>(
            |params| Some(document(params).uri.clone()),
            move |snapshot, params| Ok(snapshot.and_then(|snapshot| answer(snapshot, &params))),
        )
    }

    /// Has `answer` called with the document that `document` finds in the parameters, if it is open.
    fn answer<R: Request>(
        self,
        document: impl FnOnce(&R::Params) -> Option<Uri>,
        answer: impl FnOnce(Option<&Snapshot>, R::Params) -> Result<R::Result, ResponseError>
        + Send
        + 'static,
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
            answer(snapshot.as_deref(), params).and_then(written)
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
