//! Tests of the supervisors of `polyfill`, with real processes and the real clock.

mod compile;
mod runtime;
mod supervisor;
