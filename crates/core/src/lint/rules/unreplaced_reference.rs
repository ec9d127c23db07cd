//! `unreplaced-reference`: a reference in the form of another system, which stays in the text as it is.

use crate::lint::braces;
use crate::lint::fact::FactKind;
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::references;
use crate::lint::rule::{Rule, rule};
use crate::template::{Change, Path, Segment, items_of, visit};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

pub(super) static RULE: Rule = rule!(
    "unreplaced-reference",
    Warning,
    "`{Param.X}`, `${Param.X}`, `${{ Param.X }}` or `{% … %}` in a format string, which are not what is meant",
    []
);

/// The fields that take format strings.
const FIELDS: [&str; 10] = [
    "command", "args", "data", "range", "anyOf", "allOf", "timeout", "min", "max", "let",
];

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let template = pass.context.document.value();
    let names = Names::default();
    // Where a number is needed, the value is wrong as such.
    let wrong = pass.facts.iter().filter(|fact| {
        matches!(&fact.kind, FactKind::InvalidValue { .. }) && matches!(fact.place, Place::Value(_))
    });
    let wrong: HashSet<&Path> = wrong.map(|fact| fact.place.path()).collect();
    let mut drafts = Vec::new();
    visit(template, &mut |path, value| {
        let Some(text) = value.as_str().filter(|text| text.contains('{')) else {
            return;
        };
        if is_file_name(path) {
            drafts.extend(in_file_name(path, text));
        }
        if is_format_string(path) && !(wrong.contains(path) && braces::in_single(text).is_some()) {
            let place = Site {
                template,
                names: &names,
                path,
                text,
                interpolations: references::ranges(text),
            };
            drafts.extend(place.single_braces());
            drafts.extend(place.dollars());
            drafts.extend(place.statement());
        }
    });
    drafts
}

/// Returns true for the `filename` of an embedded file.
fn is_file_name(path: &Path) -> bool {
    let owner = path.segments().iter().rev().nth(2);
    path.last_key() == Some("filename")
        && matches!(owner, Some(Segment::Key(key)) if key == "embeddedFiles")
}

/// The first reference in the name of a file, which is no format string.
fn in_file_name(path: &Path, name: &str) -> Option<Draft> {
    let range = references::ranges(name).into_iter().next()?;
    let written = &name[range.clone()];
    let message = format!(
        "`{written}` stays in the name of the file as it is: `filename` takes no references"
    );
    let help = "write a name without `{{…}}`: each Session has its own files, and `{{Task.File.<name>}}` or `{{Env.File.<name>}}` is the path";
    Some(Draft::new(&RULE, Place::Text(path.clone(), range), message).help(help))
}

fn is_format_string(path: &Path) -> bool {
    let mut segments = path.segments().iter().rev();
    let field = segments.find(|segment| matches!(segment, Segment::Key(_)));
    let owner = path.segments().iter().rev().nth(1);
    let is_variable = matches!(owner, Some(Segment::Key(key)) if key == "variables");
    is_variable
        || matches!(field, Some(Segment::Key(key)) if FIELDS.contains(&key.as_str()) || key == "name" && path.segments().len() == 1)
}

/// The names of the parameters or files in each list, read once.
type Names<'t> = RefCell<HashMap<Path, HashSet<&'t str>>>;

/// A string with its place.
struct Site<'s, 't> {
    template: &'t Value,
    names: &'s Names<'t>,
    path: &'s Path,
    text: &'t str,
    /// The ranges of its interpolations.
    interpolations: Vec<Range<usize>>,
}

impl Site<'_, '_> {
    fn draft(&self, range: Range<usize>, message: String) -> Draft {
        Draft::new(&RULE, Place::Text(self.path.clone(), range), message)
    }

    /// Returns true in the text of a file, where braces may be those of another language.
    fn is_file(&self) -> bool {
        self.path.last_key() == Some("data")
    }

    fn single_braces(&self) -> Vec<Draft> {
        let text = self.text;
        let mut drafts = Vec::new();
        let inside = &self.interpolations;
        for (open, _) in text.match_indices('{') {
            let next = inside.partition_point(|range| range.end <= open);
            if inside.get(next).is_some_and(|range| range.start <= open) {
                continue;
            }
            let is_single = !text[..open].ends_with('{') && !text[open + 1..].starts_with('{');
            // No name has a brace: the search ends at the first.
            let next = text[open + 1..].find(['{', '}']);
            let Some(length) = next.filter(|_| is_single) else {
                continue;
            };
            let close = open + 1 + length;
            let name = text[open + 1..close].trim();
            let is_closed = text[close..].starts_with('}') && !text[close + 1..].starts_with('}');
            if !is_closed || !self.is_reference(name) {
                continue;
            }
            let start = open - usize::from(text[..open].ends_with('$'));
            let range = start..close + 1;
            let written = &text[range.clone()];
            let message = format!(
                "`{written}` stays in the text as it is: a reference has two braces on each side"
            );
            let meant = format!("{{{{{name}}}}}");
            let title = format!("replace `{written}` with `{meant}`");
            let change = match range == (0..text.len()) {
                // Without quotes, too.
                true => Change::Write(self.path.clone(), meant.clone().into()),
                false => Change::Replace(self.path.clone(), range.clone(), meant.clone()),
            };
            let fix = match self.is_file() || !self.is_defined(name) {
                true => Proposal::not_safe(title, change),
                false => Proposal::safe(title, change),
            };
            drafts.push(
                self.draft(range, message)
                    .help(format!("write `{meant}`"))
                    .fix(fix),
            );
        }
        drafts
    }

    /// `${{ Param.X }}`, as GitHub has it. In a file, it may be a variable of a shell by its name.
    fn dollars(&self) -> Vec<Draft> {
        let text = self.text;
        let mut drafts = Vec::new();
        for range in &self.interpolations {
            let before = &text[..range.start];
            let is_marked = before.ends_with('$') && !before.ends_with("$$");
            let name = references::inner(text, range).trim();
            if !is_marked || self.is_file() || !self.is_reference(name) {
                continue;
            }
            let (range, meant) = (range.start - 1..range.end, &text[range.clone()]);
            let message = format!("the `$` before `{meant}` stays in the text");
            let title = format!("remove the `$` before `{meant}`");
            let change = Change::Replace(self.path.clone(), range.clone(), meant.to_owned());
            let draft = self.draft(range, message).help(format!("write `{meant}`"));
            drafts.push(draft.fix(Proposal::not_safe(title, change)));
        }
        drafts
    }

    /// The first statement of Jinja. The text of a file may be a template that a program fills in later, unless the
    /// statement refers to a variable of Open Job Description.
    fn statement(&self) -> Option<Draft> {
        let words = [
            "if", "elif", "else", "endif", "for", "endfor", "set", "macro", "include", "block",
            "raw", "endraw",
        ];
        let statements = references::enclosed(self.text, "{%", "%}").into_iter();
        let mut found = statements.filter_map(|range| {
            let inner = references::inner(self.text, &range).trim_matches(['-', '+', ' ']);
            let is_statement = words.contains(&inner.split_whitespace().next()?);
            let mut names = inner.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
            let is_ours = !self.is_file() || names.any(|name| self.is_reference(name));
            (is_statement && is_ours).then_some((range, inner))
        });
        let (range, inner) = found.next()?;
        let message =
            "Open Job Description has no statements: this stays in the text as it is".to_owned();
        let help = match inner.starts_with("for") {
            true => {
                "write an expression, such as `{{ [f(x) for x in Param.List] }}`, with the extension EXPR"
            }
            false => {
                "write an expression, `{{ VALUE if CONDITION else OTHER }}`, with the extension EXPR"
            }
        };
        Some(self.draft(range, message).help(help))
    }

    /// Returns true if `name` is that of a variable of Open Job Description: in the text of a file, of one that there is.
    fn is_reference(&self, name: &str) -> bool {
        let is_word = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        };
        let parts: Vec<_> = name.split('.').collect();
        if !parts.iter().all(|part| is_word(part)) {
            return false;
        }
        let is_ours = matches!(
            parts.as_slice(),
            ["Param" | "RawParam", _]
                | ["Task", "Param" | "RawParam" | "File", _]
                | ["Env", "File", _]
                | [
                    "Session",
                    "WorkingDirectory" | "HasPathMappingRules" | "PathMappingRulesFile"
                ]
                | [
                    "WrappedAction",
                    "Command" | "Args" | "Environment" | "Timeout"
                ]
                | ["WrappedEnv" | "WrappedStep", "Name"]
        );
        is_ours && (!self.is_file() || self.is_defined(name))
    }

    /// Returns true if there is such a parameter or embedded file, as far as it has a name in the template.
    fn is_defined(&self, name: &str) -> bool {
        let (prefix, last) = name.rsplit_once('.').unwrap_or(("", name));
        let list = match prefix {
            "Param" | "RawParam" => Some(Path::root().key("parameterDefinitions")),
            "Task.Param" | "Task.RawParam" => {
                let space = self.owner(|owner| owner.get("parameterSpace").is_some());
                space.map(|step| step.key("parameterSpace").key("taskParameterDefinitions"))
            }
            "Task.File" | "Env.File" => {
                let script = self.owner(|owner| owner.get("embeddedFiles").is_some());
                script.map(|script| script.key("embeddedFiles"))
            }
            _ => return true,
        };
        let Some(list) = list else {
            return false;
        };
        let mut names = self.names.borrow_mut();
        let names = names.entry(list).or_insert_with_key(|list| {
            items_of(list.get(self.template))
                .iter()
                .filter_map(|item| item.get("name")?.as_str())
                .collect()
        });
        names.contains(last)
    }

    /// Returns the innermost object around the string that `has` something.
    fn owner(&self, has: impl Fn(&Value) -> bool) -> Option<Path> {
        let segments = self.path.segments();
        let paths = (0..segments.len())
            .rev()
            .map(|length| Path::root().join(&segments[..length]));
        let mut owners = paths.filter(|path| path.get(self.template).is_some_and(&has));
        owners.next()
    }
}
