//! State while documents are served: what their configuration says, and what is published about them.

use super::client::Client;
use super::diagnostics;
use super::documents::Documents;
use super::outbox::Outbox;
use super::snapshot::Snapshot;
use lsp_types::{Diagnostic, TextDocumentItem, Uri, request};
use std::sync::Arc;
use std::time::Instant;

/// State while documents are served.
pub(super) struct Running {
    pub client: Arc<Client>,
    pub documents: Documents,
    /// The configuration may have changed since it was read.
    pub is_stale: bool,
    /// The configuration files with published mistakes.
    wrong: Vec<Uri>,
}

impl Running {
    /// Begins, without documents.
    pub fn new(client: Arc<Client>) -> Self {
        Self {
            documents: Documents::new(client.clone()),
            client,
            is_stale: false,
            wrong: Vec::new(),
        }
    }

    /// Opens a document.
    pub fn open(&mut self, document: TextDocumentItem) {
        let uri = document.uri.clone();
        self.documents.open(document);
        if !self.client.pulls_diagnostics {
            self.documents.schedule(&uri, Instant::now());
        }
        self.is_stale = true;
    }

    /// Reads the configuration anew if it may have changed, and has the documents checked for which it has. This takes a
    /// look at every open document, and so is done once for all that a client says in one go.
    pub fn reconfigure(&mut self, outbox: &mut Outbox) {
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        let changed = self.documents.reconfigure();
        if !self.client.pulls_diagnostics {
            for uri in &changed {
                self.documents.schedule(uri, Instant::now());
            }
        } else if self.client.refreshes_diagnostics && !changed.is_empty() {
            outbox.ask::<request::WorkspaceDiagnosticRefresh>(());
        }
        self.report_configuration(outbox);
    }

    /// Publishes the mistakes of configuration files; those of open ones are published with what is typed there.
    fn report_configuration(&mut self, outbox: &mut Outbox) {
        let encoding = self.client.encoding;
        let mut mistakes = self.documents.configuration().mistakes();
        mistakes.retain(|(uri, ..)| self.documents.get(uri).is_none());
        let wrong: Vec<_> = mistakes.iter().map(|(uri, ..)| uri.clone()).collect();
        let before = std::mem::replace(&mut self.wrong, wrong);
        let is_right = |uri: &Uri| !self.wrong.contains(uri) && self.documents.get(uri).is_none();
        let right: Vec<_> = before.into_iter().filter(is_right).collect();
        for (uri, source, problems) in mistakes {
            let diagnostics = diagnostics::of_problems(encoding, &source, &problems);
            outbox.publish(uri, None, diagnostics);
        }
        for uri in right {
            outbox.publish(uri, None, Vec::new());
        }
    }

    /// Publishes the result of a check, unless the document is another by now.
    pub fn publish(&self, snapshot: &Snapshot, diagnostics: Vec<Diagnostic>, outbox: &mut Outbox) {
        let current = self.documents.get(&snapshot.uri);
        if current.is_some_and(|current| current.serial == snapshot.serial) {
            outbox.publish(snapshot.uri.clone(), Some(snapshot.version), diagnostics);
        }
    }
}
