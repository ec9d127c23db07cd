//! Tests of `polyfill`: what templates are compiled to, and the supervisors, with real processes and the real clock.

mod compile;
mod docs;
mod faults;
mod native;
mod official;
mod outputs;
mod packed;
mod property;
mod refusals;
mod runtime;
mod scenarios;
mod supervisor;
