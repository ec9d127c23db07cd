//! What is wrong with a value, by a schema.

use crate::template::Path;
use serde_json::Value;
use std::fmt;

/// A keyword of a schema that a value breaks.
#[derive(Debug)]
pub struct Violation {
    /// The path of the value.
    pub path: Path,
    /// What the keyword requires.
    pub kind: Kind,
    /// The part of the schema that has the keyword.
    pub schema: &'static Value,
    /// True if that part lies in a `then`, and so applies to some values only.
    pub is_conditional: bool,
}

/// What a keyword requires, and what breaks it, as far as that cannot be read from the value.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `type`: one of those with these names.
    Type(&'static [Value]),
    /// `enum`: one of these.
    Enum(&'static [Value]),
    /// `const`: this value.
    Const(&'static Value),
    /// `required`: this key, which is missing.
    Required(&'static str),
    /// `additionalProperties: false`: none of these keys.
    Unexpected(Vec<String>),
    /// `propertyNames`: another name for this key, and why.
    Name(String, Box<Kind>),
    /// The schema `false`: nothing at all.
    Nothing,
    /// `minProperties`: this number of keys or more.
    MinProperties(u64),
    /// `minItems`: this number of items or more.
    MinItems(u64),
    /// `maxItems`: this number of items or fewer.
    MaxItems(u64),
    /// `uniqueItems`: no item twice.
    UniqueItems,
    /// `minLength`: this number of characters or more.
    MinLength(u64),
    /// `maxLength`: this number of characters or fewer.
    MaxLength(u64),
    /// `pattern`: a match of this regular expression.
    Pattern(&'static str),
    /// `minimum`: this number or more.
    Minimum(&'static Value),
    /// `maximum`: this number or less.
    Maximum(&'static Value),
    /// `exclusiveMinimum`: more than this number.
    ExclusiveMinimum(&'static Value),
    /// `anyOf`, `oneOf` or `not`: another form.
    Form,
}

/// Writes what follows the name of the value in a sentence.
impl fmt::Display for Kind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(names) => {
                let names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
                write!(out, "must be of type {}", names.join(" or "))
            }
            Self::Enum(options) => {
                out.write_str("must be one of")?;
                options
                    .iter()
                    .try_for_each(|option| write!(out, " {option}"))
            }
            Self::Const(expected) => write!(out, "must be {expected}"),
            Self::Required(name) => write!(out, "must have `{name}`"),
            Self::Unexpected(names) => write!(out, "must not have `{}`", names.join("`, `")),
            Self::Name(name, kind) => write!(out, "has the key `{name}`, which {kind}"),
            Self::Nothing => out.write_str("must not be there"),
            Self::MinProperties(1) | Self::MinItems(1) | Self::MinLength(1) => {
                out.write_str("must not be empty")
            }
            Self::MinProperties(least) => write!(out, "must have {least} keys or more"),
            Self::MinItems(least) => write!(out, "must have {least} items or more"),
            Self::MaxItems(most) => write!(out, "must have {most} items or fewer"),
            Self::UniqueItems => out.write_str("must not have an item twice"),
            Self::MinLength(least) => write!(out, "must have {least} characters or more"),
            Self::MaxLength(most) => write!(out, "must have {most} characters or fewer"),
            Self::Pattern(pattern) => write!(out, "must match `{pattern}`"),
            Self::Minimum(least) => write!(out, "must be {least} or more"),
            Self::Maximum(most) => write!(out, "must be {most} or less"),
            Self::ExclusiveMinimum(limit) => write!(out, "must be more than {limit}"),
            Self::Form => out.write_str("must have another form"),
        }
    }
}
