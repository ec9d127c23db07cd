//! The syntaxes of templates.

/// Syntax of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// YAML 1.2, read as `openjd-model` reads it.
    Yaml,
    /// JSON (RFC 8259).
    Json,
}

impl Syntax {
    /// The syntax that a file of this name is read with: JSON for `.json`, YAML for all others, as
    /// the official command line has it.
    pub fn of_file(name: &std::path::Path) -> Self {
        match name.extension() {
            Some(extension) if extension == "json" => Self::Json,
            _ => Self::Yaml,
        }
    }
}
