//! Names that a template defines, and all that refers to them.

use super::expressions::{is_binding, ranges};
use crate::lint::dotted_names;
use crate::template::{
    Document, Path, Segment, TemplateKind, bindings, environments, items_of, visit,
};
use serde_json::Value;
use std::collections::HashMap;
use std::ops::Range;

/// What stands before the name of an environment variable where it is used: in POSIX shells, in PowerShell, in Python.
const BEFORE_VARIABLES: [&str; 12] = [
    "$",
    "${",
    "$env:",
    "$Env:",
    "${env:",
    "${Env:",
    "environ[\"",
    "environ['",
    "environ.get(\"",
    "environ.get('",
    "getenv(\"",
    "getenv('",
];

/// Kind of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// Parameter of a job or of tasks.
    Parameter,
    /// Embedded file.
    File,
    /// Step.
    Step,
    /// Name bound by `let`.
    Binding,
    /// Environment variable that an Environment sets.
    Variable,
}

/// A name.
#[derive(Debug, Clone)]
pub struct Symbol {
    /// Kind.
    pub kind: SymbolKind,
    /// The name.
    pub name: String,
    /// The bytes of its definitions; more than one of an environment variable that several Environments set.
    pub definitions: Vec<Range<usize>>,
    /// The bytes of the name wherever something refers to it, in order.
    pub references: Vec<Range<usize>>,
    /// True if something refers to it from a string whose bytes cannot be told, as in folded text.
    pub has_hidden: bool,
    /// Path of the part of the template in which it is known.
    scope: Path,
    /// What stands before it in expressions.
    tables: &'static [&'static [&'static str]],
    /// Path of the definition, for `let`: only later bindings can refer to it.
    path: Path,
}

/// Returns the names that a template defines.
pub fn symbols(document: &Document) -> Vec<Symbol> {
    let Some(kind) = TemplateKind::of(document) else {
        return Vec::new();
    };
    let mut index = Index {
        document,
        symbols: Vec::new(),
        by_name: HashMap::new(),
    };
    index.define_all(kind);
    index.refer_all();
    for symbol in &mut index.symbols {
        symbol.references.sort_by_key(|span| (span.start, span.end));
        symbol.references.dedup();
    }
    index.symbols
}

/// Returns the name that is defined or referred to at the byte `offset`, and the bytes of the name there.
pub fn symbol_at(symbols: &[Symbol], offset: usize) -> Option<(&Symbol, Range<usize>)> {
    symbols.iter().find_map(|symbol| {
        let mut spans = symbol.spans();
        let span = spans.find(|span| span.start <= offset && offset <= span.end)?;
        Some((symbol, span.clone()))
    })
}

impl Symbol {
    /// Returns the bytes of the name where it is defined, and where something refers to it.
    pub fn spans(&self) -> impl Iterator<Item = &Range<usize>> {
        self.definitions.iter().chain(&self.references)
    }

    /// Returns true if `other` is of the same kind, where both are known.
    pub(super) fn can_clash(&self, other: &Symbol) -> bool {
        let is_within = self.scope.is_within(&other.scope) || other.scope.is_within(&self.scope);
        self.kind == other.kind && self.tables == other.tables && is_within
    }
}

struct Index<'d> {
    document: &'d Document,
    symbols: Vec<Symbol>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Index<'_> {
    fn define_all(&mut self, kind: TemplateKind) {
        let template = self.document.value();
        let root = Path::root();
        let parameters = root.key("parameterDefinitions");
        let tables: &[&[&str]] = &[&["Param"], &["RawParam"]];
        self.define_named(&parameters, &root, SymbolKind::Parameter, tables);
        for step in 0..items_of(template.get("steps")).len() {
            let step = root.key("steps").index(step);
            self.define_value(&step.key("name"), &root, SymbolKind::Step, &[]);
            let parameters = step.key("parameterSpace").key("taskParameterDefinitions");
            let tables: &[&[&str]] = &[&["Task", "Param"], &["Task", "RawParam"]];
            self.define_named(&parameters, &step, SymbolKind::Parameter, tables);
            self.bind(&step.key("let"), &step);
            let script = step.key("script");
            self.bind(&script.key("let"), &script);
            let files = script.key("embeddedFiles");
            self.define_named(&files, &script, SymbolKind::File, &[&["Task", "File"]]);
        }
        for environment in environments(kind, template) {
            let script = environment.path.key("script");
            self.bind(&script.key("let"), &script);
            let files = script.key("embeddedFiles");
            self.define_named(&files, &script, SymbolKind::File, &[&["Env", "File"]]);
            let variables = environment.path.key("variables");
            // What is entered after the Environment has its variables, too.
            let list = environment.path.parent().unwrap_or_default();
            let scope = list.parent().unwrap_or_default();
            let own = variables.get(template).and_then(Value::as_object);
            for name in own.into_iter().flat_map(serde_json::Map::keys) {
                let span = self
                    .document
                    .key_part_span(&variables.key(name), &(0..name.len()));
                let known = self.by_name.get(name).into_iter().flatten();
                let mut known =
                    known.filter(|&&index| self.symbols[index].kind == SymbolKind::Variable);
                match known.next() {
                    Some(&index) => {
                        let known = &mut self.symbols[index];
                        known.definitions.extend(span);
                        known.scope = root.clone();
                    }
                    None => self.define(
                        name,
                        span,
                        (&variables.key(name), &scope),
                        SymbolKind::Variable,
                        &[],
                    ),
                }
            }
        }
    }

    /// Defines the names of the items of a list.
    fn define_named(
        &mut self,
        list: &Path,
        scope: &Path,
        kind: SymbolKind,
        tables: &'static [&'static [&'static str]],
    ) {
        for index in 0..items_of(list.get(self.document.value())).len() {
            self.define_value(&list.index(index).key("name"), scope, kind, tables);
        }
    }

    fn define_value(
        &mut self,
        path: &Path,
        scope: &Path,
        kind: SymbolKind,
        tables: &'static [&'static [&'static str]],
    ) {
        if let Some(name) = path.get(self.document.value()).and_then(Value::as_str) {
            let span = self.document.exact_span(path, &(0..name.len()));
            self.define(name, span, (path, scope), kind, tables);
        }
    }

    fn bind(&mut self, list: &Path, scope: &Path) {
        let template = self.document.value();
        for (index, name, _) in bindings(list.get(template)) {
            let path = list.index(index);
            let text = path
                .get(template)
                .and_then(Value::as_str)
                .unwrap_or_default();
            let start = text.find(name).unwrap_or_default();
            let span = self
                .document
                .exact_span(&path, &(start..start + name.len()));
            self.define(name, span, (&path, scope), SymbolKind::Binding, &[&[]]);
        }
    }

    fn define(
        &mut self,
        name: &str,
        span: Option<Range<usize>>,
        (path, scope): (&Path, &Path),
        kind: SymbolKind,
        tables: &'static [&'static [&'static str]],
    ) {
        let known = self.by_name.entry(name.to_owned()).or_default();
        known.push(self.symbols.len());
        self.symbols.push(Symbol {
            kind,
            name: name.to_owned(),
            has_hidden: span.is_none(),
            definitions: span.into_iter().collect(),
            references: Vec::new(),
            scope: scope.clone(),
            tables,
            path: path.clone(),
        });
    }

    fn refer_all(&mut self) {
        let document = self.document;
        visit(document.value(), &mut |path, value| {
            let Some(text) = value.as_str() else {
                return;
            };
            match path.last_key() {
                Some("description") => {}
                Some("dependsOn") => {
                    self.refer(path, text, 0..text.len(), |own| {
                        own.kind == SymbolKind::Step
                    });
                }
                Some("combination") => {
                    let is_meant = |own: &Symbol| {
                        own.kind == SymbolKind::Parameter && own.tables[0].len() == 2
                    };
                    for (segments, start) in dotted_names(text) {
                        let [(name, end)] = segments.as_slice() else {
                            continue;
                        };
                        self.refer(path, name, start..*end, is_meant);
                    }
                }
                _ => {
                    self.refer_in_expressions(path, text);
                    self.refer_in_scripts(path, text);
                }
            }
        });
    }

    fn refer_in_expressions(&mut self, path: &Path, text: &str) {
        for range in ranges(path, text) {
            for (segments, _) in dotted_names(&text[range.clone()]) {
                let names: Vec<_> = segments.iter().map(|(name, _)| *name).collect();
                // The name may have properties and methods behind it.
                for length in (1..=names.len().min(3)).rev() {
                    let (table, name) = (&names[..length - 1], names[length - 1]);
                    let end = range.start + segments[length - 1].1;
                    let span = end - name.len()..end;
                    if self.refer(path, name, span, |own| own.tables.contains(&table)) {
                        break;
                    }
                }
            }
        }
    }

    /// Finds the uses of environment variables in shells and in Python.
    fn refer_in_scripts(&mut self, path: &Path, text: &str) {
        let starts = BEFORE_VARIABLES.iter().flat_map(|before| {
            let found = text.match_indices(before);
            found.map(|(at, _)| at + before.len())
        });
        for start in starts {
            let rest = &text[start..];
            let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let name = &rest[..length.unwrap_or(rest.len())];
            let span = start..start + name.len();
            self.refer(path, name, span, |own| own.kind == SymbolKind::Variable);
        }
    }

    /// Adds a reference from the bytes `range` of the string at `path` to the innermost symbol of this name that is
    /// meant. Returns false if there is none.
    fn refer(
        &mut self,
        path: &Path,
        name: &str,
        range: Range<usize>,
        is_meant: impl Fn(&Symbol) -> bool,
    ) -> bool {
        let Some(known) = self.by_name.get(name) else {
            return false;
        };
        let is_visible = |symbol: &Symbol| {
            is_meant(symbol) && path.is_within(&symbol.scope) && !is_before(path, &symbol.path)
        };
        let symbols = &self.symbols;
        let visible = known.iter().filter(|&&index| is_visible(&symbols[index]));
        let inner = visible.max_by_key(|&&index| {
            let own = &symbols[index];
            // Of two bindings of a list, the later one.
            (
                own.scope.segments().len(),
                own.kind == SymbolKind::Binding,
                index,
            )
        });
        let Some(&inner) = inner else {
            return false;
        };
        match self.document.exact_span(path, &range) {
            Some(span) => self.symbols[inner].references.push(span),
            None => self.symbols[inner].has_hidden = true,
        }
        true
    }
}

/// Returns true if a binding at `path` stands before the one at `definition` in one list, or is that itself.
fn is_before(path: &Path, definition: &Path) -> bool {
    let index = |path: &Path| match path.segments().last() {
        Some(Segment::Index(index)) => *index,
        _ => 0,
    };
    let is_same_list = path.parent() == definition.parent();
    is_binding(path) && is_binding(definition) && is_same_list && index(path) <= index(definition)
}
