//! All integration tests, as one binary.
#[cfg(unix)]
mod adapters;
mod add_monitor;
#[cfg(unix)]
mod agreement;
mod backslashes;
mod baseline;
mod cli;
mod comparison;
mod config;
mod conformance;
mod corpus;
mod definitions;
mod describe;
mod docs;
mod edits;
mod effects;
mod export;
mod fixes;
mod fixtures;
mod formats;
#[path = "../../fuzz/src/lib.rs"]
mod fuzz;
#[cfg(unix)]
mod fuzzing;
mod generated;
mod indentation;
mod init;
mod json_mistakes;
mod kill_matrix;
mod lies;
mod lsp;
mod mistakes;
mod mutants;
mod official;
mod oracle;
mod outputs;
#[cfg(unix)]
mod overwriting;
mod packaging;
#[cfg(target_os = "linux")]
mod polyfill;
mod positions;
mod process_cases;
mod protocol;
mod reports;
#[cfg(target_os = "linux")]
mod robustness;
mod rules;
#[cfg(unix)]
mod run;
mod scale;
mod scenarios;
mod schemas;
mod schemastore;
mod simulate;
mod simulate_template;
mod slips;
mod specification;
mod stack;
mod structure;
#[cfg(unix)]
mod studio;
mod support;
mod suppressions;
mod template_cases;
mod text;
mod timeline;
mod unreadable;
mod usage;
mod validation;
mod vscode;
