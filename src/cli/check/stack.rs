//! The environment templates around the jobs that are checked: `--environment`.

use crate::cli::files::Input;
use openjd_monitor_core::lint::{Around, Settings};
use openjd_monitor_core::simulate::{ReadError, read_template};
use openjd_monitor_core::template::{Loaded, TemplateKind, limits, load};
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

/// Environment templates, outermost first.
pub(super) struct Stack {
    layers: Vec<Layer>,
    /// Messages about files that are no environment templates.
    pub failures: Vec<String>,
}

struct Layer {
    input: Input,
    /// The template; `None` if it is not valid, which its own check reports.
    around: Option<Around>,
}

impl Stack {
    /// Reads the environment templates in these files.
    pub fn read(paths: &[PathBuf]) -> Self {
        let mut failures = Vec::new();
        let mut layers = Vec::new();
        for path in paths {
            let input = Input::file(path.clone());
            let around = match read_template(path, TemplateKind::Environment) {
                Ok(document) => Some(Around {
                    file: input.name.clone(),
                    template: Arc::new(document.value().clone()),
                }),
                Err(ReadError::Invalid(invalid)) => {
                    if kind_of(
                        invalid.source.text().as_bytes(),
                        &input,
                        limits::DEFAULT_MAX_BYTES,
                    ) != Some(TemplateKind::Environment)
                    {
                        failures.push(format!(
                            "--environment {}: this is not an environment template",
                            input.name
                        ));
                    }
                    None
                }
                // The check of the file says so.
                Err(ReadError::Io(_)) => None,
            };
            layers.push(Layer { input, around });
        }
        Self { layers, failures }
    }

    /// The files of the stack, each once.
    pub fn inputs(&self) -> impl Iterator<Item = &Input> {
        let layers = self.layers.iter().enumerate();
        let is_first = |(index, layer): &(usize, &Layer)| {
            let before = &self.layers[..*index];
            !before
                .iter()
                .any(|other| other.input.name == layer.input.name)
        };
        layers.filter(is_first).map(|(_, layer)| &layer.input)
    }

    /// Returns true if `input` is a file of the stack.
    pub fn has(&self, input: &Input) -> bool {
        self.position(input).is_some()
    }

    fn position(&self, input: &Input) -> Option<usize> {
        let mut layers = self.layers.iter();
        layers.position(|layer| !input.is_stdin() && layer.input.name == input.name)
    }

    /// Returns `settings` with what is around `input`: for an environment template of the stack those before it, for
    /// a job all of them.
    pub fn around<'s>(
        &self,
        input: &Input,
        bytes: &[u8],
        settings: &'s Settings,
    ) -> Cow<'s, Settings> {
        let is_job = || kind_of(bytes, input, settings.max_bytes) == Some(TemplateKind::Job);
        let layers = match self.position(input) {
            Some(index) => &self.layers[..index],
            None if !self.layers.is_empty() && is_job() => &*self.layers,
            None => &[],
        };
        let around: Vec<_> = layers
            .iter()
            .filter_map(|layer| layer.around.clone())
            .collect();
        match around.is_empty() {
            true => Cow::Borrowed(settings),
            false => Cow::Owned(Settings {
                around,
                ..settings.clone()
            }),
        }
    }
}

/// Returns the kind of template that a file says it is.
fn kind_of(bytes: &[u8], input: &Input, max_bytes: u64) -> Option<TemplateKind> {
    match load(bytes, input.syntax, max_bytes) {
        Loaded::Document(document) => TemplateKind::of(&document),
        Loaded::NoMapping(_) | Loaded::Malformed(..) => None,
    }
}
