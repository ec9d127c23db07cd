//! `openjd-monitor polyfill`.

mod outputs;
mod stack;

use super::{Status, Streams, templates};
use openjd_monitor_core::polyfill::{self, Options, Remark, Severity};
use openjd_monitor_core::simulate::any_template;
use openjd_monitor_core::template::{TemplateKind, limits, load};
use outputs::Outputs;
use stack::Stack;
use std::io::{self, Write};
use std::path::PathBuf;

/// Length of the longest environment template that AWS Deadline Cloud takes, in characters.
const MAX_QUEUE_ENVIRONMENT: usize = 15_000;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The template, or `-` for standard input
    #[arg(value_name = "TEMPLATE")]
    path: PathBuf,

    /// An environment template around it, which is compiled, too; repeatable, outermost first
    #[arg(long, value_name = "FILE")]
    environment: Vec<PathBuf>,

    /// Where to write: a folder, in which each template keeps its file name, or a file for one template. Without it, one
    /// template goes to standard output
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,

    /// The program that runs the checks
    #[arg(long, value_name = "SUPERVISOR", default_value = "python")]
    supervisor: Supervisor,

    /// Write nothing, and fail if a file is not what would be written
    #[arg(long, requires = "output")]
    check: bool,

    /// No template around those that are given has wrap hooks
    #[arg(long)]
    not_wrapped: bool,

    /// Accept monitors that can end an action of an exit slot, even after the Session has failed
    #[arg(long)]
    exit_overrides: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Supervisor {
    /// A script in the template, which needs Python 3.9 or later on Linux workers
    Python,
    /// The same script, compressed, for services that limit the size of a template
    Packed,
    /// `openjd-monitor` on the workers' PATH
    Native,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let stack = match Stack::read(arguments, streams)? {
        Ok(stack) => stack,
        Err(status) => return Ok(status),
    };
    let outputs = match Outputs::of(&stack, arguments.output.as_deref()) {
        Ok(outputs) => outputs,
        Err(error) => {
            streams.error(error)?;
            return Ok(Status::Usage);
        }
    };
    let options = Options {
        supervisor: match arguments.supervisor {
            Supervisor::Python => polyfill::Supervisor::Python,
            Supervisor::Packed => polyfill::Supervisor::Packed,
            Supervisor::Native => polyfill::Supervisor::Native,
        },
        is_whole: arguments.not_wrapped || !arguments.environment.is_empty(),
        exit_overrides: arguments.exit_overrides,
    };
    let compiled = polyfill::compile(&stack.templates(), &options);
    for remark in &compiled.remarks {
        say(remark, &stack, streams)?;
    }
    let Some(texts) = compiled.texts else {
        return Ok(Status::Findings);
    };
    for (layer, text) in stack.layers.iter().zip(&texts) {
        let loaded = load(
            text.as_bytes(),
            layer.input.syntax,
            limits::DEFAULT_MAX_BYTES,
        );
        if let Err(invalid) = any_template(loaded) {
            let name = format!("{}, compiled", layer.input.name);
            return templates::diagnose(&name, invalid, streams).map(|_| Status::Failure);
        }
        let length = text.chars().count();
        let is_changed = text != layer.document.source().text();
        if layer.kind == TemplateKind::Environment && is_changed && length > MAX_QUEUE_ENVIRONMENT {
            streams.note(format_args!(
                "{}: it is longer when compiled than the {MAX_QUEUE_ENVIRONMENT} characters that a queue environment of \
                 AWS Deadline Cloud may have{}",
                layer.input.name,
                match arguments.supervisor {
                    Supervisor::Python => "; see --supervisor packed",
                    Supervisor::Packed => "; see --supervisor native",
                    Supervisor::Native => "",
                }
            ))?;
        }
    }
    match (outputs, texts.as_slice()) {
        (Outputs::Stdout, [text]) => {
            streams.out.raw()?.write_all(text.as_bytes())?;
            streams.out.flush()?;
            Ok(Status::Clean)
        }
        (outputs, texts) if arguments.check => outputs.compare(texts, streams),
        (outputs, texts) => outputs.write(texts, streams),
    }
}

fn say(remark: &Remark, stack: &Stack, streams: &mut Streams<'_>) -> io::Result<()> {
    let layer = &stack.layers[remark.template];
    let at = layer.document.source().position(remark.span.start);
    let name = &layer.input.name;
    let message = format!("{name}:{}:{}: {}", at.line, at.column, remark.message);
    match remark.severity {
        Severity::Note => streams.note(message),
        Severity::Warning => streams.warning(message),
        Severity::Refusal => streams.error(message),
    }
}
