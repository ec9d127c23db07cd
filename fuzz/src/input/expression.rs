//! Expressions of a grammar with types: most of them have a value.

use super::text;
use arbitrary::{Result, Unstructured};
use serde_json::Value;

/// What an expression can be of each type; a `$` stands before the type of a part, and `#` for the depth.
const FORMS: [(char, &[&str]); 6] = [
    (
        't',
        &[
            "$t + $t",
            "$t * $n",
            "$t.upper()",
            "$t.title()",
            "$t.replace($t, $t)",
            "$t.zfill($n)",
            "$t.ljust($n, $t)",
            "$t.center($n)",
            "$t.strip($t)",
            "$t.removeprefix($t)",
            "$t[$n]",
            "$t[$n:$n]",
            "$t[::$n]",
            "string($n)",
            "string($l)",
            "string($p)",
            "join($s, $t)",
            "$s[$n]",
            "$t if $b else $t",
            "re_sub($t, $t, $t)",
            "re_escape($t)",
            "repr_sh($t)",
            "repr_cmd($s)",
            "repr_pwsh($t)",
            "repr_py($l)",
            "repr_json($s)",
            "with_number($t, $n)",
            "$p.name",
            "$p.stem",
            "$p.suffix",
            "$p.as_posix()",
            "fail($t)",
        ],
    ),
    (
        'n',
        &[
            "$n + $n",
            "$n - $n",
            "$n * $n",
            "$n // $n",
            "$n % $n",
            "$n ** $n",
            "-$n",
            "abs($n)",
            "len($t)",
            "len($l)",
            "sum($l)",
            "min($n, $n)",
            "max($l)",
            "int($t)",
            "round($n / $n)",
            "floor($n / $n)",
            "ceil($n * 0.5)",
            "$l[$n]",
            "$t.find($t)",
            "$t.count($t)",
            "$n if $b else $n",
        ],
    ),
    (
        'b',
        &[
            "$n < $n",
            "$n == $n",
            "$t != $t",
            "$l <= $l",
            "$t in $t",
            "$n not in $l",
            "$b and $b",
            "$b or $b",
            "not $b",
            "all([$b, $b])",
            "any([$b for i# in $l])",
            "$t.startswith($t)",
            "$t.isdigit()",
            "$p.is_absolute()",
            "bool($n)",
        ],
    ),
    (
        'l',
        &[
            "[$n, $n]",
            "range($n)",
            "range($n, $n, $n)",
            "$l + $l",
            "$l * $n",
            "$l[$n:$n]",
            "sorted($l)",
            "reversed($l)",
            "unique($l)",
            "flatten([$l, $l])",
            "list(range_expr($t))",
            "[i# * $n for i# in $l if i# < $n]",
            "[len(i#) for i# in $s]",
            "$l if $b else $l",
        ],
    ),
    (
        's',
        &[
            "[$t, $t]",
            "$t.split()",
            "$t.split($t)",
            "$t.rsplit($t, $n)",
            "re_split($t, $t)",
            "re_findall($t, $t)",
            "$s + $s",
            "[string(i#) + $t for i# in $l]",
            "sorted($s)",
            "$p.parts",
            "$p.suffixes",
        ],
    ),
    (
        'p',
        &[
            "path($t)",
            "$p / $t",
            "$p.parent",
            "$p.with_name($t)",
            "$p.with_suffix($t)",
            "$p.with_number($n)",
            "$p.relative_to($p)",
            "apply_path_mapping($t)",
        ],
    ),
];

/// Values of each type.
const VALUES: [(char, &[&str]); 6] = [
    (
        't',
        &[
            "Param.A",
            "RawParam.A",
            "''",
            "'a b'",
            "'1-10:3'",
            "'[a-z]+'",
            "'(a*)*'",
            "'/a/b.0001.exr'",
            "' é\\n'",
        ],
    ),
    (
        'n',
        &[
            "Param.N",
            "0",
            "1",
            "2",
            "-1",
            "1000",
            "99999999",
            "9223372036854775807",
            "9223372036854775808",
        ],
    ),
    ('b', &["True", "False"]),
    ('l', &["Param.L", "[]", "[1, 2]", "[0, -1]"]),
    ('s', &["['a', 'b']", "['']", "[]"]),
    (
        'p',
        &[
            "path('/a/b.0001.exr')",
            "path('')",
            "Session.WorkingDirectory",
        ],
    ),
];

/// Returns an expression of at most `depth` levels.
pub fn any(u: &mut Unstructured<'_>, depth: usize) -> Result<String> {
    let kind = u.choose(&VALUES)?.0;
    of_type(u, kind, depth)
}

fn of_type(u: &mut Unstructured<'_>, kind: char, depth: usize) -> Result<String> {
    if u.ratio(1, 30)? {
        return wrong(u);
    }
    let table = if depth == 0 { VALUES } else { FORMS };
    let forms = table.iter().find(|(own, _)| *own == kind);
    let form = *u.choose(forms.map_or(&[] as &[&str], |(_, forms)| forms))?;
    let mut expression = String::new();
    let mut rest = form.chars();
    while let Some(c) = rest.next() {
        match (c, depth) {
            ('$', 1..) => {
                let kind = rest.next().unwrap_or_default();
                let below = u.int_in_range(0..=depth - 1)?;
                expression += &format!("({})", of_type(u, kind, below)?);
            }
            ('#', 1..) => expression += &depth.to_string(),
            _ => expression.push(c),
        }
    }
    Ok(expression)
}

/// Returns a part that is hardly of the right type.
fn wrong(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=2)? {
        0 => Value::from(text::any(u)?).to_string(),
        1 => text::any(u)?,
        _ => (*u.choose(&[
            "None",
            "x",
            "Param.Unknown",
            "1e308",
            "0x10",
            "{}",
            "i1",
            "len",
            "Param",
        ])?)
        .to_owned(),
    })
}
