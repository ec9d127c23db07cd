//! Names that a template defines, and all that refers to them.

use crate::template::{Document, Path, TemplateKind, bindings, environments, items_of};
use serde_json::Value;
use std::collections::HashMap;
use std::ops::Range;

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
    pub(super) scope: Path,
    /// What stands before it in expressions.
    pub(super) tables: &'static [&'static [&'static str]],
    /// Path of the definition, for `let`: only later bindings can refer to it.
    pub(super) path: Path,
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

/// The names of a document.
pub(super) struct Index<'d> {
    pub document: &'d Document,
    pub symbols: Vec<Symbol>,
    /// The indices of the symbols with a name.
    pub by_name: HashMap<String, Named>,
}

/// The indices of the symbols with one name.
#[derive(Default)]
pub(super) struct Named {
    /// Environment variables of that name are one symbol.
    pub variable: Option<usize>,
    /// All others, by their scopes: many steps may use one name for things of their own.
    pub by_scope: HashMap<Path, Vec<usize>>,
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
                match self.by_name.get(name).and_then(|known| known.variable) {
                    Some(index) => {
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
        let index = self.symbols.len();
        match kind {
            SymbolKind::Variable => known.variable = Some(index),
            _ => known.by_scope.entry(scope.clone()).or_default().push(index),
        }
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
}
