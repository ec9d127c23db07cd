//! One version of a document, and what is computed from it, each once.

use super::client::Client;
use crate::config::Config;
use lsp_types::Uri;
use openjd_monitor_core::editor;
use openjd_monitor_core::lint::{self, Checked, Finding, Fix, Fixed, Safety, Settings};
use openjd_monitor_core::template::{Document, Problem, Source, Syntax, TemplateKind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Use of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A file that may be a template.
    Template(Syntax, Box<Settings>),
    /// A file that the configuration excludes.
    Excluded,
    /// The configuration, in this folder.
    Configuration(PathBuf),
}

/// One version of an open document. Threads that need the same result wait for one computation, and never for that of
/// another version.
#[derive(Debug)]
pub(super) struct Snapshot {
    pub uri: Uri,
    /// Version that the client has given it.
    pub version: i32,
    pub source: Arc<Source>,
    pub purpose: Purpose,
    pub client: Arc<Client>,
    /// Number of this snapshot among all; higher ones are newer.
    pub serial: u64,
    /// Number of the newest snapshot of the document.
    pub latest: Arc<AtomicU64>,
    checked: OnceLock<Option<Checked>>,
    fixed: OnceLock<Option<Fixed>>,
    document: OnceLock<Option<Document>>,
}

impl Snapshot {
    pub fn new(
        (uri, version): (Uri, i32),
        source: Arc<Source>,
        purpose: Purpose,
        client: Arc<Client>,
        (serial, latest): (u64, Arc<AtomicU64>),
    ) -> Self {
        latest.store(serial, Ordering::Release);
        Self {
            uri,
            version,
            source,
            purpose,
            client,
            serial,
            latest,
            checked: OnceLock::new(),
            fixed: OnceLock::new(),
            document: OnceLock::new(),
        }
    }

    /// Returns true while no newer snapshot of the document exists.
    pub fn is_latest(&self) -> bool {
        self.latest.load(Ordering::Acquire) == self.serial
    }

    /// Returns the findings, as `check` has them; none for what is no template.
    pub fn findings(&self) -> &[Finding] {
        let checked = self.checked.get_or_init(|| self.check());
        let found = checked.as_ref().and_then(|checked| checked.found.as_ref());
        found.map_or(&[], |found| &found.findings)
    }

    /// Returns the intact parts of a template.
    pub fn document(&self) -> Option<&Document> {
        let read = || match &self.purpose {
            Purpose::Template(syntax, settings) => {
                editor::intact(self.source.text(), *syntax, settings.max_bytes)
            }
            Purpose::Excluded | Purpose::Configuration(_) => None,
        };
        self.document.get_or_init(read).as_ref()
    }

    /// Returns the document, if all of it is intact.
    pub fn whole_document(&self) -> Option<&Document> {
        let is_whole = |document: &&Document| document.source().text() == self.source.text();
        self.document().filter(is_whole)
    }

    /// Returns true for a template.
    pub fn is_template(&self) -> bool {
        self.document()
            .is_some_and(|document| TemplateKind::of(document).is_some())
    }

    /// Returns the problems of a configuration.
    pub fn problems(&self) -> Vec<Problem> {
        match &self.purpose {
            Purpose::Configuration(folder) => {
                let parsed = Config::parse(self.source.text(), folder.clone());
                parsed.err().unwrap_or_default()
            }
            Purpose::Template(..) | Purpose::Excluded => Vec::new(),
        }
    }

    /// Returns the text with all safe fixes applied, as `check --fix` applies them; `None` if there are none.
    pub fn fixed(&self) -> Option<&Fixed> {
        let is_safe = |_: &Finding, fix: &Fix| fix.safety == Safety::Safe;
        let fixed = self.fixed.get_or_init(|| self.fixed_where(&is_safe));
        fixed.as_ref()
    }

    /// Returns the text with the wanted fixes applied; `None` if there are none.
    pub fn fixed_where(&self, is_wanted: &dyn Fn(&Finding, &Fix) -> bool) -> Option<Fixed> {
        let text = self.source.text();
        let Purpose::Template(syntax, settings) = &self.purpose else {
            return None;
        };
        let check = |bytes: &[u8]| lint::check(bytes, *syntax, settings);
        lint::fixed(text, self.findings(), is_wanted, &check)
    }

    fn check(&self) -> Option<Checked> {
        let bytes = self.source.text().as_bytes();
        match &self.purpose {
            Purpose::Template(syntax, settings) => Some(lint::check(bytes, *syntax, settings)),
            Purpose::Excluded | Purpose::Configuration(_) => None,
        }
    }
}
