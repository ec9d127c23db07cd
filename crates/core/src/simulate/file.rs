//! Reads the templates that a scenario or a question names.

use crate::lint::{self, Finding, Level};
use crate::read;
use crate::template::{
    Document, Loaded, Path, Problem, Source, Syntax, TemplateKind, limits, load,
};
use std::{fmt, io};
use thiserror::Error;

/// An invalid file, with the findings that say so. It displays as the first error.
#[derive(Debug)]
pub struct InvalidFile {
    /// Path of the file; `None` for the one that was passed in.
    pub path: Option<String>,
    /// Text of the file.
    pub source: Source,
    /// Findings, at least one of them of the level error.
    pub findings: Vec<Finding>,
}

/// Error reading a template.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(io::Error),
    /// The template is not valid.
    #[error(transparent)]
    Invalid(Box<InvalidFile>),
}

impl fmt::Display for InvalidFile {
    /// Writes the message of the first error, a sentence without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut findings = self.findings.iter();
        let error = findings.find(|finding| finding.level == Level::Error);
        error.map_or(Ok(()), |error| f.write_str(&error.message))
    }
}

impl std::error::Error for InvalidFile {}

impl InvalidFile {
    /// Returns the document that was loaded, or the reason that there is none with a mapping.
    pub(super) fn refuse_malformed(loaded: Loaded) -> Result<Document, Self> {
        let (source, problems) = match loaded {
            Loaded::Document(document) => return Ok(*document),
            Loaded::Malformed(source, problems) => (source, problems),
            Loaded::NoMapping(source) => {
                let problem = Problem::new(0, "a mapping is expected");
                (source, vec![problem])
            }
        };
        Err(Self {
            path: None,
            source,
            findings: lint::malformed(problems),
        })
    }

    /// Describes a mistake of a document that is no template, at `path`.
    pub(super) fn mistake(document: &Document, path: &Path, message: String) -> Self {
        Self {
            path: None,
            source: document.source().clone(),
            findings: lint::mistake(document, path, message),
        }
    }
}

/// Refuses a document if one of its findings is an error.
///
/// # Errors
///
/// Fails with all findings.
pub(super) fn refuse(document: &Document, findings: Vec<Finding>) -> Result<(), InvalidFile> {
    let is_bad = findings.iter().any(|finding| finding.level == Level::Error);
    match is_bad {
        false => Ok(()),
        true => Err(InvalidFile {
            path: None,
            source: document.source().clone(),
            findings,
        }),
    }
}

/// Checks the template at `path` in a document.
///
/// # Errors
///
/// Fails with its findings if one of them is an error.
pub fn check_template(
    document: &Document,
    path: &Path,
    kind: TemplateKind,
) -> Result<(), InvalidFile> {
    refuse(document, lint::check_part(document, path, kind))
}

/// Returns the template that was loaded, of either kind, after checking it; `None` if the document is no template.
///
/// # Errors
///
/// Fails with its findings if it cannot be read or is not valid.
pub fn any_template(loaded: Loaded) -> Result<Option<(TemplateKind, Document)>, InvalidFile> {
    let document = InvalidFile::refuse_malformed(loaded)?;
    let Some(kind) = TemplateKind::of(&document) else {
        return Ok(None);
    };
    check_template(&document, &Path::root(), kind)?;
    Ok(Some((kind, document)))
}

/// Reads a template from a file and checks it.
///
/// # Errors
///
/// Fails if the file cannot be read, or the template is not valid.
pub fn read_template(path: &std::path::Path, kind: TemplateKind) -> Result<Document, ReadError> {
    let invalid = |invalid: InvalidFile| {
        ReadError::Invalid(Box::new(InvalidFile {
            path: Some(path.to_string_lossy().into_owned()),
            ..invalid
        }))
    };
    let bytes = read::start_of(path, limits::DEFAULT_MAX_BYTES).map_err(ReadError::Io)?;
    let loaded = load(&bytes, Syntax::of_file(path), limits::DEFAULT_MAX_BYTES);
    let document = InvalidFile::refuse_malformed(loaded).map_err(invalid)?;
    check_template(&document, &Path::root(), kind).map_err(invalid)?;
    Ok(document)
}
