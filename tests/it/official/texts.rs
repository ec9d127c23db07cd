//! Building blocks of random Sessions: parameters, format strings, and lines that processes write.

use serde_json::{Map, Value, json};

/// Format strings that are valid everywhere.
pub const COMMON: &[&str] = &[
    "plain",
    "",
    "two words",
    "{{Param.Text}}",
    "{{RawParam.Text}}",
    "n={{Param.Int}}",
    "{{ Param.Int + 1 }}",
    "{{Param.Float}}",
    "{{RawParam.Float}}",
    "{{Param.Path}}",
    "{{RawParam.Path}}",
    "{{ Param.Path.name }}",
    "{{Param.Bool}}",
    "{{ repr_sh(Param.Text) }}",
    "{{ Param.Text.upper() }}",
    "{{Session.WorkingDirectory}}",
    "{{ Session.WorkingDirectory / 'sub' }}",
    "{{ 'many' if Param.Int > 3 else 'few' }}",
];
/// Format strings that are valid everywhere but in `variables`, where the official runtime wrongly refuses them.
pub const RULES: [&str; 2] = [
    "{{Session.HasPathMappingRules}}",
    "{{Session.PathMappingRulesFile}}",
];
/// Format strings that are valid only as an element of `args`: they resolve to a list or null.
pub const LISTS: &[&str] = &[
    "{{Param.Texts}}",
    "{{Param.Ints}}",
    "{{Param.Floats}}",
    "{{Param.Paths}}",
    "{{Param.Bools}}",
    "{{ Param.Texts + ['last'] }}",
    "{{ [x * 2 for x in Param.Ints] }}",
    "{{ null }}",
    "{{ 'some' if Param.Int > 3 else null }}",
];
/// Format string that fails to resolve.
pub const FAILING: &str = "{{ int(Param.Text) }}";
/// The value that a line below declares as a secret.
pub const SECRET: &str = "hunter2";
/// Lines that processes write.
pub const LINES: &[&str] = &[
    "plain",
    "",
    "openjd_status: working",
    "openjd_status: done  ",
    "openjd_status: the hunter2 it is",
    "openjd_status:none",
    "openjd_progress: 50",
    "openjd_env: V_SET=one",
    "openjd_env: V_SET=two words = more",
    "openjd_env: V_OTHER={{Param.Text}}",
    "openjd_env: V_EMPTY=",
    "openjd_env: \"V_LINES=first\\nsecond\"",
    "openjd_unset_env: V_SET",
    "openjd_unset_env: V_STATIC",
    "openjd_redacted_env: V_SECRET=hunter2",
    "openjd_redacted_env: V_SET=three",
    "openjd_unset_env: V_SECRET",
    " openjd_status: indented",
];
/// Lines that are malformed messages.
pub const MALFORMED: &[&str] = &[
    "openjd_env: nonsense",
    "openjd_env: 1A=2",
    "openjd_env:V_SET=1",
    "OPENJD_ENV: V_SET=1",
    " openjd_env: V_SET=1",
    "openjd_env: \"V_SET=1",
    "openjd_env: \"V_SET\"",
    "openjd_unset_env: A B",
    "openjd_unset_env:V_SET",
    "openjd_redacted_env: nonsense",
    "openjd_redacted_env: 1A=2",
    "openjd_redacted_env: \"V_SET=1",
    "openjd_redacted_env:V_SET=1",
];
pub const FAIL_LINE: &str = "openjd_fail: it is broken ";
pub fn extensions(is_redacting: bool) -> Vec<&'static str> {
    let mut all = vec!["EXPR", "FEATURE_BUNDLE_1", "TASK_CHUNKING", "WRAP_ACTIONS"];
    all.extend(is_redacting.then_some("REDACTED_ENV_VARS"));
    all
}

pub fn definitions() -> Value {
    json!([
        { "name": "Text", "type": "STRING", "default": "some text" },
        { "name": "Int", "type": "INT", "default": 3 },
        { "name": "Float", "type": "FLOAT", "default": "1.50" },
        { "name": "Path", "type": "PATH", "default": "default/path.txt" },
        { "name": "Bool", "type": "BOOL", "default": true },
        { "name": "Texts", "type": "LIST[STRING]", "default": ["a", "b c"] },
        { "name": "Ints", "type": "LIST[INT]", "default": [1, 2] },
        { "name": "Floats", "type": "LIST[FLOAT]", "default": [1.5, 2] },
        { "name": "Paths", "type": "LIST[PATH]", "default": ["p/q", "/r"] },
        { "name": "Bools", "type": "LIST[BOOL]", "default": [true, false] },
    ])
}

/// Values for some of the job parameters.
pub fn parameters() -> Map<String, Value> {
    let given = json!({
        "Text": "it's $HOME \"here\" é",
        "Int": 7,
        "Float": 2.5,
        "Path": "scenes/one.blend",
        "Bool": false,
        "Texts": ["x", "y z", ""],
        "Ints": [3],
        "Paths": ["/abs/one", "rel/two"],
    });
    given.as_object().cloned().unwrap_or_default()
}
