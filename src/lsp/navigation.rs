//! Names: where they are defined and used, and how they are changed.

use super::edits;
use super::snapshot::{Purpose, Snapshot};
use lsp_types::{
    DocumentHighlight, DocumentHighlightParams, GotoDefinitionParams, GotoDefinitionResponse,
    Location, Position, PrepareRenameResponse, ReferenceParams, RenameParams,
    TextDocumentPositionParams, WorkspaceEdit,
};
use openjd_monitor_core::editor::{self, RenameError, Symbol};
use std::ops::Range;

/// Answers a request for the definition of the name at a position.
pub(super) fn definition(
    snapshot: &Snapshot,
    params: &GotoDefinitionParams,
) -> Option<GotoDefinitionResponse> {
    let position = params.text_document_position_params.position;
    let symbol = symbol(snapshot, position)?;
    let places = symbol
        .definitions
        .iter()
        .map(|span| location(snapshot, span));
    Some(GotoDefinitionResponse::Array(places.collect()))
}

/// Answers a request for all uses of the name at a position.
pub(super) fn references(snapshot: &Snapshot, params: &ReferenceParams) -> Option<Vec<Location>> {
    let symbol = symbol(snapshot, params.text_document_position.position)?;
    let definitions = symbol.definitions.iter();
    let definitions = definitions.filter(|_| params.context.include_declaration);
    let spans = definitions.chain(&symbol.references);
    Some(spans.map(|span| location(snapshot, span)).collect())
}

/// Answers a request for the places to mark along with the name at a position.
pub(super) fn highlight(
    snapshot: &Snapshot,
    params: &DocumentHighlightParams,
) -> Option<Vec<DocumentHighlight>> {
    let symbol = symbol(snapshot, params.text_document_position_params.position)?;
    let highlight = |span: &Range<usize>| DocumentHighlight {
        range: snapshot.client.encoding.range(&snapshot.source, span),
        kind: None,
    };
    Some(symbol.spans().map(highlight).collect())
}

/// Answers a request for the name at a position that can be changed.
pub(super) fn prepare(
    snapshot: &Snapshot,
    params: &TextDocumentPositionParams,
) -> Option<PrepareRenameResponse> {
    let offset = snapshot
        .client
        .encoding
        .offset(&snapshot.source, params.position);
    let span = editor::renamable(snapshot.document()?, offset)?;
    let range = snapshot.client.encoding.range(&snapshot.source, &span);
    Some(PrepareRenameResponse::Range(range))
}

/// Answers a request to change the name at a position.
///
/// # Errors
///
/// Fails if it cannot be changed.
pub(super) fn rename(
    snapshot: &Snapshot,
    params: &RenameParams,
) -> Result<WorkspaceEdit, RenameError> {
    let position = params.text_document_position.position;
    let offset = snapshot.client.encoding.offset(&snapshot.source, position);
    let (Purpose::Template(_, settings), Some(document)) = (&snapshot.purpose, snapshot.document())
    else {
        return Err(RenameError::NoSymbol);
    };
    let edits = editor::rename(document, offset, &params.new_name, settings)?;
    Ok(edits::workspace(snapshot, &edits))
}

fn symbol(snapshot: &Snapshot, position: Position) -> Option<Symbol> {
    let offset = snapshot.client.encoding.offset(&snapshot.source, position);
    let symbols = editor::symbols(snapshot.document()?);
    editor::symbol_at(&symbols, offset).map(|(symbol, _)| symbol.clone())
}

fn location(snapshot: &Snapshot, span: &Range<usize>) -> Location {
    let range = snapshot.client.encoding.range(&snapshot.source, span);
    Location::new(snapshot.uri.clone(), range)
}
