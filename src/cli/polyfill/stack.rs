//! The templates to compile, checked together.

use super::Arguments;
use crate::cli::files::{self, Input};
use crate::cli::{Status, Streams, templates};
use crate::report;
use openjd_monitor_core::lint::{self, Around, Level, Settings};
use openjd_monitor_core::polyfill::Template;
use openjd_monitor_core::template::{Document, Loaded, TemplateKind, limits, load};
use std::io;
use std::slice;
use std::sync::Arc;

/// The templates, outermost first.
pub(super) struct Stack {
    pub layers: Vec<Layer>,
}

/// A template of the stack.
pub(super) struct Layer {
    pub input: Input,
    pub document: Document,
    pub kind: TemplateKind,
    /// Name of the file, without its folder.
    pub file: String,
}

impl Stack {
    /// Reads and checks the templates; otherwise reports the reason and returns the status to end with.
    pub fn read(
        arguments: &Arguments,
        streams: &mut Streams<'_>,
    ) -> io::Result<Result<Self, Status>> {
        let mut layers: Vec<Layer> = Vec::new();
        let mut invalid = Vec::new();
        let mut settings = Settings::default();
        let paths = arguments.environment.iter().chain([&arguments.path]);
        for (index, path) in paths.enumerate() {
            if path.is_dir() {
                let path = path.display();
                streams.error(format_args!("`{path}` is a folder: name a template"))?;
                return Ok(Err(Status::Usage));
            }
            let Some(input) = files::find(slice::from_ref(path), None).inputs.pop() else {
                return Ok(Err(Status::Failure));
            };
            let bytes = match input.read(limits::DEFAULT_MAX_BYTES) {
                Ok(bytes) => bytes,
                Err(error) => {
                    let name = &input.name;
                    streams.error(format_args!("cannot read `{name}`: {error}"))?;
                    return Ok(Err(Status::Failure));
                }
            };
            let checked = lint::check(&bytes, input.syntax, &settings);
            let findings = checked.found.unwrap_or_default().findings;
            if findings.iter().any(|finding| finding.level == Level::Error) {
                let name = input.name.clone();
                invalid.push(report::Template::new(name, checked.source, findings));
                continue;
            }
            let Loaded::Document(document) = load(&bytes, input.syntax, limits::DEFAULT_MAX_BYTES)
            else {
                return refuse(&input, "is no template", streams);
            };
            let Some(kind) = TemplateKind::of(&document) else {
                return refuse(&input, "is no template", streams);
            };
            if index < arguments.environment.len() && kind == TemplateKind::Job {
                return refuse(&input, "is not an environment template", streams);
            }
            settings.around.push(Around {
                file: input.name.clone(),
                template: Arc::new(document.value().clone()),
            });
            let file = path.file_name().filter(|_| !input.is_stdin());
            let file = file.map(|name| name.to_string_lossy().into_owned());
            layers.push(Layer {
                file: file.unwrap_or_else(|| "standard input".to_owned()),
                input,
                document: *document,
                kind,
            });
        }
        if invalid.is_empty() {
            return Ok(Ok(Self { layers }));
        }
        templates::show_errors(invalid, streams)?;
        Ok(Err(Status::Usage))
    }

    /// Returns the templates to compile.
    pub fn templates(&self) -> Vec<Template<'_>> {
        let layers = self.layers.iter();
        let templates = layers.map(|layer| Template {
            document: &layer.document,
            kind: layer.kind,
            name: &layer.file,
        });
        templates.collect()
    }
}

fn refuse(
    input: &Input,
    reason: &str,
    streams: &mut Streams<'_>,
) -> io::Result<Result<Stack, Status>> {
    streams.error(format_args!("`{}` {reason}", input.name))?;
    Ok(Err(Status::Usage))
}
