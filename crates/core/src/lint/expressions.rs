//! The expressions and format strings of a template, each text parsed once.

use super::braces;
use super::references::{self, Interpolation, Reference};
use openjd_expr::eval::ParsedExpression;
use openjd_expr::{ExpressionError, FormatString};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// Cache of parse results, by text.
///
/// One result serves every stage, since all profiles of the newest revision parse alike.
#[derive(Default)]
pub(crate) struct Expressions {
    expressions: Cache<ParsedExpression>,
    strings: Cache<FormatString>,
}

type Parsed<T> = Result<Rc<T>, Rc<ExpressionError>>;

struct Cache<T>(RefCell<HashMap<String, Parsed<T>>>);

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T> Cache<T> {
    fn get(&self, text: &str, parse: fn(&str) -> Result<T, ExpressionError>) -> Parsed<T> {
        if let Some(known) = self.0.borrow().get(text) {
            return known.clone();
        }
        let parsed = parse(text).map(Rc::new).map_err(Rc::new);
        let mut cache = self.0.borrow_mut();
        cache.insert(text.to_owned(), parsed.clone());
        parsed
    }
}

impl Expressions {
    /// Returns `text` as an expression.
    pub fn expression(&self, text: &str) -> Parsed<ParsedExpression> {
        self.expressions.get(text.trim(), ParsedExpression::new)
    }

    /// Returns `text` as a format string.
    pub fn format_string(&self, text: &str) -> Parsed<FormatString> {
        self.strings.get(text, FormatString::new)
    }

    /// Returns the interpolations of a format string that parse.
    pub fn interpolations(&self, text: &str) -> Vec<Interpolation> {
        let ranges = references::ranges(text).into_iter();
        let parsed = ranges.filter_map(|range| {
            let parsed = self.expression(references::inner(text, &range)).ok()?;
            Some(Interpolation::new(text, range, &parsed))
        });
        parsed.collect()
    }

    /// Returns the references of the expression at `range` of `text`, none if it does not parse.
    pub fn references(&self, text: &str, range: Range<usize>) -> Vec<Reference> {
        let parsed = self.expression(&text[range.clone()]);
        parsed.map_or(Vec::new(), |parsed| {
            references::references(text, &range, &parsed)
        })
    }

    /// Returns the interpolations of `text` that parse, without what stands between them.
    pub fn parsable(&self, text: &str) -> String {
        let ranges = references::ranges(text).into_iter();
        let parsed = ranges.filter(|range| self.expression(references::inner(text, range)).is_ok());
        parsed.map(|range| &text[range]).collect()
    }

    /// Returns the first interpolation that is more than a name, and so needs the EXPR extension.
    pub fn first_complex(&self, text: &str) -> Option<Range<usize>> {
        references::ranges(text).into_iter().find(|range| {
            let parsed = self.expression(references::inner(text, range));
            parsed.is_ok_and(|parsed| parsed.as_name_lookup().is_none())
        })
    }

    /// Returns true if `text` is a format string.
    pub fn parses(&self, text: &str) -> bool {
        self.format_string(text).is_ok()
    }

    /// Returns each place where `text` does not parse, with the reason: an interpolation that does not, or a brace
    /// without its counterpart.
    pub fn errors(&self, text: &str) -> Vec<(Range<usize>, String)> {
        let Err(first) = self.format_string(text) else {
            return Vec::new();
        };
        let ranges = references::ranges(text);
        let errors = ranges.iter().filter_map(|range| {
            let error = self.expression(references::inner(text, range)).err()?;
            Some((range.clone(), error.message()))
        });
        let mut errors: Vec<_> = errors.collect();
        let broken: Vec<_> = errors.iter().map(|(range, _)| range.clone()).collect();
        let alone = braces::alone(text, &ranges, &broken).into_iter();
        errors.extend(alone.map(|(range, reason)| (range, reason.to_owned())));
        if errors.is_empty() {
            let start = first.col_offset().unwrap_or(0);
            let end = first.end_col_offset().unwrap_or(text.len());
            errors.push((start..end, first.message()));
        }
        errors.sort_by_key(|(range, _)| range.start);
        errors
    }
}
