//! What the client can do, and what the server offers it.

use super::actions;
use super::completion;
use super::positions::Encoding;
use lsp_types::{
    ClientCapabilities, CodeActionOptions, CodeActionProviderCapability, CompletionOptions,
    DiagnosticOptions, DiagnosticServerCapabilities, DiagnosticTag, DocumentLinkOptions,
    FoldingRangeProviderCapability, HoverProviderCapability, OneOf, RenameOptions, SaveOptions,
    ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    TextDocumentSyncSaveOptions, WorkDoneProgressOptions,
};
use serde_json::Value;

/// Abilities of the client, as far as the server asks for them.
#[derive(Debug)]
pub(super) struct Client {
    /// Unit of columns in both directions.
    pub encoding: Encoding,
    /// It asks for diagnostics, so that none are sent unasked.
    pub pulls_diagnostics: bool,
    /// It asks for diagnostics again when it is told that they have changed.
    pub refreshes_diagnostics: bool,
    /// It can be asked to watch files.
    pub watches_files: bool,
    /// It shows related places.
    pub shows_related: bool,
    /// It shows these tags.
    pub tags: Vec<DiagnosticTag>,
    /// It knows workspace edits with versions.
    pub versions_edits: bool,
    /// It asks for the edit of a code action when it is chosen.
    pub resolves_edits: bool,
}

impl Client {
    /// Reads the abilities that the client declares in `params`, the parameters of `initialize`.
    pub fn new(declared: &ClientCapabilities, params: &Value) -> Self {
        let general = declared.general.as_ref();
        let offered = general.and_then(|general| general.position_encodings.as_deref());
        let document = declared.text_document.clone().unwrap_or_default();
        let workspace = declared.workspace.clone().unwrap_or_default();
        let published = document.publish_diagnostics.unwrap_or_default();
        let tags = published.tag_support.map(|support| support.value_set);
        let resolved = document.code_action.and_then(|own| own.resolve_support);
        let resolved = resolved.map(|own| own.properties).unwrap_or_default();
        let watched = workspace.did_change_watched_files.unwrap_or_default();
        Self {
            encoding: Encoding::negotiated(offered),
            pulls_diagnostics: document.diagnostic.is_some(),
            // `lsp-types` (0.97.0) reads it by another name.
            refreshes_diagnostics: params
                .pointer("/capabilities/workspace/diagnostics/refreshSupport")
                .and_then(Value::as_bool)
                .unwrap_or_default(),
            watches_files: watched.dynamic_registration.unwrap_or_default(),
            shows_related: published.related_information.unwrap_or_default(),
            tags: tags.unwrap_or_default(),
            versions_edits: workspace
                .workspace_edit
                .and_then(|own| own.document_changes)
                .unwrap_or_default(),
            resolves_edits: resolved.iter().any(|property| property == "edit"),
        }
    }

    /// Returns what the server offers this client.
    pub fn offers(&self) -> ServerCapabilities {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(TextDocumentSyncSaveOptions::SaveOptions(SaveOptions {
                include_text: Some(false),
            })),
            ..TextDocumentSyncOptions::default()
        };
        let diagnostics = DiagnosticOptions {
            identifier: Some(env!("CARGO_PKG_NAME").to_owned()),
            ..DiagnosticOptions::default()
        };
        ServerCapabilities {
            position_encoding: Some(self.encoding.kind()),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            diagnostic_provider: Some(DiagnosticServerCapabilities::Options(diagnostics)),
            code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
                code_action_kinds: Some(actions::kinds()),
                resolve_provider: Some(true),
                ..CodeActionOptions::default()
            })),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            completion_provider: Some(CompletionOptions {
                trigger_characters: Some(completion::TRIGGERS.map(str::to_owned).to_vec()),
                ..CompletionOptions::default()
            }),
            definition_provider: Some(OneOf::Left(true)),
            references_provider: Some(OneOf::Left(true)),
            document_highlight_provider: Some(OneOf::Left(true)),
            rename_provider: Some(OneOf::Right(RenameOptions {
                prepare_provider: Some(true),
                work_done_progress_options: WorkDoneProgressOptions::default(),
            })),
            document_symbol_provider: Some(OneOf::Left(true)),
            folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
            document_link_provider: Some(DocumentLinkOptions {
                resolve_provider: None,
                work_done_progress_options: WorkDoneProgressOptions::default(),
            }),
            inlay_hint_provider: Some(OneOf::Left(true)),
            ..ServerCapabilities::default()
        }
    }
}
