//! Cases as files in the layout of the base specification's own conformance tests.

/// File of a case, `<section>--<description>[.invalid][.test].<ending>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseFile {
    /// Name of the file.
    pub name: &'static str,
    /// Folder of such files: `env_templates`, `job_templates` or `jobs`.
    pub folder: &'static str,
    /// Text of the file.
    pub text: &'static str,
}

impl CaseFile {
    /// Returns the permanent name of the case: the description in the file name.
    pub fn id(&self) -> &'static str {
        let description = self
            .name
            .split_once("--")
            .map_or(self.name, |(_, rest)| rest);
        description
            .split_once('.')
            .map_or(description, |(id, _)| id)
    }

    /// Returns true if the template or job must be refused.
    pub fn is_invalid(&self) -> bool {
        self.name.contains(".invalid.")
    }

    /// Returns the ids of the clauses that the case tests. The first comment of the file, or its description in JSON,
    /// starts with them.
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
