//! The parts of a document: symbols, folds, links and hints.

use super::snapshot::Snapshot;
use lsp_types::{
    DocumentLink, DocumentSymbol, DocumentSymbolResponse, FoldingRange, InlayHint, InlayHintLabel,
    InlayHintParams, SymbolKind,
};
use openjd_monitor_core::editor::{self, Part, PartKind};
use openjd_monitor_core::lint;

/// Answers a request for the parts of a template.
pub(super) fn symbols(snapshot: &Snapshot) -> Option<DocumentSymbolResponse> {
    let parts = editor::outline(snapshot.document()?);
    let symbols = parts.into_iter().map(|part| symbol(snapshot, part));
    Some(DocumentSymbolResponse::Nested(symbols.collect()))
}

fn symbol(snapshot: &Snapshot, part: Part) -> DocumentSymbol {
    let encoding = snapshot.client.encoding;
    let children = part.parts.into_iter().map(|part| symbol(snapshot, part));
    // The field is deprecated, and cannot be left out.
    #[expect(deprecated)]
    DocumentSymbol {
        name: part.name,
        detail: part.detail,
        kind: match part.kind {
            PartKind::Parameter => SymbolKind::CONSTANT,
            PartKind::Environment => SymbolKind::NAMESPACE,
            PartKind::Step => SymbolKind::CLASS,
            PartKind::Action => SymbolKind::EVENT,
            PartKind::File => SymbolKind::FILE,
            PartKind::Variable => SymbolKind::VARIABLE,
        },
        tags: None,
        deprecated: None,
        range: encoding.range(&snapshot.source, &part.span),
        selection_range: encoding.range(&snapshot.source, &part.selection),
        children: Some(children.collect()),
    }
}

/// Answers a request for what can be folded: one range for each line, the longest.
pub(super) fn folds(snapshot: &Snapshot) -> Option<Vec<FoldingRange>> {
    // What is no template is left alone.
    snapshot.is_template().then_some(())?;
    let encoding = snapshot.client.encoding;
    let spans = snapshot.document()?.folds().into_iter();
    let mut folds: Vec<FoldingRange> = Vec::new();
    for span in spans {
        let range = encoding.range(&snapshot.source, &span);
        let fold = FoldingRange {
            start_line: range.start.line,
            end_line: range.end.line,
            ..FoldingRange::default()
        };
        match folds
            .last_mut()
            .filter(|last| last.start_line == fold.start_line)
        {
            Some(last) => last.end_line = last.end_line.max(fold.end_line),
            None => folds.push(fold),
        }
    }
    Some(folds)
}

/// Answers a request for links: from each rule in a comment that ignores it to its page.
pub(super) fn links(snapshot: &Snapshot) -> Option<Vec<DocumentLink>> {
    let mentions = lint::mentioned_rules(snapshot.document()?).into_iter();
    let links = mentions.map(|(span, rule)| DocumentLink {
        range: snapshot.client.encoding.range(&snapshot.source, &span),
        target: rule.uri().parse().ok(),
        tooltip: snapshot
            .client
            .shows_tooltips
            .then(|| rule.summary.to_owned()),
        data: None,
    });
    Some(links.collect())
}

/// Answers a request for the defaults that apply in a range.
pub(super) fn hints(snapshot: &Snapshot, params: &InlayHintParams) -> Option<Vec<InlayHint>> {
    let encoding = snapshot.client.encoding;
    let span = encoding.span(&snapshot.source, params.range);
    let hints = editor::hints(snapshot.document()?).into_iter();
    let hints = hints.filter(|hint| span.start <= hint.offset && hint.offset <= span.end);
    let hints = hints.map(|hint| InlayHint {
        position: encoding.position(&snapshot.source, hint.offset),
        label: InlayHintLabel::String(hint.text),
        kind: None,
        text_edits: None,
        tooltip: None,
        padding_left: Some(true),
        padding_right: None,
        data: None,
    });
    Some(hints.collect())
}
