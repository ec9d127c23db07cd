//! Format strings of OpenJD, resolved as the official runtime resolves them.

use openjd_expr::{
    ExprType, ExprValue, ExpressionError, FormatStringOptions, FunctionLibrary, PathFormat,
    PathMappingRule, SymbolTableError, path_mapping,
};
use openjd_model::{FormatString, ModelError, SymbolTable, evaluate_let_bindings};
use thiserror::Error;

/// Format of the paths in a Session: that of the worker host, which is POSIX here.
pub(super) const PATHS: PathFormat = PathFormat::Posix;

/// Error of a scope, or of a format string resolved in it.
#[derive(Debug, Error)]
pub(super) enum ScopeError {
    #[error("cannot resolve {what}: {source}")]
    Unresolved {
        what: String,
        source: ExpressionError,
    },
    #[error("{what} must be an integer, not '{text}'")]
    NotAnInteger { what: String, text: String },
    #[error("cannot set {name}: {source}")]
    Symbol {
        name: String,
        source: SymbolTableError,
    },
    #[error(transparent)]
    List(ExpressionError),
    /// `let` bindings or job parameters that the official model refuses.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// A value that cannot be made one of the type required, in the words of `openjd-expr`.
    #[error("{0}")]
    Type(String),
}

/// Symbols and functions that format strings refer to.
#[derive(Clone)]
pub(super) struct Scope<'l> {
    pub symbols: SymbolTable,
    pub library: &'l FunctionLibrary,
}

impl Scope<'_> {
    /// Resolves to a value; of the type `target`, where one is given. `what` names the string in errors.
    pub fn value(
        &self,
        string: &FormatString,
        target: Option<&ExprType>,
        what: &str,
    ) -> Result<ExprValue, ScopeError> {
        let options = match target {
            Some(target) => self.options().with_target_type(target),
            None => self.options(),
        };
        string
            .resolve_with(&self.symbols, &options)
            .map_err(|source| unresolved(what, source))
    }

    /// Resolves to text; null and lists are errors.
    pub fn text(&self, string: &FormatString, what: &str) -> Result<String, ScopeError> {
        let value = self.value(string, Some(&ExprType::STRING), what)?;
        Ok(value.to_display_string())
    }

    /// Resolves to text in which null is empty.
    pub fn lenient_text(&self, string: &FormatString, what: &str) -> Result<String, ScopeError> {
        string
            .resolve_string_with(&self.symbols, &self.options())
            .map_err(|source| unresolved(what, source))
    }

    /// Resolves to an integer; `None` if the whole field is null, which is the same as an absent field.
    pub fn integer(&self, string: &FormatString, what: &str) -> Result<Option<i64>, ScopeError> {
        let target = ExprType::union(vec![ExprType::INT, ExprType::NULLTYPE]);
        match self.value(string, Some(&target), what)? {
            ExprValue::Null => Ok(None),
            ExprValue::Int(number) => Ok(Some(number)),
            other => {
                let text = other.to_display_string();
                let number = text.trim().parse();
                number.map(Some).map_err(|_| ScopeError::NotAnInteger {
                    what: what.to_owned(),
                    text,
                })
            }
        }
    }

    /// Evaluates `let` bindings and adds them to the symbols.
    pub fn bind(&mut self, bindings: &[String]) -> Result<(), ScopeError> {
        self.symbols = evaluate_let_bindings(bindings, &self.symbols, Some(self.library), PATHS)?;
        Ok(())
    }

    fn options(&self) -> FormatStringOptions<'_> {
        FormatStringOptions::new()
            .with_library(self.library)
            .with_path_format(PATHS)
    }
}

fn unresolved(what: &str, source: ExpressionError) -> ScopeError {
    ScopeError::Unresolved {
        what: what.to_owned(),
        source,
    }
}

/// Sets a symbol. Fails if the name is taken by a table of symbols.
pub(super) fn set(
    symbols: &mut SymbolTable,
    name: &str,
    value: ExprValue,
) -> Result<(), ScopeError> {
    let set = symbols.set(name, value);
    set.map_err(|source| ScopeError::Symbol {
        name: name.to_owned(),
        source,
    })
}

/// Converts a value to the type `target`.
pub(super) fn coerce(value: &ExprValue, target: &ExprType) -> Result<ExprValue, ScopeError> {
    value
        .clone()
        .coerce(target, PATHS)
        .map_err(ScopeError::Type)
}

/// Makes a list of values of the type `element`.
pub(super) fn list(values: Vec<ExprValue>, element: ExprType) -> Result<ExprValue, ScopeError> {
    ExprValue::make_list(values, element).map_err(ScopeError::List)
}

/// Applies path mapping rules to a path or a list of paths; returns any other value as it is.
pub(super) fn map_paths(
    value: ExprValue,
    rules: &[PathMappingRule],
) -> Result<ExprValue, ScopeError> {
    let map = |path: &str| {
        let path = path_mapping::apply_rules_with_format(rules, path, PATHS);
        ExprValue::new_path(path, PATHS)
    };
    match &value {
        ExprValue::Path { value, .. } => Ok(map(value)),
        ExprValue::ListPath(paths, ..) => {
            list(paths.iter().map(|path| map(path)).collect(), ExprType::PATH)
        }
        _ => Ok(value),
    }
}
