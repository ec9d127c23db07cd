//! Files beside a scenario or a question: the templates that they name.

use crate::lint::{self, Finding, Level};
use crate::read;
use crate::template::{
    Document, Loaded, Path, Problem, Source, Syntax, TemplateKind, limits, load,
};
use std::io;

/// A text that cannot be used, and what is wrong with it.
#[derive(Debug)]
pub struct Bad {
    /// The path of the file, if it is not the one that was to be read.
    pub path: Option<String>,
    /// The text.
    pub source: Source,
    /// What is wrong with it: at least one finding of the level error.
    pub findings: Vec<Finding>,
}

/// Why a template cannot be used.
#[derive(Debug)]
pub enum Unread {
    /// Its file cannot be read.
    Failed(io::Error),
    /// It is not valid.
    Bad(Box<Bad>),
}

impl Bad {
    /// Its first error, in a sentence without a full stop.
    pub(super) fn reason(&self) -> String {
        let mut errors = self.findings.iter();
        let error = errors.find(|finding| finding.level == Level::Error);
        error.map(|error| error.message.clone()).unwrap_or_default()
    }

    /// A text that is no document, or none with a mapping.
    pub(super) fn of(loaded: Loaded) -> Result<Document, Self> {
        let (source, problems) = match loaded {
            Loaded::Document(document) => return Ok(*document),
            Loaded::Malformed(source, problems) => (source, problems),
            Loaded::NoMapping(source) => {
                let problem = Problem {
                    span: 0..0,
                    message: "a mapping is expected".to_owned(),
                    help: None,
                };
                (source, vec![problem])
            }
        };
        Err(Self {
            path: None,
            source,
            findings: lint::malformed(problems),
        })
    }
}

/// Refuses a document with findings, if one of them is an error.
///
/// # Errors
///
/// The document with all of them.
pub(super) fn refuse(document: &Document, findings: Vec<Finding>) -> Result<(), Bad> {
    let is_bad = findings.iter().any(|finding| finding.level == Level::Error);
    match is_bad {
        false => Ok(()),
        true => Err(Bad {
            path: None,
            source: document.source().clone(),
            findings,
        }),
    }
}

/// Checks the part of a document that is meant to be a template.
///
/// # Errors
///
/// What is wrong with it.
pub fn check_template(document: &Document, path: &Path, kind: TemplateKind) -> Result<(), Bad> {
    refuse(document, lint::check_part(document, path, kind))
}

/// The template in a file.
///
/// # Errors
///
/// If the file cannot be read, or the template is not valid.
pub fn read_template(path: &std::path::Path, kind: TemplateKind) -> Result<Document, Unread> {
    let bad = |bad: Bad| {
        Unread::Bad(Box::new(Bad {
            path: Some(path.to_string_lossy().into_owned()),
            ..bad
        }))
    };
    let bytes = read::start_of(path, limits::DEFAULT_MAX_BYTES).map_err(Unread::Failed)?;
    let loaded = load(&bytes, Syntax::of_file(path), limits::DEFAULT_MAX_BYTES);
    let document = Bad::of(loaded).map_err(bad)?;
    check_template(&document, &Path::root(), kind).map_err(bad)?;
    Ok(document)
}
