//! Cases that are files in the layout of the base specification's own conformance tests.

/// A case by its file, `<section>--<description>[.invalid][.test].<ending>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseFile {
    /// The name of the file.
    pub name: &'static str,
    /// The folder that the base specification's tests have for such files: `env_templates`, `job_templates` or
    /// `jobs`.
    pub folder: &'static str,
    /// The text of the file.
    pub text: &'static str,
}

impl CaseFile {
    /// The permanent name of the case: the description.
    pub fn id(&self) -> &'static str {
        let description = self
            .name
            .split_once("--")
            .map_or(self.name, |(_, rest)| rest);
        description
            .split_once('.')
            .map_or(description, |(id, _)| id)
    }

    /// Whether what the file has must be refused.
    pub fn is_invalid(&self) -> bool {
        self.name.contains(".invalid.")
    }

    /// The clauses that the case is about. The comment on top of the file, or in JSON its description, starts
    /// with them.
    pub fn clauses(&self) -> Vec<String> {
        let in_json = || {
            self.text
                .split_once("\"description\": \"")
                .map(|(_, text)| text)
        };
        let head = self.text.strip_prefix("# ").or_else(in_json);
        let clauses = head.and_then(|head| head.split_once(':'));
        clauses.map_or_else(Vec::new, |(clauses, _)| {
            clauses.split(", ").map(str::to_owned).collect()
        })
    }
}
