//! All integration tests, as one binary.

mod adapters;
mod baseline;
mod cli;
mod comparison;
mod config;
mod conformance;
mod corpus;
mod docs;
mod edits;
mod fixes;
mod fixtures;
mod formats;
mod generated;
mod lies;
mod mutants;
#[cfg(unix)]
mod official;
mod oracle;
mod outputs;
mod packaging;
mod positions;
mod protocol;
mod reports;
mod rules;
mod scale;
mod scenarios;
mod schemas;
mod simulate;
mod specification;
mod structure;
mod support;
mod suppressions;
mod timeline;
mod usage;
