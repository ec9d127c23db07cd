//! All integration tests, as one binary.

mod cli;
mod comparison;
mod docs;
mod fixtures;
mod mutants;
mod positions;
mod reports;
mod rules;
mod schemas;
mod specification;
mod structure;
mod support;
