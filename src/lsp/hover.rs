//! Hover texts.

use super::snapshot::{Purpose, Snapshot};
use lsp_types::{Hover, HoverContents, HoverParams, MarkupContent, MarkupKind};
use openjd_monitor_core::editor;

/// Answers a request for the explanation of what stands at a position.
pub(super) fn answer(snapshot: &Snapshot, params: &HoverParams) -> Option<Hover> {
    let position = params.text_document_position_params.position;
    let encoding = snapshot.client.encoding;
    let offset = encoding.offset(&snapshot.source, position);
    let hover = match &snapshot.purpose {
        Purpose::Template(_, settings) => editor::hover(snapshot.document()?, offset, settings)?,
        Purpose::Configuration(_) => editor::hover_configuration(snapshot.source.text(), offset)?,
        Purpose::Excluded => return None,
    };
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent {
            kind: MarkupKind::Markdown,
            value: hover.text,
        }),
        range: Some(encoding.range(&snapshot.source, &hover.span)),
    })
}
