//! The options of a new monitor, for the commands that write one.

use openjd_monitor_core::template::defaults::PERIOD_FLOOR;

#[derive(Debug, clap::Args)]
pub(super) struct Pace {
    /// The time from check to check
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(PERIOD_FLOOR..))]
    period: u32,

    /// The number of failures in a row that end an action
    #[arg(long, value_name = "NUMBER", default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    failures: u32,
}

impl Pace {
    pub fn period(&self) -> i64 {
        self.period.into()
    }

    pub fn failures(&self) -> i64 {
        self.failures.into()
    }
}
