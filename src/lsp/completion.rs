//! Completion.

use super::snapshot::{Purpose, Snapshot};
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionParams, CompletionResponse, CompletionTextEdit,
    Documentation, MarkupContent, MarkupKind, TextEdit,
};
use openjd_monitor_core::editor::{self, Completion, CompletionKind};

/// Characters that make a client ask, besides those of words.
pub(super) const TRIGGERS: [&str; 5] = ["{", ".", ":", " ", "["];

/// Answers a request for what can be written at a position.
pub(super) fn answer(snapshot: &Snapshot, params: &CompletionParams) -> Option<CompletionResponse> {
    let source = &snapshot.source;
    let position = params.text_document_position.position;
    let offset = snapshot.client.encoding.offset(source, position);
    let found = match &snapshot.purpose {
        Purpose::Template(syntax, settings) => {
            editor::complete(source.text(), offset, *syntax, settings)
        }
        Purpose::Configuration(_) => editor::complete_configuration(source.text(), offset),
        Purpose::Excluded => return None,
    };
    let found = found.into_iter().enumerate();
    let items = found.map(|(index, completion)| item(snapshot, index, completion));
    Some(CompletionResponse::Array(items.collect()))
}

fn item(snapshot: &Snapshot, index: usize, completion: Completion) -> CompletionItem {
    let kind = match completion.kind {
        CompletionKind::Key => CompletionItemKind::PROPERTY,
        CompletionKind::Word => CompletionItemKind::ENUM_MEMBER,
        CompletionKind::Variable => CompletionItemKind::VARIABLE,
        CompletionKind::Function => CompletionItemKind::FUNCTION,
        CompletionKind::Rule => CompletionItemKind::CONSTANT,
    };
    let encoding = snapshot.client.encoding;
    let documentation = completion.about.map(|value| {
        Documentation::MarkupContent(MarkupContent {
            kind: MarkupKind::Markdown,
            value,
        })
    });
    CompletionItem {
        // What must be written comes first.
        sort_text: Some(format!("{}{index:04}", u8::from(!completion.is_needed))),
        // Without it, Neovim (0.11) does not filter items that have edits.
        filter_text: Some(completion.label.clone()),
        label: completion.label,
        kind: Some(kind),
        documentation,
        text_edit: Some(CompletionTextEdit::Edit(TextEdit {
            range: encoding.range(&snapshot.source, &completion.span),
            new_text: completion.text,
        })),
        ..CompletionItem::default()
    }
}
