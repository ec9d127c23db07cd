//! Abilities of the client.

use super::positions::Encoding;
use lsp_types::{ClientCapabilities, DiagnosticTag};
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
    /// It shows a text beside a link.
    pub shows_tooltips: bool,
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
            shows_tooltips: document
                .document_link
                .and_then(|own| own.tooltip_support)
                .unwrap_or_default(),
            tags: tags.unwrap_or_default(),
            versions_edits: workspace
                .workspace_edit
                .and_then(|own| own.document_changes)
                .unwrap_or_default(),
            resolves_edits: resolved.iter().any(|property| property == "edit"),
        }
    }
}
