//! The options that name an adapter.

use crate::conformance::Runtime;
use std::time::Duration;

#[derive(Debug, clap::Args)]
pub(super) struct AdapterArguments {
    /// The command line of the adapter, as a POSIX shell splits it
    #[arg(long, value_name = "COMMAND", value_parser = words)]
    adapter: Words,

    /// How long the adapter may take to answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10)]
    timeout: u64,
}

#[derive(Debug, Clone)]
struct Words(Vec<String>);

fn words(text: &str) -> Result<Words, String> {
    match shlex::split(text) {
        Some(words) if !words.is_empty() => Ok(Words(words)),
        Some(_) => Err("no command".to_owned()),
        None => Err("a quote is not closed".to_owned()),
    }
}

impl AdapterArguments {
    pub fn command(&self) -> &[String] {
        &self.adapter.0
    }

    pub fn limit(&self) -> Duration {
        Duration::from_secs(self.timeout)
    }

    pub fn runtime(&self) -> Runtime {
        Runtime::new(self.command().to_vec(), self.limit())
    }
}
