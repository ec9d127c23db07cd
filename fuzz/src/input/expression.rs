//! Expressions that can be parsed, most of them with operands that fit.

use super::text;
use arbitrary::{Result, Unstructured};
use serde_json::Value;

/// Names in the scope of the target, and some that are not.
const NAMES: &[&str] = &[
    "Param.A",
    "Param.N",
    "RawParam.A",
    "Param.L",
    "Session.WorkingDirectory",
    "x",
    "y",
    "Param.Unknown",
];

/// Functions, of which many can be methods, too.
const FUNCTIONS: &[&str] = &[
    "abs",
    "all",
    "any",
    "apply_path_mapping",
    "as_posix",
    "bool",
    "capitalize",
    "ceil",
    "center",
    "count",
    "endswith",
    "fail",
    "find",
    "flatten",
    "float",
    "floor",
    "index",
    "int",
    "isdigit",
    "join",
    "len",
    "list",
    "ljust",
    "lower",
    "max",
    "min",
    "path",
    "range",
    "range_expr",
    "re_escape",
    "re_findall",
    "re_match",
    "re_search",
    "re_split",
    "re_sub",
    "relative_to",
    "removeprefix",
    "replace",
    "repr_cmd",
    "repr_json",
    "repr_pwsh",
    "repr_py",
    "repr_sh",
    "reversed",
    "rfind",
    "rjust",
    "round",
    "rsplit",
    "sorted",
    "split",
    "startswith",
    "string",
    "strip",
    "sum",
    "title",
    "unique",
    "upper",
    "with_name",
    "with_number",
    "with_suffix",
    "zfill",
];

const PROPERTIES: &[&str] = &["name", "parent", "parts", "stem", "suffix", "suffixes"];

const OPERATORS: &[&str] = &[
    "+", "-", "*", "/", "//", "%", "**", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "and",
    "or",
];

/// Numbers at the edges of what is allowed.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "30",
    "1000",
    "99999999",
    "9223372036854775807",
    "9223372036854775808",
    "0.5",
    "1e308",
    "0x10",
];

/// Returns an expression of at most `depth` levels.
pub fn any(u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    let Some(depth) = depth.checked_sub(1) else {
        return leaf(u);
    };
    let part = |u: &mut Unstructured<'_>| any(u, depth);
    Ok(match u.int_in_range(0..=11)? {
        0..=2 => {
            let operator = *u.choose(OPERATORS)?;
            format!("({} {operator} {})", part(u)?, part(u)?)
        }
        3 => format!("{}{}", u.choose(&["-", "+", "not "])?, part(u)?),
        4..=5 => format!("{}({})", u.choose(FUNCTIONS)?, parts(u, depth)?),
        6..=7 => format!(
            "{}.{}({})",
            part(u)?,
            u.choose(FUNCTIONS)?,
            parts(u, depth)?
        ),
        8 => format!("[{}]", parts(u, depth)?),
        9 => {
            let (item, items) = (part(u)?, part(u)?);
            let condition = match u.ratio(1, 3)? {
                true => format!(" if {}", part(u)?),
                false => String::new(),
            };
            format!("[{item} for x in {items}{condition}]")
        }
        10 => format!("({} if {} else {})", part(u)?, part(u)?, part(u)?),
        _ => match u.ratio(1, 2)? {
            true => format!("{}.{}", part(u)?, u.choose(PROPERTIES)?),
            false => format!("{}[{}]", part(u)?, subscript(u, depth)?),
        },
    })
}

fn leaf(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=4)? {
        0..=1 => (*u.choose(NAMES)?).to_owned(),
        2 => (*u.choose(NUMBERS)?).to_owned(),
        3 => Value::from(text::any(u)?).to_string(),
        _ => (*u.choose(&[
            "True",
            "None",
            "[]",
            "'a'",
            "'1-10:3'",
            "'[a-z]+'",
            "'/a/b.0001.exr'",
        ])?)
        .to_owned(),
    })
}

/// Returns a few parts, with commas between them.
fn parts(u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    let mut parts = Vec::new();
    for _ in 0..u.int_in_range(0..=3)? {
        parts.push(any(u, depth)?);
    }
    Ok(parts.join(", "))
}

/// Returns an index or a slice.
fn subscript(u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    let mut parts = vec![any(u, depth)?];
    for _ in 0..u.int_in_range(0..=2)? {
        parts.push(match u.ratio(1, 2)? {
            true => any(u, depth)?,
            false => String::new(),
        });
    }
    Ok(parts.join(":"))
}
