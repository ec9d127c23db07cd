//! The budget of all expressions of one file: `openjd-expr` limits each, but not their sum.
//!
//! Each expression that can loop or repeat something is evaluated once in advance, its variables unknown. Later
//! stages do not see those that exceed the budget, nor those that refer to a definition whose name is none.

use super::expressions::Expressions;
use super::fact::{Fact, FactKind};
use super::finding::Place;
use super::misnamed::Misnamed;
use super::references;
use crate::functions;
use crate::template::{Path, Segment, bindings};
use openjd_expr::eval::{DEFAULT_MEMORY_LIMIT, DEFAULT_OPERATION_LIMIT};
use openjd_expr::{ExprType, ExprValue, ExpressionErrorKind, SymbolTable};
use serde_json::Value;
use std::collections::HashSet;
use std::rc::Rc;

/// Operations of all expressions of a file: twice what `openjd-expr` allows one of them.
pub(crate) const MAX_OPERATIONS: usize = 2 * DEFAULT_OPERATION_LIMIT;

/// Memory of the values of all `let` bindings of a file, in bytes: twice what `openjd-expr` allows one of them.
pub(crate) const MAX_MEMORY: usize = 2 * DEFAULT_MEMORY_LIMIT;

/// Operations of an expression that may be evaluated more than once.
pub(crate) const CHEAP_OPERATIONS: usize = 100_000;

/// Memory of an expression that may be evaluated more than once, in bytes.
pub(crate) const CHEAP_MEMORY: usize = 1_000_000;

/// Functions whose results are hardly larger than their arguments.
const BOUNDED_FUNCTIONS: [&str; 13] = [
    "repr_sh",
    "repr_cmd",
    "repr_pwsh",
    "repr_py",
    "repr_json",
    "string",
    "int",
    "float",
    "bool",
    "len",
    "lower",
    "upper",
    "strip",
];

/// Message of `openjd-expr` (0.8.0) for a path whose parts take too much memory.
const TOO_MANY_PARTS: &str = "'parts' property is not available for path.";

/// Costs of the expressions of a template.
pub(crate) struct Budget {
    remaining: usize,
    /// Memory that is left for the values of `let` bindings, which stay as long as the template is checked.
    memory: usize,
    /// The strings and `let` bindings that no later stage evaluates, in order.
    skipped: Vec<Path>,
    is_skipped: HashSet<Path>,
    /// Those of them that were not evaluated here either.
    unevaluated: Vec<Path>,
    /// The expressions that take more than `openjd-expr` allows.
    refused: Vec<Fact<'static>>,
    /// The `let` bindings that are evaluated by `openjd-model` only.
    costly_bindings: HashSet<Path>,
    expressions: Rc<Expressions>,
    misnamed: Misnamed,
    /// True if a string that is skipped refers to one of them.
    skips_misnamed: bool,
}

/// Result of an evaluation in advance.
enum Outcome {
    /// Its value, if that is known, and true if it is cheap.
    Evaluated(Option<ExprValue>, bool),
    /// It takes more than `openjd-expr` allows, for the reason given.
    Refused(String),
    /// There is no room for it.
    Skipped,
    /// It refers to a definition whose name is none.
    Unnamed,
}

impl Budget {
    /// Evaluates the expressions of `template`, in the order of the document.
    pub fn of(template: &Value, expressions: &Rc<Expressions>, misnamed: Misnamed) -> Self {
        let mut budget = Self {
            remaining: MAX_OPERATIONS,
            memory: MAX_MEMORY,
            skipped: Vec::new(),
            is_skipped: HashSet::new(),
            unevaluated: Vec::new(),
            refused: Vec::new(),
            costly_bindings: HashSet::new(),
            expressions: Rc::clone(expressions),
            misnamed,
            skips_misnamed: false,
        };
        budget.visit(&mut Path::root(), template, &mut Vec::new());
        budget.is_skipped = budget.skipped.iter().cloned().collect();
        budget
    }

    /// Returns true if the string at `path` has an expression that is not to be evaluated.
    pub fn skips(&self, path: &Path) -> bool {
        self.is_skipped.contains(path)
    }

    /// Returns the strings that are not to be evaluated.
    pub fn skipped(&self) -> &[Path] {
        &self.skipped
    }

    /// Returns the definitions whose names are none, if a string is skipped for one of them.
    pub fn misnamed(&self) -> &[Path] {
        match self.skips_misnamed {
            true => self.misnamed.definitions(),
            false => &[],
        }
    }

    /// Returns true if the `let` binding at `path` costs too much to be evaluated more than once.
    pub fn is_costly_binding(&self, path: &Path) -> bool {
        self.costly_bindings.contains(path) || self.skips(path)
    }

    /// Reports the expressions that are refused, and the first string that is not evaluated.
    pub fn facts(&self) -> Vec<Fact<'static>> {
        let count = self.unevaluated.len();
        let first = self.unevaluated.first().map(|path| Fact {
            place: Place::Value(path.clone()),
            kind: FactKind::Unevaluated { count },
        });
        self.refused.iter().cloned().chain(first).collect()
    }

    /// `scopes` has the `let` names of the objects that hold `value`.
    fn visit(&mut self, path: &mut Path, value: &Value, scopes: &mut Vec<SymbolTable>) {
        match value {
            Value::Object(fields) => {
                let bindings = fields.get("let").filter(|bindings| bindings.is_array());
                if bindings.is_some() {
                    scopes.push(SymbolTable::new());
                    self.bind(&path.key("let"), bindings, scopes);
                }
                for (key, value) in fields.iter().filter(|(key, _)| *key != "let") {
                    path.push(Segment::Key(key.into()));
                    self.visit(path, value, scopes);
                    path.pop();
                }
                if bindings.is_some() {
                    scopes.pop();
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    path.push(Segment::Index(index));
                    self.visit(path, value, scopes);
                    path.pop();
                }
            }
            Value::String(text) if self.misnamed.is_used(path, text) => {
                self.skipped.push(path.clone());
                self.skips_misnamed = true;
            }
            Value::String(text) => {
                let known = self.refused.len();
                let mut is_skipped = false;
                for range in references::ranges(text) {
                    let expression = references::inner(text, &range);
                    if !may_be_costly(expression) || self.is_bounded(expression, scopes) {
                        continue;
                    }
                    match self.evaluate(expression, scopes) {
                        Outcome::Evaluated(..) | Outcome::Unnamed => {}
                        Outcome::Refused(reason) => {
                            let place = Place::Text(path.clone(), range);
                            self.refused.push(Fact::ill_typed(place, &reason));
                        }
                        Outcome::Skipped => {
                            self.unevaluated.push(path.clone());
                            is_skipped = true;
                            break;
                        }
                    }
                }
                if is_skipped || self.refused.len() > known {
                    self.skipped.push(path.clone());
                }
            }
            _ => {}
        }
    }

    fn bind(&mut self, list: &Path, written: Option<&Value>, scopes: &mut [SymbolTable]) {
        for (index, name, expression) in bindings(written) {
            let path = || list.index(index);
            let outcome = match self.misnamed.is_in(expression) {
                true => Outcome::Unnamed,
                false => self.evaluate(expression, scopes),
            };
            let outcome = match outcome {
                Outcome::Evaluated(Some(value), _) if !self.has_room_for(&value) => {
                    Outcome::Skipped
                }
                other => other,
            };
            let value = match outcome {
                Outcome::Evaluated(value, is_cheap) => {
                    if !is_cheap {
                        self.costly_bindings.insert(path());
                    }
                    value
                }
                Outcome::Refused(reason) => {
                    let place = Place::Value(path());
                    self.refused.push(Fact::ill_typed(place, &reason));
                    self.skipped.push(path());
                    None
                }
                Outcome::Skipped => {
                    self.unevaluated.push(path());
                    self.skipped.push(path());
                    None
                }
                Outcome::Unnamed => {
                    self.skipped.push(path());
                    self.skips_misnamed = true;
                    None
                }
            };
            if let Some(scope) = scopes.last_mut() {
                let value = value.unwrap_or_else(|| ExprValue::unresolved(ExprType::ANY));
                // A name that cannot be set stays unknown.
                let _ = scope.set(name, value);
            }
        }
    }

    /// Returns true for an expression that costs no more than its length lets expect: it has no loop, repeats nothing,
    /// and uses no `let` name, which may stand for something large.
    fn is_bounded(&self, expression: &str, scopes: &[SymbolTable]) -> bool {
        let Ok(parsed) = self.expressions.expression(expression) else {
            return false;
        };
        let mut functions = parsed.called_functions().iter();
        let mut names = parsed.accessed_symbols().iter();
        parsed.local_bindings().is_empty()
            && !expression.contains('*')
            && functions.all(|function| BOUNDED_FUNCTIONS.contains(&function.as_str()))
            && !names.any(|name| is_bound(name, scopes))
    }

    /// Takes the memory of `value` from the budget; returns false if there is not enough left.
    fn has_room_for(&mut self, value: &ExprValue) -> bool {
        let left = self.memory.checked_sub(value.memory_size());
        self.memory = left.unwrap_or(self.memory);
        left.is_some()
    }

    fn evaluate(&mut self, expression: &str, scopes: &[SymbolTable]) -> Outcome {
        let Ok(parsed) = self.expressions.expression(expression) else {
            return Outcome::Evaluated(None, true);
        };
        let mut unknown = SymbolTable::new();
        for name in parsed.accessed_symbols() {
            if !is_bound(name, scopes) {
                let _ = unknown.set(name, ExprValue::unresolved(ExprType::ANY));
            }
        }
        let tables: Vec<_> = scopes.iter().chain([&unknown]).collect();
        let cheap = (CHEAP_OPERATIONS, CHEAP_MEMORY);
        let costly = (DEFAULT_OPERATION_LIMIT, DEFAULT_MEMORY_LIMIT);
        for (operations, memory) in [cheap, costly] {
            let is_clipped = self.remaining < operations;
            let operations = operations.min(self.remaining);
            let result = parsed
                .with_library(functions::for_creation_of(expression))
                .with_operation_limit(operations)
                .with_memory_limit(memory)
                .evaluate_with_metrics(&tables);
            let is_cheap = operations <= CHEAP_OPERATIONS;
            let error = match result {
                Ok(result) => {
                    self.remaining -= result.operation_count.min(self.remaining);
                    return Outcome::Evaluated(Some(result.value), is_cheap);
                }
                Err(error) => error,
            };
            let is_count = matches!(
                error.kind(),
                ExpressionErrorKind::OperationLimitExceeded { .. }
            );
            let is_memory = match error.kind() {
                ExpressionErrorKind::MemoryLimitExceeded { .. } => true,
                // Every path has parts: this is what becomes of the error if they are too many.
                _ => error.message().starts_with(TOO_MANY_PARTS),
            };
            if is_cheap && !is_clipped && (is_count || is_memory) {
                continue;
            }
            // A count comes with a value only.
            self.remaining -= match is_cheap && !is_count {
                true => operations / 100,
                false => operations,
            };
            return match () {
                () if is_clipped && is_count => Outcome::Skipped,
                () if !is_cheap && (is_count || is_memory) => Outcome::Refused(error.message()),
                () => Outcome::Evaluated(None, is_cheap),
            };
        }
        Outcome::Skipped
    }
}

/// Returns true if a `let` name in `scopes` is that of the variable `name`, or of the value whose attribute it is.
fn is_bound(name: &str, scopes: &[SymbolTable]) -> bool {
    let root = name.split('.').next().unwrap_or_default();
    scopes.iter().any(|scope| scope.contains(root))
}

/// Returns a replacement for the string at `path`, which is not to be evaluated.
pub(crate) fn stand_in(text: &str, path: &Path) -> String {
    let is_binding = matches!(
        path.segments(),
        [.., Segment::Key(list), Segment::Index(_)] if list == "let"
    );
    match text.split_once('=') {
        // A binding that cannot be evaluated is of any type.
        Some((name, _)) if is_binding => format!("{}= not_evaluated", name),
        // A range may need numbers.
        _ if path.segments().contains(&Segment::Key("range".into())) => "1".to_owned(),
        _ => "x".to_owned(),
    }
}

/// Returns true if an expression with these characters can loop, call or repeat.
fn may_be_costly(expression: &str) -> bool {
    expression.contains(['(', '*', '['])
}
