//! Abilities of the client.

use super::positions::Encoding;
use lsp_types::DiagnosticTag;
use serde::de::DeserializeOwned;
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
    /// Reads the abilities that the client declares in `capabilities`. What is not of the expected type is not
    /// declared: clients differ, and nobody would be helped by a server that does not start.
    pub fn new(capabilities: &Value) -> Self {
        let has = |ability| capabilities.pointer(ability) == Some(&Value::Bool(true));
        let pulled = capabilities.pointer("/textDocument/diagnostic");
        Self {
            encoding: Encoding::negotiated(&list(capabilities, "/general/positionEncodings")),
            pulls_diagnostics: pulled.is_some_and(Value::is_object),
            refreshes_diagnostics: has("/workspace/diagnostics/refreshSupport"),
            watches_files: has("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            shows_related: has("/textDocument/publishDiagnostics/relatedInformation"),
            shows_tooltips: has("/textDocument/documentLink/tooltipSupport"),
            tags: list(
                capabilities,
                "/textDocument/publishDiagnostics/tagSupport/valueSet",
            ),
            versions_edits: has("/workspace/workspaceEdit/documentChanges"),
            resolves_edits: list::<String>(
                capabilities,
                "/textDocument/codeAction/resolveSupport/properties",
            )
            .iter()
            .any(|property| property == "edit"),
        }
    }
}

/// Returns the items of the list at `pointer`, without those of another type.
fn list<T: DeserializeOwned>(capabilities: &Value, pointer: &str) -> Vec<T> {
    let items = capabilities.pointer(pointer).and_then(Value::as_array);
    let items = items.into_iter().flatten();
    items.filter_map(|item| T::deserialize(item).ok()).collect()
}
