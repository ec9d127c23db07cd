//! `openjd-monitor explain`.

use super::{Status, Streams};
use openjd_monitor_core::lint::{RULES, nearest_rule};
use std::io::{self, Write};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The rule's id, as in a report or in `openjd-monitor rules`
    #[arg(value_name = "RULE")]
    rule: String,
}

pub(super) fn run(arguments: &Arguments, streams: &mut Streams<'_>) -> io::Result<Status> {
    let id = &arguments.rule;
    if let Some(rule) = RULES.iter().find(|rule| rule.id == id) {
        write!(streams.out, "{}", rule.page())?;
        return Ok(Status::Clean);
    }
    let help = match nearest_rule(id) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`openjd-monitor rules` lists them".to_owned(),
    };
    streams.error(format_args!("there is no rule `{id}`; {help}"))?;
    Ok(Status::Usage)
}
