//! The command line of a check as arguments of the supervisor.

use super::symbols::Symbols;
use crate::lint::{Context, references};
use crate::template::{Environment, Field, Slot, draft_names, text_of};
use openjd_expr::{ExprType, TypeCode};
use openjd_model::ModelExtension;
use std::collections::HashSet;

/// Variables that have a value in every slot in which they are in scope, on every runtime.
const ALWAYS_KNOWN: [&str; 7] = [
    "Param.",
    "RawParam.",
    "Session.",
    "Env.File.",
    "WrappedAction.",
    "WrappedEnv.",
    "WrappedStep.",
];

/// The format strings of a monitor in one slot.
pub(super) struct Strings<'s, 'd> {
    pub context: &'s Context<'d>,
    pub environment: &'s Environment<'d>,
    pub symbols: &'s Symbols<'s, 'd>,
    pub slot: Slot,
}

/// Type of a whole field, as far as it decides about the number of arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One argument.
    Scalar,
    /// As many arguments as there are elements.
    List,
    /// Not known, or possibly null.
    Unknown,
}

impl<'d> Strings<'_, 'd> {
    /// Returns the arguments for `command` and its `args`, and their number, in which the elements of a list do not
    /// count.
    pub fn arguments(&self, command: &Field<'_>) -> (usize, Vec<String>) {
        let mut arguments = Vec::new();
        // A command is one argument, whatever it is.
        arguments.extend(
            command
                .child("command")
                .map(|own| vec![format!("={}", self.accepted(&text_of(own.value)))]),
        );
        let args = command.child("args");
        let args = args.iter().flat_map(Field::items);
        arguments.extend(args.map(|argument| self.argument(&argument)));
        (arguments.len(), arguments.concat())
    }

    fn argument(&self, field: &Field<'_>) -> Vec<String> {
        let text = self.accepted(&text_of(field.value));
        match (self.whole(&text), self.kind(field, &text)) {
            (None, _) | (Some(_), Kind::Scalar) => vec![format!("={text}")],
            (Some(expression), Kind::List) => {
                let count = format!("*{{{{len({})}}}}", expression.trim());
                vec![count, text]
            }
            (Some(expression), Kind::Unknown) => {
                vec![format!("j{{{{repr_json({})}}}}", expression.trim())]
            }
        }
    }

    /// Returns the type of a field whose text, with the names of the accepted RFC, is `text`.
    pub fn kind(&self, field: &Field<'_>, text: &str) -> Kind {
        let Some(expression) = self.whole(text) else {
            return Kind::Scalar;
        };
        match self.type_of(field, expression) {
            Some(kind) if is_scalar(&kind) => Kind::Scalar,
            Some(kind) if kind.is_list() => Kind::List,
            _ => Kind::Unknown,
        }
    }

    /// Returns a number of a monitor or an action as text; `None` if it is an expression that an argument of the action
    /// cannot be.
    pub fn number(&self, field: &Field<'d>) -> Option<String> {
        if let Ok(Some(number)) = self.context.known_integer(self.environment, field) {
            return Some(number.to_string());
        }
        let text = self.accepted(text_of(field.value).trim());
        let is_possible =
            self.has_types() || self.context.expressions.first_complex(&text).is_none();
        is_possible.then_some(text)
    }

    fn type_of(&self, field: &Field<'_>, expression: &str) -> Option<ExprType> {
        let is_costly = self.context.budget.skips(&field.path);
        (!is_costly).then(|| self.symbols.type_of(self.slot, expression))?
    }

    /// Returns the expression that is the whole of a format string, where its type matters.
    pub fn whole<'t>(&self, text: &'t str) -> Option<&'t str> {
        let range = references::ranges(text).into_iter().next()?;
        let has_types = self.context.has_extension(ModelExtension::Expr.as_str());
        (has_types && range == (0..text.len())).then(|| references::inner(text, &range))
    }

    fn has_types(&self) -> bool {
        self.context.has_extension(ModelExtension::Expr.as_str())
    }

    /// Returns a format string with the accepted names of variables in place of the draft's (VAR-3).
    pub fn accepted(&self, text: &str) -> String {
        let mut accepted = String::new();
        let mut at = 0;
        for interpolation in self.context.expressions.interpolations(text) {
            for reference in interpolation.references {
                accepted.push_str(&text[at..reference.range.start]);
                accepted.push_str(&match draft_names::accepted(&reference.name) {
                    Some(_) => draft_names::accepted_form(&reference.name),
                    None => text[reference.range.clone()].to_owned(),
                });
                at = reference.range.end;
            }
        }
        accepted + &text[at..]
    }

    /// Returns true if a format string certainly resolves, given the names of the `let` bindings in scope: it refers to
    /// variables only, and each has a value.
    pub fn always_resolves(&self, text: &str, bound: &HashSet<&str>) -> bool {
        let ranges = references::ranges(text).into_iter();
        let mut names = ranges.map(|range| {
            let parsed = self
                .context
                .expressions
                .expression(references::inner(text, &range));
            let name = parsed.ok()?.as_name_lookup().map(str::to_owned)?;
            Some(draft_names::accepted_form(&name))
        });
        names.all(|name| {
            name.is_some_and(|name| {
                bound.contains(name.as_str())
                    || ALWAYS_KNOWN.iter().any(|prefix| name.starts_with(prefix))
            })
        })
    }
}

fn is_scalar(kind: &ExprType) -> bool {
    matches!(
        kind.code(),
        TypeCode::Bool
            | TypeCode::Int
            | TypeCode::Float
            | TypeCode::String
            | TypeCode::Path
            | TypeCode::RangeExpr
    )
}
