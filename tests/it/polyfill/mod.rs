//! Tests of the supervisors of `polyfill`, with real processes and the real clock.

mod runtime;
mod supervisor;
