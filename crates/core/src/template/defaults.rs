//! Numbers of the specification that the linter and the executor share.

/// The lowest `period`, in seconds (SCH-6). The schema has it as `minimum`.
pub const PERIOD_FLOOR: i64 = 5;

/// The timeout of an action in an exit slot that gives none, in seconds (SES-7).
pub const EXIT_TIMEOUT: i64 = 300;
