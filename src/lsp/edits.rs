//! Edits of a document in the terms of the protocol.

use super::snapshot::Snapshot;
use lsp_types::{
    DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, TextEdit,
    WorkspaceEdit,
};
use openjd_monitor_core::template::Edit;
use similar::{DiffOp, TextDiff};
use std::collections::HashMap;
use std::ops::Range;

/// Returns the workspace edit that makes `edits` in the document, for the version that they are of.
pub(super) fn workspace<'e>(
    snapshot: &Snapshot,
    edits: impl IntoIterator<Item = &'e Edit>,
) -> WorkspaceEdit {
    let encoding = snapshot.client.encoding;
    let edits = edits.into_iter().map(|edit| TextEdit {
        range: encoding.range(&snapshot.source, &edit.span),
        new_text: edit.text.clone(),
    });
    let uri = snapshot.uri.clone();
    if !snapshot.client.versions_edits {
        return WorkspaceEdit {
            changes: Some(HashMap::from([(uri, edits.collect())])),
            ..WorkspaceEdit::default()
        };
    }
    let edit = TextDocumentEdit {
        text_document: OptionalVersionedTextDocumentIdentifier {
            uri,
            version: Some(snapshot.version),
        },
        edits: edits.map(OneOf::Left).collect(),
    };
    WorkspaceEdit {
        document_changes: Some(DocumentChanges::Edits(vec![edit])),
        ..WorkspaceEdit::default()
    }
}

/// Returns the edits, of whole lines, that make `new` of `old`: a cursor between them stays where it is.
pub(super) fn between(old: &str, new: &str) -> Vec<Edit> {
    let diff = TextDiff::from_lines(old, new);
    let ends = |lines: &[&str]| {
        let mut end = 0;
        let ends = lines.iter().map(|line| {
            end += line.len();
            end
        });
        std::iter::once(0).chain(ends).collect::<Vec<_>>()
    };
    let (old_ends, new_ends) = (ends(diff.old_slices()), ends(diff.new_slices()));
    let bytes = |ends: &[usize], lines: Range<usize>| ends[lines.start]..ends[lines.end];
    let changed = diff.ops().iter();
    let changed = changed.filter(|op| !matches!(op, DiffOp::Equal { .. }));
    changed
        .map(|op| Edit {
            span: bytes(&old_ends, op.old_range()),
            text: new[bytes(&new_ends, op.new_range())].to_owned(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edits_between_two_texts_make_the_second_of_the_first() {
        let texts = ["", "a\nb\nc\n", "a\nc", "b\r\na\n\nc\n", "x\n"];
        for (old, new) in texts.iter().flat_map(|old| texts.map(|new| (old, new))) {
            assert_eq!(Edit::apply(&between(old, new), old), new);
        }
        assert_eq!(between("a\nb\nc\n", "a\nx\nc\n")[0].span, 2..4);
    }
}
