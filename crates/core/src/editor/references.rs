//! Places of a template that refer to the names that it defines.

use super::expressions::{is_binding, ranges};
use super::symbols::{Index, Symbol, SymbolKind};
use crate::lint::dotted_names;
use crate::template::{Path, Segment, visit};
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

impl Index<'_> {
    /// Adds the references of all strings.
    pub(super) fn refer_all(&mut self) {
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
        let Some(inner) = self.innermost(path, name, is_meant) else {
            return false;
        };
        match self.document.exact_span(path, &range) {
            Some(span) => self.symbols[inner].references.push(span),
            None => self.symbols[inner].has_hidden = true,
        }
        true
    }

    /// Returns the innermost symbol of this name that is meant by a string at `path`.
    fn innermost(
        &self,
        path: &Path,
        name: &str,
        is_meant: impl Fn(&Symbol) -> bool,
    ) -> Option<usize> {
        let known = self.by_name.get(name)?;
        let is_visible = |&index: &usize| {
            let symbol = &self.symbols[index];
            is_meant(symbol) && path.is_within(&symbol.scope) && !is_before(path, &symbol.path)
        };
        let mut scopes = std::iter::successors(Some(path.clone()), Path::parent);
        let inner = scopes.find_map(|scope| {
            let visible = known.by_scope.get(&scope)?.iter().copied();
            // Of two bindings of a list, the later one.
            visible
                .filter(is_visible)
                .max_by_key(|&index| (self.symbols[index].kind == SymbolKind::Binding, index))
        });
        inner.or_else(|| known.variable.filter(is_visible))
    }
}

/// Returns true if a binding at `path` stands before the one at `definition` in one list, or is that itself.
pub(super) fn is_before(path: &Path, definition: &Path) -> bool {
    let index = |path: &Path| match path.segments().last() {
        Some(Segment::Index(index)) => *index,
        _ => 0,
    };
    let is_same_list = path.parent() == definition.parent();
    is_binding(path) && is_binding(definition) && is_same_list && index(path) <= index(definition)
}
