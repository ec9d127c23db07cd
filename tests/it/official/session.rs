//! The part of a Session's history that can be compared between runtimes.

use std::collections::BTreeMap;

/// Prefix of the names of the variables that a Session sets.
pub const OWN: &str = "V_";
/// The arguments before and after what `WrappedAction.Environment` lists.
pub const LISTED: [&str; 2] = ["<", ">"];

/// An action that ran.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    pub command: String,
    pub args: Vec<String>,
    pub variables: BTreeMap<String, String>,
    /// Files named by its arguments: path, content, and `true` if executable.
    pub files: Vec<(String, String, bool)>,
    pub end: String,
    /// `true` if it was asked to end and reacts to that.
    pub was_notified: bool,
    /// Failure message, if the action failed.
    pub fail_message: Option<String>,
    /// The last status while it ran.
    pub status: Option<String>,
}

/// The actions that ran, in order, and the result of the Session.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Session {
    pub runs: Vec<Run>,
    pub is_success: bool,
}

impl Session {
    /// Applies `normal` to every text, and sorts lists whose order the specification leaves open.
    pub fn normalized(mut self, normal: &dyn Fn(&str) -> String) -> Self {
        for run in &mut self.runs {
            for text in run.args.iter_mut().chain(run.variables.values_mut()) {
                *text = normal(text);
            }
            for (path, data, _) in &mut run.files {
                (*path, *data) = (normal(path), normal(data));
            }
            let [before, after] = LISTED.map(|mark| run.args.iter().position(|arg| arg == mark));
            if let (Some(before), Some(after)) = (before, after) {
                run.args[before..after].sort();
            }
        }
        self
    }
}

/// Replaces every run of `count` matching characters after `before`.
pub fn replace_after(
    text: &str,
    before: &str,
    length: impl Fn(&str) -> Option<usize>,
    by: &str,
) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(before) {
        let (head, tail) = rest.split_at(at + before.len());
        out.push_str(head);
        rest = match length(tail) {
            Some(length) => {
                out.push_str(by);
                &tail[length..]
            }
            None => tail,
        };
    }
    out + rest
}
