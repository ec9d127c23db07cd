//! The open documents, kept as the client has them.

use super::changes;
use super::client::Client;
use super::configuration::Configuration;
use super::snapshot::{Purpose, Snapshot};
use super::uri;
use crate::config::FILE_NAME;
use lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};
use openjd_monitor_core::template::{Source, Syntax};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Instant;

/// An open document.
struct Open {
    snapshot: Arc<Snapshot>,
    language: String,
    /// Time at which it is to be checked.
    due: Option<Instant>,
}

/// The open documents, by URI.
pub(super) struct Documents {
    client: Arc<Client>,
    configuration: Configuration,
    open: BTreeMap<String, Open>,
    /// Number of the newest snapshot.
    serial: u64,
}

impl Documents {
    pub fn new(client: Arc<Client>) -> Self {
        Self {
            client,
            configuration: Configuration::default(),
            open: BTreeMap::new(),
            serial: 0,
        }
    }

    /// Returns the configuration.
    pub fn configuration(&mut self) -> &mut Configuration {
        &mut self.configuration
    }

    /// Returns the newest version of an open document.
    pub fn get(&self, uri: &Uri) -> Option<&Arc<Snapshot>> {
        self.open.get(uri.as_str()).map(|open| &open.snapshot)
    }

    pub fn open(&mut self, item: TextDocumentItem) {
        let purpose = self.purpose(&item.uri, &item.language_id);
        let source = Arc::new(Source::new(item.text));
        let key = item.uri.as_str().to_owned();
        let snapshot = self.snapshot((item.uri, item.version), source, purpose, Arc::default());
        let open = Open {
            snapshot,
            language: item.language_id,
            due: None,
        };
        self.open.insert(key, open);
    }

    /// Applies the changes that lead to `version`, in order.
    pub fn change(
        &mut self,
        uri: &Uri,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
    ) {
        let Some(old) = self.get(uri).cloned() else {
            return;
        };
        let text = changes::applied(old.source.text(), changes, self.client.encoding);
        let source = Arc::new(Source::new(text));
        self.replace(&old, version, source, old.purpose.clone());
    }

    pub fn close(&mut self, uri: &Uri) {
        self.open.remove(uri.as_str());
    }

    /// Has a document checked at `due`.
    pub fn schedule(&mut self, uri: &Uri, due: Instant) {
        if let Some(open) = self.open.get_mut(uri.as_str()) {
            open.due = Some(due);
        }
    }

    /// Returns the time at which the next document is to be checked.
    pub fn next_due(&self) -> Option<Instant> {
        self.open.values().filter_map(|open| open.due).min()
    }

    /// Takes the documents that are to be checked by `now`.
    pub fn take_due(&mut self, now: Instant) -> Vec<Arc<Snapshot>> {
        let open = self.open.values_mut();
        let due = open.filter_map(|open| {
            open.due.take_if(|due| *due <= now)?;
            Some(open.snapshot.clone())
        });
        due.collect()
    }

    /// Reads the configuration anew. Returns the documents for which it has changed.
    pub fn reconfigure(&mut self) -> Vec<Uri> {
        self.configuration = Configuration::default();
        let open = self.open.values();
        let open: Vec<_> = open
            .map(|open| (open.snapshot.clone(), open.language.clone()))
            .collect();
        let mut changed = Vec::new();
        for (old, language) in open {
            let purpose = self.purpose(&old.uri, &language);
            if purpose != old.purpose {
                self.replace(&old, old.version, old.source.clone(), purpose);
                changed.push(old.uri.clone());
            }
        }
        changed
    }

    fn replace(&mut self, old: &Snapshot, version: i32, source: Arc<Source>, purpose: Purpose) {
        let identity = (old.uri.clone(), version);
        let snapshot = self.snapshot(identity, source, purpose, old.latest.clone());
        if let Some(open) = self.open.get_mut(old.uri.as_str()) {
            open.snapshot = snapshot;
        }
    }

    fn snapshot(
        &mut self,
        identity: (Uri, i32),
        source: Arc<Source>,
        purpose: Purpose,
        latest: Arc<AtomicU64>,
    ) -> Arc<Snapshot> {
        self.serial += 1;
        let client = self.client.clone();
        let place = (self.serial, latest);
        Arc::new(Snapshot::new(identity, source, purpose, client, place))
    }

    fn purpose(&mut self, uri: &Uri, language: &str) -> Purpose {
        let path = uri::path_of(uri);
        let syntax = match &path {
            Some(path) => Syntax::of_file(path),
            None if language == "json" => Syntax::Json,
            None => Syntax::Yaml,
        };
        // A text that is not saved yet is configured by the current folder, as standard input is.
        let path = path.as_deref().unwrap_or(Path::new(""));
        if path.file_name().is_some_and(|name| name == FILE_NAME) {
            let folder = path.parent().unwrap_or(Path::new(""));
            return Purpose::Configuration(folder.to_owned());
        }
        let configured = self.configuration.of(path);
        match configured.is_excluded() {
            true => Purpose::Excluded,
            false => Purpose::Template(syntax, Box::new(configured.settings())),
        }
    }
}
