//! Real templates, templates that use every field, and mutants of both: `check` must accept exactly what the official
//! model accepts.

use crate::support::{Random, root, variable};
use crate::validation::{self, complete};
use openjd_model::template::parse::{DocumentType, document_string_to_object};
use openjd_model::{CallerLimits, ModelError, decode_environment_template, decode_job_template};
use openjd_monitor_core::lint::{self, Finding, Level};
use openjd_monitor_core::schema::{ENVIRONMENT_TEMPLATE, JOB_TEMPLATE};
use openjd_monitor_core::template::Syntax;
use serde_json::{Value, json};
use std::path::Path;

/// Folder of other projects' templates, used if it exists.
const CORPUS: &str = "../shared/corpus";
/// The seed and the number of mutants, unless the environment has `SEED` and `MUTANTS`.
const SEED: usize = 2023;
const MUTANTS: usize = 4000;
const EXTENSIONS: &str = "EXPR FEATURE_BUNDLE_1 REDACTED_ENV_VARS TASK_CHUNKING WRAP_ACTIONS";
/// Replacement values, including texts that may be read as numbers.
const VALUES: &str = r#"[null, true, false, -1, 0, 1, 2, 16, 17, 50, 600, 601, 5.0, 0.5, -0.0,
    1e300, 9223372036854775807, 18446744073709551615, -9223372036854775808, [], {}, [[]], [{}],
    [null], ["x"], {"x": null}, "", "x", "{{Param.X}}", "10", "010", "+5", "-5", "-0", "0", " 7\n",
    "1.5", "1e3", ".5", "5.", "inf", "NaN", "1_0", "600", "601", "99999999999999999999"]"#;
/// Characters added to the start or end of a text: white space, control characters, letters, syntax.
const STRANGE: &str = "\t\n\0\u{85}\u{a0}\u{17f}\u{212a}\u{feff}é٣{}./\\ =-:[]*";
/// Lengths of lists and texts: short, and on either side of every limit.
const LENGTHS: &[usize] = &[
    0, 1, 2, 16, 17, 20, 21, 50, 51, 64, 65, 100, 101, 128, 129, 200, 201, 256, 257, 512, 513,
    1024, 1025, 1280, 1281, 2048, 2049,
];

/// Every template below a directory, as the model's own YAML reader reads it.
pub fn templates(directory: &Path) -> Vec<Value> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.ends_with("fixtures/lint/syntax") {
            // These are not well-formed.
        } else if path.is_dir() {
            found.extend(templates(&path));
        } else if path.extension().is_some_and(|e| e == "yaml") {
            let text = std::fs::read_to_string(&path).expect("readable");
            let read = document_string_to_object(&text, DocumentType::Yaml, &Default::default());
            found.push(read.unwrap_or_else(|error| panic!("{}: {error}", path.display())));
        }
    }
    found
}

fn is_job(template: &Value) -> bool {
    template["specificationVersion"] != "environment-2023-09"
}

fn decode(template: &Value) -> Result<(), ModelError> {
    let (value, known) = (template.clone(), EXTENSIONS.split(' ').collect::<Vec<_>>());
    if is_job(template) {
        decode_job_template(value, Some(&known), &CallerLimits::default()).map(drop)
    } else {
        decode_environment_template(value, Some(&known)).map(drop)
    }
}

/// JSON pointers of all values except the root and those whose pointer would need escaping.
fn pointers(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, v)| (key.clone(), v)).collect(),
        Value::Array(list) => (0..list.len()).map(|i| (i.to_string(), &list[i])).collect(),
        _ => Vec::new(),
    };
    let mut all = Vec::new();
    for (key, child) in children.iter().filter(|(key, _)| !key.contains(['/', '~'])) {
        let below = pointers(child).into_iter();
        all.extend(below.map(|pointer| format!("/{key}{pointer}")));
        all.push(format!("/{key}"));
    }
    all
}

/// Every key and every short text: mutants use each where it does not belong.
fn words(template: &Value) -> Vec<String> {
    let mut words = Vec::new();
    for pointer in pointers(template) {
        let text = template.pointer(&pointer).and_then(Value::as_str);
        words.extend(text.filter(|text| text.len() < 60).map(str::to_owned));
        words.extend(pointer.rsplit('/').next().map(str::to_owned));
    }
    words
}

struct Mutator {
    random: Random,
    words: Vec<String>,
    values: Vec<Value>,
    seeds: Vec<Value>,
}

impl Mutator {
    /// A seed with one mutation, or rarely two.
    fn mutant(&mut self) -> Value {
        let mut template = self.random.pick(&self.seeds);
        for _ in 0..self.random.pick(&[1, 1, 1, 2, 2]) {
            self.mutate(&mut template);
        }
        template
    }

    fn mutate(&mut self, template: &mut Value) {
        let all = pointers(template);
        let pointer = self.random.pick(&all);
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer has a slash");
        let donor = template.pointer(&self.random.pick(&all)).cloned();
        match (self.random.below(10), donor) {
            (0, _) => {
                let mut names: Vec<_> = EXTENSIONS.split(' ').collect();
                names.retain(|_| self.random.below(3) > 0);
                template["extensions"] = json!(names);
            }
            (1..4, _) => self.change_keys(template.pointer_mut(parent).expect("exists"), key),
            (4, Some(donor)) => *template.pointer_mut(&pointer).expect("exists") = donor,
            _ => {
                let value = template.pointer_mut(&pointer).expect("exists");
                *value = self.changed(value);
            }
        }
    }

    /// Removes, renames or adds a member.
    fn change_keys(&mut self, container: &mut Value, key: &str) {
        match (container, self.random.below(3)) {
            (Value::Object(map), 0) => drop(map.remove(key)),
            (Value::Object(map), 1) => {
                let value = map.remove(key).expect("exists");
                map.insert(self.changed_text(key), value);
            }
            (Value::Object(map), _) => {
                let value = self.random.pick(&self.values);
                map.insert(self.random.pick(&self.words), value);
            }
            (Value::Array(list), 0) => drop(list.remove(key.parse().expect("an index"))),
            (Value::Array(list), _) => list.push(self.random.pick(&self.values)),
            _ => {}
        }
    }

    fn changed(&mut self, value: &Value) -> Value {
        match (self.random.below(8), value) {
            (0, Value::Array(_)) => json!({ "x": value }),
            (0, _) => json!([value]),
            (1, Value::Object(map)) => map.values().cloned().collect(),
            (1, Value::String(name)) => json!({ name: null }),
            (1, _) => json!(value.to_string()),
            (2..4, _) => self.random.pick(&self.values),
            (4, _) => json!(self.random.pick(&self.words)),
            (_, Value::Array(list)) => {
                let repeated = list.iter().cycle().take(self.random.pick(LENGTHS));
                repeated.cloned().collect()
            }
            (_, Value::String(text)) => json!(self.changed_text(text)),
            _ => self.random.pick(&self.values),
        }
    }

    fn changed_text(&mut self, text: &str) -> String {
        let strange: Vec<char> = STRANGE.chars().collect();
        let (strange, length) = (self.random.pick(&strange), self.random.pick(LENGTHS));
        match self.random.below(6) {
            0 => text.to_lowercase(),
            1 => text.to_uppercase(),
            2 => format!("{strange}{text}"),
            3 => format!("{text}{strange}"),
            4 => text.chars().cycle().take(length).collect(),
            _ => self.random.pick(&self.words),
        }
    }
}

fn mutator(seeds: Vec<Value>) -> Mutator {
    Mutator {
        random: Random::new(variable("SEED", SEED) as u64),
        words: seeds.iter().flat_map(words).collect(),
        values: serde_json::from_str(VALUES).expect("JSON"),
        seeds,
    }
}

/// The template without `onMonitor` and `MONITOR`.
fn without_monitor(template: &Value) -> Value {
    let mut template = template.clone();
    let mut environments: Vec<&mut Value> = Vec::new();
    let Value::Object(root) = &mut template else {
        return template;
    };
    for (key, value) in root.iter_mut() {
        match (key.as_str(), value) {
            ("environment", value) => environments.push(value),
            ("jobEnvironments", Value::Array(list)) => environments.extend(list),
            ("steps", Value::Array(steps)) => {
                let lists = steps
                    .iter_mut()
                    .filter_map(|step| step.get_mut("stepEnvironments")?.as_array_mut());
                environments.extend(lists.flatten());
            }
            ("extensions", Value::Array(list)) => list.retain(|name| name != "MONITOR"),
            _ => {}
        }
    }
    for environment in environments {
        if let Some(Value::Object(actions)) = environment.pointer_mut("/script/actions") {
            actions.remove("onMonitor");
        }
    }
    if root.get("extensions") == Some(&json!([])) {
        root.remove("extensions");
    }
    template
}

/// The errors that `check` finds; templates of another revision are not checked.
fn errors(template: &Value) -> Option<Vec<Finding>> {
    let bytes = serde_json::to_vec(template).expect("JSON");
    let checked = lint::check(&bytes, Syntax::Json, &lint::Settings::default());
    let mut findings = checked.found?.findings;
    findings.retain(|finding| finding.level == Level::Error);
    Some(findings)
}

/// Returns `true` for an integer beyond 64 bits, which the model silently changes and `check` refuses.
fn is_beyond_64_bits(finding: &Finding) -> bool {
    finding.message.contains("must be a 64-bit integer")
}

/// Verdict of the official model. A panic counts as a rejection.
fn is_accepted(template: &Value) -> bool {
    matches!(std::panic::catch_unwind(|| decode(template)), Ok(Ok(())))
}

#[test]
fn check_agrees_with_the_model() {
    let own = [
        "fixtures/templates",
        "fixtures/lint",
        "docs/examples",
        CORPUS,
    ];
    let seeds: Vec<_> = own
        .iter()
        .flat_map(|folder| templates(&root().join(folder)))
        .collect();
    assert!(seeds.len() > 50);
    let mut mutator = mutator(seeds.clone());
    let mutants = std::iter::repeat_with(|| mutator.mutant()).take(variable("MUTANTS", MUTANTS));
    let mut counts = [0; 2];
    for template in seeds.into_iter().chain(mutants) {
        let Some(errors) = errors(&template) else {
            continue;
        };
        let base = without_monitor(&template);
        let is_accepted = is_accepted(&base);
        counts[usize::from(is_accepted)] += 1;
        if !is_accepted {
            assert!(
                !errors.is_empty(),
                "the model rejects it, and check does not\n{template:#}"
            );
        } else if base == template {
            assert!(
                errors.iter().all(is_beyond_64_bits),
                "the model accepts it, and check does not\n{template:#}"
            );
        }
    }
    assert!(counts.into_iter().all(|count| count > 500), "{counts:?}");
}

/// Prints the share of the structurally invalid mutants that the schemas reject, too
/// (`cargo test mutants -- --nocapture`).
#[test]
#[expect(clippy::print_stdout, reason = "a figure for people, shown on request")]
fn whatever_the_model_accepts_the_schemas_accept() {
    let own = ["fixtures/templates", CORPUS];
    let seeds: Vec<_> = own
        .iter()
        .flat_map(|folder| templates(&root().join(folder)))
        .collect();
    let mut mutator = mutator(seeds.clone());
    let mutants = std::iter::repeat_with(|| mutator.mutant()).take(variable("MUTANTS", 10_000));
    let (job, environment) = (complete(&JOB_TEMPLATE), complete(&ENVIRONMENT_TEMPLATE));
    let (mut found, mut missed) = (0, 0);
    for template in seeds.into_iter().chain(mutants) {
        let schema = if is_job(&template) {
            &JOB_TEMPLATE
        } else {
            &ENVIRONMENT_TEMPLATE
        };
        let complete = if is_job(&template) {
            &job
        } else {
            &environment
        };
        let mistake = validation::same_violations(schema, complete, &template).pop();
        match std::panic::catch_unwind(|| decode(&template)) {
            Ok(Ok(())) => assert_eq!(mistake, None, "{template:#}"),
            Ok(Err(ModelError::DecodeValidation(_))) if mistake.is_some() => found += 1,
            Ok(Err(ModelError::DecodeValidation(_))) => missed += 1,
            _ => {}
        }
    }
    println!(
        "rejected for structure by the model: {}, by the schemas too: {found}",
        found + missed
    );
    assert!(found > 1000 && f64::from(found) / f64::from(found + missed) > 0.98);
}
