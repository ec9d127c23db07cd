//! Documents that nearly are what they should be, in any way of writing them.

use super::text;
use arbitrary::{Result, Unstructured};
use openjd_monitor_core::template::Syntax;
use serde_json::Value;

/// A value of a document. Unlike JSON's, an object may have a key twice.
#[derive(Debug, Clone)]
pub enum Tree {
    /// Text, a number or a word such as `true`, as it is written without quotes.
    Scalar(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl From<&Value> for Tree {
    fn from(value: &Value) -> Self {
        match value {
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(fields) => {
                let fields = fields.iter();
                Self::Object(
                    fields
                        .map(|(key, value)| (key.clone(), value.into()))
                        .collect(),
                )
            }
            Value::String(text) => Self::Scalar(text.clone()),
            other => Self::Scalar(other.to_string()),
        }
    }
}

impl Tree {
    /// Changes a few things; `words` are keys and values that mean something.
    pub fn change(&mut self, u: &mut Unstructured<'_>, words: &[&str]) -> Result<()> {
        for _ in 0..u.int_in_range(0..=6)? {
            self.descend(u, words, 0)?;
        }
        Ok(())
    }

    fn descend(&mut self, u: &mut Unstructured<'_>, words: &[&str], depth: usize) -> Result<()> {
        let is_leaf = match self {
            Self::Scalar(_) => true,
            Self::List(items) => items.is_empty(),
            Self::Object(fields) => fields.is_empty(),
        };
        if !is_leaf && !u.ratio(1, 6)? {
            let child = match self {
                Self::List(items) => {
                    let index = u.choose_index(items.len())?;
                    &mut items[index]
                }
                Self::Object(fields) => {
                    let index = u.choose_index(fields.len())?;
                    &mut fields[index].1
                }
                Self::Scalar(_) => return Ok(()),
            };
            return child.descend(u, words, depth + 1);
        }
        match (self, u.int_in_range(0..=5)?) {
            (Self::Object(fields), 0..=1) => {
                fields.push((word(u, words)?, leaf(u, words, depth)?));
            }
            (Self::Object(fields), 2) if !fields.is_empty() => {
                let index = u.choose_index(fields.len())?;
                fields[index].0 = word(u, words)?;
            }
            (Self::Object(fields), 3) if !fields.is_empty() => {
                fields.remove(u.choose_index(fields.len())?);
            }
            (Self::Object(fields), 4) if !fields.is_empty() => {
                let field = u.choose(fields)?.clone();
                fields.push(field);
            }
            (Self::List(items), 0..=3) => items.push(leaf(u, words, depth)?),
            (Self::List(items), 4) if !items.is_empty() => {
                items.remove(u.choose_index(items.len())?);
            }
            (Self::Scalar(text), 0..=1) => {
                let at = text.floor_char_boundary(u.int_in_range(0..=text.len())?);
                text.insert_str(at, &word(u, words)?);
            }
            (any, _) => *any = leaf(u, words, depth)?,
        }
        Ok(())
    }

    /// Returns the value of a field of an object; `None` without such a field.
    pub fn field(&mut self, name: &str) -> Option<&mut Tree> {
        match self {
            Self::Object(fields) => fields
                .iter_mut()
                .find_map(|(key, value)| (key == name).then_some(value)),
            Self::Scalar(_) | Self::List(_) => None,
        }
    }

    /// Writes the document with random indentation, styles and comments.
    pub fn write(&self, u: &mut Unstructured<'_>, syntax: Syntax) -> Result<String> {
        let mut out = String::new();
        match syntax {
            Syntax::Json => self.write_flow(u, syntax, &mut out)?,
            Syntax::Yaml => self.write_block(u, 0, &mut out)?,
        }
        out.push('\n');
        Ok(out)
    }

    fn write_block(&self, u: &mut Unstructured<'_>, indent: usize, out: &mut String) -> Result<()> {
        let is_flow = u.ratio(1, 12)?;
        let pad = " ".repeat(indent);
        match self {
            Self::Object(fields) if !fields.is_empty() && !is_flow => {
                for (key, value) in fields {
                    out.push('\n');
                    out.push_str(&pad);
                    if u.ratio(1, 30)? {
                        out.push_str(&format!("# {}\n{pad}", comment(u)?));
                    }
                    scalar(u, key, Syntax::Yaml, out)?;
                    out.push_str(": ");
                    value.write_block(u, indent + 2, out)?;
                }
            }
            Self::List(items) if !items.is_empty() && !is_flow => {
                for item in items {
                    out.push_str(&format!("\n{pad}- "));
                    item.write_block(u, indent + 2, out)?;
                }
            }
            Self::Scalar(text) if u.ratio(1, 8)? => {
                out.push_str(u.choose(&["|", ">", "|-", ">-", "|2+"])?);
                for line in text.split('\n') {
                    out.push_str(&format!("\n{pad}  {line}"));
                }
            }
            other => {
                other.write_flow(u, Syntax::Yaml, out)?;
                if u.ratio(1, 20)? {
                    out.push_str(&format!(" # {}", comment(u)?));
                }
            }
        }
        Ok(())
    }

    fn write_flow(&self, u: &mut Unstructured<'_>, syntax: Syntax, out: &mut String) -> Result<()> {
        match self {
            Self::Scalar(text) => return scalar(u, text, syntax, out),
            Self::List(items) => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    item.write_flow(u, syntax, out)?;
                }
                out.push(']');
            }
            Self::Object(fields) => {
                out.push('{');
                for (index, (key, value)) in fields.iter().enumerate() {
                    out.push_str(if index > 0 { ", " } else { "" });
                    scalar(u, key, syntax, out)?;
                    out.push_str(": ");
                    value.write_flow(u, syntax, out)?;
                }
                out.push('}');
            }
        }
        Ok(())
    }
}

/// A word that means something, or any text.
fn word(u: &mut Unstructured<'_>, words: &[&str]) -> Result<String> {
    match u.ratio(1, 3)? {
        true => text::any(u),
        false => Ok((*u.choose(words)?).to_owned()),
    }
}

/// A small value.
fn leaf(u: &mut Unstructured<'_>, words: &[&str], depth: usize) -> Result<Tree> {
    Ok(match u.int_in_range(0..=7)? {
        0 if depth < 12 => Tree::Object(vec![(word(u, words)?, Tree::Scalar(word(u, words)?))]),
        1 => Tree::List(vec![Tree::Scalar(word(u, words)?)]),
        2 => Tree::Scalar(u.arbitrary::<i64>()?.to_string()),
        3 => Tree::Scalar(u.int_in_range(0..=70)?.to_string()),
        _ => Tree::Scalar(word(u, words)?),
    })
}

fn comment(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.ratio(1, 2)? {
        true => format!("openjd-monitor: ignore[{}]", text::any(u)?),
        false => text::any(u)?,
    })
}

/// Writes a text without quotes, as it is, or in quotes, with escapes or without.
fn scalar(u: &mut Unstructured<'_>, text: &str, syntax: Syntax, out: &mut String) -> Result<()> {
    let is_word = text
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-._".contains(c));
    let style = u.int_in_range(0..=9)?;
    match syntax {
        Syntax::Json if is_json(text) => out.push_str(text),
        // As it is, rarely: most texts break the syntax then.
        Syntax::Json if style == 9 => out.push_str(&format!("\"{text}\"")),
        Syntax::Json => out.push_str(&Value::from(text).to_string()),
        Syntax::Yaml if is_word && style < 8 && !text.is_empty() => out.push_str(text),
        Syntax::Yaml => match style {
            0..=4 => out.push_str(&escaped(text)),
            5..=7 => out.push_str(&format!("'{}'", text.replace('\'', "''"))),
            8 => out.push_str(&format!("\"{text}\"")),
            _ => out.push_str(text),
        },
    }
    Ok(())
}

/// Returns true for a number, `true`, `false` or `null`.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|value| !value.is_string())
}

/// Returns `text` in double quotes as YAML escapes it.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        ' '..='~' if c != '"' && c != '\\' => c.to_string(),
        _ => format!("\\U{:08x}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}
