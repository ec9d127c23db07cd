//! All integration tests, as one binary.

mod cli;
mod docs;
mod fixtures;
mod positions;
mod reports;
mod rules;
mod support;
