//! Tests of the supervisors of `polyfill`, with real processes and the real clock.

mod compile;
mod native;
mod runtime;
mod supervisor;
