//! The schemas for catalogues of schemas: those of `schema/`, in the draft that every editor knows.

use crate::mutants::templates;
use crate::support::{generated, read, root};
use jsonschema::Validator;
use openjd_monitor_core::schema::{CONFIG, ENVIRONMENT_TEMPLATE, JOB_TEMPLATE};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// Keywords with a schema for each name.
const MAPS: [&str; 4] = ["$defs", "definitions", "properties", "patternProperties"];

/// Keywords with a schema, or with a list of them.
const SCHEMAS: [&str; 13] = [
    "additionalItems",
    "additionalProperties",
    "allOf",
    "anyOf",
    "contains",
    "else",
    "if",
    "items",
    "not",
    "oneOf",
    "prefixItems",
    "propertyNames",
    "then",
];

fn address(name: &str) -> String {
    let repository =
        env!("CARGO_PKG_REPOSITORY").replace("github.com", "raw.githubusercontent.com");
    format!("{repository}/main/schema/schemastore/{name}.json")
}

/// Calls `visit` with each schema in `schema`, itself first.
fn each(schema: &Value, visit: &mut dyn FnMut(&Map<String, Value>)) {
    let Value::Object(map) = schema else {
        // True and false are schemas, too.
        let all = schema.as_array().into_iter().flatten();
        return all.for_each(|own| each(own, visit));
    };
    visit(map);
    for (keyword, value) in map {
        if SCHEMAS.contains(&keyword.as_str()) {
            each(value, visit);
        } else if MAPS.contains(&keyword.as_str()) {
            let all = value.as_object().into_iter().flat_map(Map::values);
            all.for_each(|own| each(own, visit));
        }
    }
}

/// Returns a schema of draft 2020-12 in draft 7, in which `$ref` stands alone and a list of `items` is a tuple.
fn converted(schema: &Value) -> Value {
    let map = match schema {
        Value::Object(map) => map,
        Value::Array(list) => return list.iter().map(converted).collect(),
        _ => return schema.clone(),
    };
    let is_tuple = map.contains_key("prefixItems");
    let mut result = Map::new();
    for (keyword, value) in map {
        let new = match keyword.as_str() {
            "$defs" => "definitions",
            "prefixItems" => "items",
            "items" if is_tuple => "additionalItems",
            same => same,
        };
        let value = match keyword.as_str() {
            "$ref" => {
                let path = value.as_str().expect("a reference");
                json!(path.replacen("#/$defs/", "#/definitions/", 1))
            }
            own if MAPS.contains(&own) => {
                let map = value.as_object().expect("an object").iter();
                map.map(|(name, own)| (name.clone(), converted(own)))
                    .collect()
            }
            own if SCHEMAS.contains(&own) => converted(value),
            _ => value.clone(),
        };
        result.insert(new.to_owned(), value);
    }
    if result.len() > 1
        && let Some(reference) = result.remove("$ref")
    {
        let all = result.entry("allOf").or_insert_with(|| json!([]));
        all.as_array_mut()
            .expect("a list")
            .push(json!({ "$ref": reference }));
    }
    Value::Object(result)
}

/// Both kinds of template in one schema, so that nobody needs to map files to kinds.
fn template() -> Value {
    let mut definitions = Map::new();
    let mut versions = Vec::new();
    for (name, schema) in [
        ("JobTemplate", &JOB_TEMPLATE),
        ("EnvironmentTemplate", &ENVIRONMENT_TEMPLATE),
    ] {
        let mut schema = converted(schema.document());
        let map = schema.as_object_mut().expect("an object");
        map.remove("$schema");
        map.remove("$id");
        let own = map.remove("definitions").expect("definitions");
        definitions.extend(own.as_object().expect("an object").clone());
        let version = &mut map["properties"]["specificationVersion"];
        let version = version.as_object_mut().expect("an object");
        // The schema of both kinds says which there are.
        versions.push(version.remove("const").expect("a version"));
        definitions.insert(name.to_owned(), schema);
    }
    let version = JOB_TEMPLATE.document()["properties"]["specificationVersion"].clone();
    json!({
        "$schema": DRAFT,
        "$id": address("openjd-template"),
        "title": "Open Job Description template",
        "description": "A job template or an environment template of revision 2023-09, with the proposed extension MONITOR.",
        "type": "object",
        "properties": {
            "specificationVersion": {
                "title": version["title"],
                "description": version["description"],
                "enum": versions,
            },
        },
        "if": {
            "properties": { "specificationVersion": { "const": versions[1] } },
            "required": ["specificationVersion"],
        },
        "then": { "$ref": "#/definitions/EnvironmentTemplate" },
        "else": { "$ref": "#/definitions/JobTemplate" },
        "definitions": definitions,
    })
}

fn configuration() -> Value {
    let mut schema = converted(CONFIG.document());
    schema["$schema"] = json!(DRAFT);
    schema["$id"] = json!(address("openjd-monitor"));
    schema
}

fn catalog() -> Value {
    let entry = |name: &str, file: &str, schema: &Value, patterns: &[&str]| {
        json!({
            "name": name,
            "description": schema["description"],
            "fileMatch": patterns,
            "url": address(file),
        })
    };
    let patterns = ["*.openjd.json", "*.openjd.yaml", "*.openjd.yml"];
    json!({
        "$schema": "https://www.schemastore.org/schema-catalog.json",
        "version": 1,
        "schemas": [
            entry("Open Job Description template", "openjd-template", &template(), &patterns),
            entry("openjd-monitor", "openjd-monitor", &configuration(), &["openjd-monitor.toml"]),
        ],
    })
}

fn validator(schema: &Value) -> Validator {
    jsonschema::draft7::new(schema).expect("a schema")
}

#[test]
fn the_files_are_those_of_the_schemas() {
    for (name, value) in [
        ("openjd-template", template()),
        ("openjd-monitor", configuration()),
        ("catalog", catalog()),
    ] {
        let text = serde_json::to_string_pretty(&value).expect("JSON") + "\n";
        generated(&format!("schema/schemastore/{name}.json"), &text);
    }
    for schema in [template(), configuration()] {
        jsonschema::draft7::meta::validate(&schema).expect("a schema of draft 7");
    }
}

#[test]
fn the_schemas_have_only_the_documented_keywords() {
    let page = read("docs/editors.md");
    let (_, list) = page.split_once("keywords in them:").expect("the list");
    let list = list.split("\n\n").next().expect("a paragraph");
    let documented: BTreeSet<_> = list
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect();
    let mut used = BTreeSet::new();
    for schema in [template(), configuration()] {
        each(&schema, &mut |own| used.extend(own.keys().cloned()));
    }
    assert_eq!(used, documented);
}

#[test]
fn references_stand_alone_and_stay_in_the_file() {
    for schema in [template(), configuration()] {
        each(&schema, &mut |own| {
            if let Some(reference) = own.get("$ref").and_then(Value::as_str) {
                let pointer = reference.strip_prefix('#').expect("a place in the file");
                assert!(schema.pointer(pointer).is_some(), "{reference}");
                assert_eq!(own.len(), 1, "{reference}");
            }
        });
    }
}

#[test]
fn the_documentation_has_the_addresses_of_the_schemas() {
    let page = read("docs/editors.md");
    let addresses = page
        .split(|c: char| c.is_whitespace() || "\"()=".contains(c))
        .filter(|word| word.starts_with("https://raw."));
    let found: BTreeSet<_> = addresses.map(str::to_owned).collect();
    let files = ["openjd-monitor", "openjd-template"];
    assert_eq!(found, files.map(address).into_iter().collect());
}

#[test]
fn a_configuration_with_a_mistake_is_refused() {
    let schema = validator(&configuration());
    for (text, is_valid) in [
        ("period-floor = 10\n[rules]\nunused-let = \"off\"", true),
        ("period-floor = 4", false),
        ("[rules]\nunused-lets = \"off\"", false),
        ("[rules]\nunused-let = \"none\"", false),
        ("[rules]\nsyntax = \"off\"", false),
        ("[per-file-ignores]\n\"a\" = [\"syntax\"]", false),
    ] {
        let value: Value = toml::from_str(text).expect("TOML");
        assert_eq!(schema.is_valid(&value), is_valid, "{text}");
    }
}

#[test]
fn every_template_has_the_verdict_of_the_schema_of_its_kind() {
    let both = validator(&template());
    let (mut valid, mut invalid) = (0, 0);
    let folders = [
        "fixtures/templates",
        "fixtures/lint",
        "fixtures/conformance/templates",
        "docs/examples",
    ];
    for template in folders
        .iter()
        .flat_map(|folder| templates(&root().join(folder)))
    {
        let schema = match template["specificationVersion"].as_str() {
            Some("jobtemplate-2023-09") => &JOB_TEMPLATE,
            Some("environment-2023-09") => &ENVIRONMENT_TEMPLATE,
            _ => {
                assert!(!both.is_valid(&template), "{template:#}");
                continue;
            }
        };
        let is_valid = schema.is_valid(&template);
        assert_eq!(both.is_valid(&template), is_valid, "{template:#}");
        match is_valid {
            true => valid += 1,
            false => invalid += 1,
        }
    }
    assert!(valid > 300 && invalid > 50, "{valid} {invalid}");
}
