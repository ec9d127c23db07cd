//! `openjd-monitor rules`.

use super::{Status, Streams};
use crate::report;
use openjd_monitor_core::lint::RULES;
use serde_json::json;
use std::io::{self, Write};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The list's format
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    match arguments.format {
        Format::Text => {
            let width = RULES
                .iter()
                .map(|rule| rule.id.len())
                .max()
                .unwrap_or_default();
            let links = supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout);
            for rule in RULES {
                let id = report::rule_id(rule, links);
                let gap = width - rule.id.len() + 2;
                let level = rule.level.name();
                writeln!(
                    streams.out.raw()?,
                    "{id}{:gap$}{level:7}  {}",
                    "",
                    rule.summary
                )?;
            }
        }
        Format::Json => {
            let rules = RULES.map(|rule| {
                json!({
                    "id": rule.id,
                    "level": rule.level.name(),
                    "summary": rule.summary,
                    "clauses": rule.clauses,
                    "helpUri": rule.uri(),
                })
            });
            serde_json::to_writer_pretty(
                &mut *streams.out,
                &json!({"version": 1, "rules": rules.as_slice()}),
            )?;
            writeln!(streams.out)?;
        }
    }
    Ok(Status::Clean)
}
