//! Checks that what the program prints is fit for where it goes, by parsers that know nothing of the program. The tests
//! share this file with the fuzz targets. Every function panics at what is not fit.

use regex::Regex;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The formats of `check`.
pub const FORMATS: [&str; 8] = [
    "pretty", "plain", "concise", "json", "sarif", "github", "gitlab", "junit",
];

/// Characters that control something, show nothing, turn the text around them, or are none.
static INVISIBLE: LazyLock<Regex> = LazyLock::new(|| {
    let visible = r"\t\n\p{Prepended_Concatenation_Mark}";
    let classes =
        r"\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}";
    Regex::new(&format!("[[{classes}]--[{visible}]]")).expect("a pattern")
});

/// Lines that the runner of a workflow takes for a command. No name of one begins with a colon.
static COMMAND: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*::(?:[^:]|$)|##[A-Za-z]*\[").expect("a pattern"));

/// Asserts that `text` is text for a terminal or a log: no character of it does anything, and no line is a command.
/// With `styles`, colours and links to pages of the project may be among it.
pub fn text(text: &str, styles: bool) {
    let mut screen = Screen {
        styles,
        ..Screen::default()
    };
    vte::Parser::new().advance(&mut screen, text.as_bytes());
    assert_eq!(screen.obeyed, None, "{text:?}");
    assert!(!screen.is_returned, "a lone carriage return: {text:?}");
    let invisible = INVISIBLE.find(&screen.printed);
    assert_eq!(invisible.map(|found| found.as_str()), None, "{text:?}");
    let command = COMMAND.find(&screen.printed);
    assert_eq!(command.map(|found| found.as_str()), None, "{text:?}");
}

/// A terminal that notes the first thing that it would do beside showing text.
#[derive(Default)]
struct Screen {
    styles: bool,
    printed: String,
    obeyed: Option<String>,
    /// True after a carriage return, which only the end of a line may have.
    is_returned: bool,
}

impl Screen {
    fn obey(&mut self, what: String) {
        self.obeyed.get_or_insert(what);
    }
}

impl vte::Perform for Screen {
    fn print(&mut self, character: char) {
        self.printed.push(character);
    }

    fn execute(&mut self, byte: u8) {
        match (self.is_returned, byte) {
            (_, b'\n') | (false, b'\t') => self.printed.push(char::from(byte)),
            (false, b'\r') => {}
            _ => self.obey(format!("the control {byte:#x}")),
        }
        self.is_returned = byte == b'\r';
    }

    fn csi_dispatch(
        &mut self,
        parameters: &vte::Params,
        intermediates: &[u8],
        is_cut: bool,
        action: char,
    ) {
        if !self.styles || !intermediates.is_empty() || is_cut || action != 'm' {
            self.obey(format!("CSI {parameters:?} {action}"));
        }
    }

    fn osc_dispatch(&mut self, parameters: &[&[u8]], is_bell: bool) {
        let page = env!("CARGO_PKG_REPOSITORY").as_bytes();
        let is_link = match parameters {
            [b"8", b"", target] => target.is_empty() || target.starts_with(page),
            _ => false,
        };
        if !self.styles || is_bell || !is_link {
            self.obey(format!("OSC {parameters:?}"));
        }
    }

    fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
        // The end of a link.
        if !self.styles || byte != b'\\' {
            self.obey(format!("ESC {byte:#x}"));
        }
    }

    fn hook(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
        self.obey(format!("DCS {action}"));
    }
}

/// Asserts that `xml` is text for a log and well-formed XML.
pub fn xml(xml: &str) {
    text(xml, false);
    if let Err(error) = roxmltree::Document::parse(xml) {
        panic!("{error}: {xml:?}");
    }
}

/// Asserts that a report of `check` in `format` is valid in that format; with `styles`, a report that may have colours
/// and links.
pub fn report(format: &str, report: &str, styles: bool) {
    match format {
        "github" => workflow_commands(report),
        "junit" => xml(report),
        "json" | "sarif" | "gitlab" => {
            text(report, false);
            let report: Value = serde_json::from_str(report).expect("JSON");
            match format {
                "sarif" => sarif(&report),
                "gitlab" => gitlab(&report),
                _ => assert!(report["findings"].is_array()),
            }
        }
        "concise" => {
            text(report, styles);
            for line in report.lines() {
                let is_finding = [": error[", ": warning[", ": info["];
                assert!(
                    is_finding.iter().any(|level| line.contains(level)),
                    "{line:?}"
                );
            }
        }
        _ => text(report, styles),
    }
}

/// Asserts that each line is an annotation: a workflow command that knows a file, lines and columns.
fn workflow_commands(report: &str) {
    assert_eq!(
        INVISIBLE.find(report).map(|found| found.as_str()),
        None,
        "{report:?}"
    );
    for line in report.lines() {
        let levels = ["::error ", "::warning ", "::notice "];
        let rest = levels.iter().find_map(|level| line.strip_prefix(level));
        let (properties, message) = rest.and_then(|rest| rest.split_once("::")).expect(line);
        let mut names = BTreeSet::new();
        for property in properties.split(',') {
            let (name, value) = property.split_once('=').expect(line);
            assert!(names.insert(name), "{name} twice: {line:?}");
            match name {
                "title" | "file" => assert!(!value.is_empty() && is_encoded(value), "{line:?}"),
                "line" | "endLine" | "col" | "endColumn" => {
                    assert!(
                        value.parse::<usize>().is_ok_and(|number| number > 0),
                        "{line:?}"
                    );
                }
                _ => panic!("{name} is no property: {line:?}"),
            }
        }
        assert!(
            names.is_superset(&BTreeSet::from(["title", "file", "line"])),
            "{line:?}"
        );
        assert!(!message.is_empty() && is_encoded(message), "{line:?}");
    }
}

/// Returns true if every `%` in `text` encodes a character that a workflow command cannot have.
fn is_encoded(text: &str) -> bool {
    let encodings = ["25", "0D", "0A", "3A", "2C"];
    let mut encoded = text.split('%').skip(1);
    encoded.all(|rest| encodings.iter().any(|encoding| rest.starts_with(encoding)))
}

/// Asserts that a log has the structure that its readers rely on.
fn sarif(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let results = run["results"].as_array().expect("results");
    for result in results {
        let index = result["ruleIndex"]
            .as_u64()
            .and_then(|index| usize::try_from(index).ok());
        assert_eq!(rules[index.expect("an index")]["id"], result["ruleId"]);
        let level = result["level"].as_str().expect("a level");
        assert!(["error", "warning", "note"].contains(&level));
        message(&result["message"]);
        for place in result["locations"].as_array().expect("locations") {
            location(&place["physicalLocation"]);
        }
        for place in result["relatedLocations"].as_array().expect("locations") {
            message(&place["message"]);
            location(&place["physicalLocation"]);
        }
    }
}

/// Asserts that each brace of a message is doubled: a single one would be a placeholder.
fn message(message: &Value) {
    let text = message["text"].as_str().expect("a text");
    let without = text.replace("{{", "").replace("}}", "");
    assert!(
        !text.is_empty() && !without.contains(['{', '}']),
        "{text:?}"
    );
}

fn location(location: &Value) {
    let uri = location["artifactLocation"]["uri"].as_str().expect("a URI");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/%:".contains(c);
    assert!(uri.chars().all(is_plain), "{uri:?}");
    let region = &location["region"];
    let [line, column, end_line, end_column] = ["startLine", "startColumn", "endLine", "endColumn"]
        .map(|key| region[key].as_u64().expect("a number"));
    assert!(
        line > 0 && column > 0 && (line, column) <= (end_line, end_column),
        "{region}"
    );
}

/// Asserts that issues have the structure that the code quality widget relies on.
fn gitlab(issues: &Value) {
    let mut fingerprints = BTreeSet::new();
    for issue in issues.as_array().expect("a list") {
        for key in ["description", "check_name", "fingerprint"] {
            assert!(
                issue[key].as_str().is_some_and(|text| !text.is_empty()),
                "{issue}"
            );
        }
        assert!(
            fingerprints.insert(issue["fingerprint"].as_str()),
            "twice: {issue}"
        );
        let severity = issue["severity"].as_str().expect("a severity");
        assert!(["info", "minor", "major"].contains(&severity));
        assert!(issue["location"]["path"].is_string());
        let lines = &issue["location"]["lines"];
        let [begin, end] = ["begin", "end"].map(|key| lines[key].as_u64().expect("a line"));
        assert!(begin > 0 && begin <= end, "{issue}");
    }
}
