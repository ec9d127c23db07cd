//! Stage 4: the template without the extension, as `openjd-model` sees it.

mod pieces;
mod place;
mod prepare;

use super::context::Context;
use super::finding::Draft;
use super::guard;
use crate::template::{Path, TemplateKind};
use openjd_model::{CallerLimits, ModelError, ModelExtension, ValidationError};
use serde_json::Value;

/// What the base stage found, and what it left for the next.
pub(crate) struct Base {
    pub drafts: Vec<Draft>,
    /// The template without the extension, each part that does not decode replaced by one that
    /// does. `openjd-model` decodes it, though it may still find errors in it.
    pub sound: Value,
    /// Job parameters whose definition had to go: nothing can be said of what refers to them.
    pub lost_parameters: Vec<String>,
}

impl Base {
    /// Drops what a structural finding says already.
    pub fn drop_what_is_said(&mut self, structural: &[Draft]) {
        self.drafts.retain(|draft| !is_said(draft, structural));
    }
}

/// Decodes the template, all of it if possible, else piece by piece.
pub(crate) fn check(context: &Context<'_>, structural: &[Draft]) -> Base {
    let mut value = prepare::without_extension(context, structural);
    // A value of the wrong type hides nothing here: the piece that it is in is replaced.
    let mut pieces = pieces::replace_broken(context.kind, &mut value);
    let mut drafts = std::mem::take(&mut pieces.drafts);
    for error in validation_errors(context.kind, &mut value) {
        let path = Path::from_model(&error.path);
        let is_lost = pieces
            .lost_parameters
            .iter()
            .any(|name| place::refers_to(&error, name));
        if !is_lost && !pieces.replaced.iter().any(|piece| path.is_within(piece)) {
            drafts.extend(place::drafts(context.document.value(), &path, &error));
        }
    }
    let mut base = Base {
        drafts,
        sound: value,
        lost_parameters: pieces.lost_parameters,
    };
    base.drop_what_is_said(structural);
    base
}

/// Whether a structural finding at, above or below the place already says it. Everything is below
/// the root: an error there is only said by a finding on one of the root's own fields.
fn is_said(draft: &Draft, structural: &[Draft]) -> bool {
    let path = draft.place.path();
    structural
        .iter()
        .map(|other| other.place.path())
        .any(|other| {
            let is_above = if path.steps().is_empty() {
                other.steps().len() <= 1
            } else {
                other.is_within(path)
            };
            is_above || path.is_within(other)
        })
}

/// The errors of a value that decodes. The model's first pass hides its second: what it objects to
/// (`extensions`, the case of type names) is mended in `value`, and the rest is asked for again.
fn validation_errors(kind: TemplateKind, value: &mut Value) -> Vec<ValidationError> {
    let first = decode(kind, value.clone());
    if !first.iter().any(prepare::mends_first_pass) {
        return first;
    }
    prepare::mend_first_pass(value);
    let second = decode(kind, value.clone());
    first.into_iter().chain(second).collect()
}

fn decode(kind: TemplateKind, value: Value) -> Vec<ValidationError> {
    let supported: Vec<_> = ModelExtension::ALL
        .iter()
        .map(|extension| extension.as_str())
        .collect();
    let limits = CallerLimits::default();
    let error = guard::call(|| match kind {
        TemplateKind::Job => {
            openjd_model::decode_job_template(value, Some(&supported), &limits).err()
        }
        TemplateKind::Environment => {
            openjd_model::decode_environment_template(value, Some(&supported)).err()
        }
    });
    let whole = |message: String| {
        vec![ValidationError {
            path: Vec::new(),
            message,
            detail: None,
        }]
    };
    match error {
        Some(None) => Vec::new(),
        Some(Some(ModelError::ModelValidation(errors))) => errors.errors,
        Some(Some(other)) => whole(other.to_string()),
        None => {
            whole("openjd-model fails on this template, and so do the tools that use it".to_owned())
        }
    }
}
