//! Stage 4: the template without the extension, as `openjd-model` sees it.

mod complex;
mod constraints;
mod files;
mod names;
mod pieces;
mod place;
mod prepare;
mod ranges;
mod renames;
mod strings;
mod types;
mod undefined;

use super::context::Context;
use super::cycles;
use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::guard;
use crate::template::{Path, PathSet, TemplateKind};
use openjd_model::{CallerLimits, ModelError, ModelExtension, ValidationError};
use pieces::Pieces;
use renames::Renames;
use serde_json::Value;
use std::collections::HashMap;
use std::collections::HashSet;
use undefined::Undefined;

/// Start of the model's message on a step that depends on itself.
const SELF_DEPENDENCY: &str = "cannot depend on itself";

/// Result of the base stage: its facts, and a template for the next stage.
pub(crate) struct Base {
    pub facts: Vec<Fact<'static>>,
    /// The template without the extension, each part that does not decode replaced by one that
    /// does. `openjd-model` decodes it, though it may still find errors in it.
    pub sound: Value,
    /// Parameters whose definitions were replaced; references to them cannot be judged.
    pub lost_parameters: HashSet<String>,
    /// The keys that are another word for a field, and were read as that.
    renamed: PathSet,
}

impl Base {
    /// Drops facts that a structural one covers.
    pub fn drop_repeated(&mut self, structural: &[Fact<'_>]) {
        let said = Said::of(structural, &self.renamed);
        self.facts.retain(|fact| !said.covers(fact));
    }
}

/// Decodes the template, all of it if possible, else piece by piece.
pub(crate) fn check(context: &Context<'_>, structural: &[Fact<'_>]) -> Base {
    let prepared = |renames: &Renames| {
        let mut value = prepare::without_extension(context, structural, renames);
        let mut missing = files::take_missing(context, renames, &mut value);
        missing.extend(types::respell(context, renames, &mut value));
        let excess = prepare::cut_parameters(&mut value);
        (value, missing, excess)
    };
    let mut renames = Renames::of(context.document.value(), structural);
    let (mut value, mut missing, mut excess) = prepared(&renames);
    let mut pieces = Pieces::default();
    let mut errors = decode(context.kind, value.clone());
    if errors.is_err() && !renames.is_empty() {
        renames = Renames::default();
        (value, missing, excess) = prepared(&renames);
        errors = decode(context.kind, value.clone());
    }
    let renamed = renames.paths();
    if errors.is_err() {
        pieces = pieces::replace_broken(context, &mut value);
        errors = decode(context.kind, value.clone());
    }
    pieces.lost_parameters.extend(excess);
    let mut errors = errors.unwrap_or_else(|error| whole(error.to_string()));
    // Errors of the model's first pass hide those of its second: mends them and decodes again.
    if errors.iter().any(prepare::mends_first_pass) {
        prepare::mend_first_pass(&mut value);
        errors.extend(
            decode(context.kind, value.clone()).unwrap_or_else(|error| whole(error.to_string())),
        );
    }
    let unevaluated = context.budget.skipped().iter();
    let replaced: PathSet = pieces.replaced.iter().chain(unevaluated).collect();
    let mut facts = pieces.facts;
    facts.extend(missing);
    let document = context.document.value();
    let mut undefined = Undefined::default();
    let is_own = |error: &ValidationError| error.message.starts_with(SELF_DEPENDENCY);
    let depends_on_itself = errors.iter().any(is_own);
    for mut error in errors {
        pieces.names.restore(&mut error);
        let path = renames.written(Path::from_model(&error.path));
        let is_lost = place::refers_to_one_of(&error, &pieces.lost_parameters);
        // The model evaluates the `let` of a step for its parameter space too, and repeats its errors there.
        let is_repeated = error.message.starts_with("let binding '");
        // The model says of a list of words that one of them is wrong, not which.
        let is_list = matches!(path.last_key(), Some("anyOf" | "allOf"));
        if is_repeated
            || replaced.covers(&path)
            || is_list && replaced.has_within(&path)
            || undefined.take(&context.expressions, document, &path, &error)
        {
            continue;
        }
        let found = match path.segments() {
            [] if error.message.contains("contain a cycle") => {
                let circles = cycles::facts(document);
                // Of a step that depends on itself, the model says so.
                match circles.is_empty() && !depends_on_itself {
                    true => place::facts(&context.expressions, document, &path, &error),
                    false => circles,
                }
            }
            _ if error.message.starts_with(SELF_DEPENDENCY) => {
                let message = "a step cannot depend on itself";
                vec![Fact::rejected(Place::Value(path.key("dependsOn")), message)]
            }
            _ => place::facts(&context.expressions, document, &path, &error),
        };
        // The path of the model may be that of what holds the part.
        let is_of_interest = |fact: &Fact<'_>| {
            !replaced.covers(fact.place.path())
                && (!renamed.covers(&path) || fact.is_in_expression())
        };
        if !is_lost {
            let found = found.into_iter().filter(is_of_interest);
            facts.extend(found.map(|fact| place::of_repeated(context.document, fact)));
        }
    }
    undefined.ask(context.kind, &value, &renames);
    facts.extend(undefined.facts(document, &pieces.lost_parameters));
    facts.splice(0..0, complex::facts(context));
    facts.extend(names::facts(context));
    drop_missing_files(&mut facts);
    let mut base = Base {
        facts,
        sound: value,
        lost_parameters: pieces.lost_parameters,
        renamed,
    };
    base.drop_repeated(structural);
    base
}

/// Drops what the model says of a reference to an embedded file that there is not, where it also calls it undefined.
fn drop_missing_files(facts: &mut Vec<Fact<'_>>) {
    let files = facts.iter().filter_map(|fact| match &fact.kind {
        FactKind::Undefined(unknown) => unknown.name.split_once(".File."),
        _ => None,
    });
    let files: HashSet<String> = files.map(|(_, file)| file.to_owned()).collect();
    facts.retain(|fact| {
        let FactKind::Rejected { message } = &fact.kind else {
            return true;
        };
        let file = message.strip_prefix("references undefined embedded file '");
        let file = file.and_then(|rest| rest.split('\'').next());
        !file.is_some_and(|file| files.contains(file))
    });
}

/// Places of the structural facts.
struct Said {
    all: PathSet,
    /// Without those on fields that an object lacks.
    present: PathSet,
    is_on_a_field_of_the_root: bool,
    /// The objects with a key that is another word for a field of theirs, and all fields that may be meant.
    renamed: HashMap<Path, Vec<String>>,
}

impl Said {
    fn of(structural: &[Fact<'_>], renamed: &PathSet) -> Self {
        let is_present = |fact: &&Fact<'_>| {
            !matches!(fact.kind, FactKind::MissingField { .. })
                && !renamed.covers(fact.place.path())
        };
        let path = |fact: &'_ Fact<'_>| fact.place.path().clone();
        let present: Vec<_> = structural.iter().filter(is_present).map(path).collect();
        let mut all: Vec<_> = structural.iter().map(path).collect();
        all.extend(structural.iter().flat_map(Fact::covered_fields).cloned());
        let mut renamed: HashMap<_, Vec<_>> = HashMap::new();
        for (owner, meant) in structural.iter().filter_map(Fact::meant_fields) {
            renamed.entry(owner).or_default().extend(meant);
        }
        Self {
            is_on_a_field_of_the_root: all.iter().any(|path| path.segments().len() <= 1),
            all: all.iter().collect(),
            present: present.iter().collect(),
            renamed,
        }
    }

    /// Returns true if a structural fact at, above or below the place covers `fact`. Everything is
    /// below the root: an error there is only covered by a fact on one of the root's own fields. A
    /// field that an object lacks covers neither the expressions that it has nor the extension that it needs.
    fn covers(&self, fact: &Fact<'_>) -> bool {
        let path = fact.place.path();
        let needs_extension = matches!(fact.kind, FactKind::NeedsExtension(_));
        let is_below = match fact.is_in_expression() || needs_extension {
            true => self.present.covers(path),
            false => self.all.covers(path),
        };
        let is_above = match path.segments() {
            [] => self.is_on_a_field_of_the_root,
            _ if needs_extension => self.present.has_within(path),
            _ => self.all.has_within(path),
        };
        is_above || is_below || self.follows_from_a_name(fact)
    }

    /// Returns true if `fact` asks an object for a field that it has by another name.
    fn follows_from_a_name(&self, fact: &Fact<'_>) -> bool {
        let FactKind::Rejected { message } = &fact.kind else {
            return false;
        };
        if !message.contains("must have ") && !message.contains("must define ") {
            return false;
        }
        let names: Vec<_> = message.split(|c: char| !c.is_alphanumeric()).collect();
        let path = fact.place.path();
        let owners = [Some(path.clone()), path.parent()].into_iter().flatten();
        owners
            .filter_map(|owner| self.renamed.get(&owner))
            .flatten()
            .any(|field| names.contains(&field.as_str()))
    }
}

/// The errors of a value that decodes, or why it does not.
fn decode(kind: TemplateKind, value: Value) -> Result<Vec<ValidationError>, ModelError> {
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
    match error {
        Some(None) => Ok(Vec::new()),
        Some(Some(ModelError::ModelValidation(errors))) => Ok(errors.errors),
        Some(Some(other)) => Err(other),
        None => Ok(whole(
            "openjd-model fails on this template, and so do the tools that use it".to_owned(),
        )),
    }
}

/// An error of the template as a whole.
fn whole(message: String) -> Vec<ValidationError> {
    vec![ValidationError {
        path: Vec::new(),
        message,
        detail: None,
    }]
}
