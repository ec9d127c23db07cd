//! Functions of expressions, limited before they take memory.
//!
//! `openjd-expr` (0.8.0) limits the memory of an expression, but some of its functions make a whole list before that
//! is asked: `range(9000000)` takes 600 MB, `split` more. What these would be refused for afterwards is refused here
//! before.

use openjd_expr::types::TypeCode;
use openjd_expr::{
    EvalContext, ExprProfile, ExprType, ExprValue, ExpressionError, FunctionLibrary, HostContext,
    PathMappingRule,
};
use openjd_model::ModelProfile;
use std::sync::{Arc, LazyLock};

/// Functions that make lists without asking.
const FUNCTIONS: [&str; 7] = [
    "range",
    "split",
    "rsplit",
    "re_split",
    "re_findall",
    "parts",
    "__property_parts__",
];

/// Each of their names contains one of these.
const PARTS_OF_THEIR_NAMES: [&str; 4] = ["range", "split", "findall", "parts"];

/// Lists of fewer items are not counted before.
const FEW_ITEMS: usize = 10_000;

/// Functions of expressions that are resolved where a job is created.
pub(crate) static OF_CREATION: LazyLock<FunctionLibrary> = LazyLock::new(|| on(HostContext::None));

/// The same functions without limits, which `openjd-model` has made already.
static UNLIMITED: LazyLock<Arc<FunctionLibrary>> =
    LazyLock::new(|| FunctionLibrary::for_profile(&profile(HostContext::None)));

/// Returns the functions for `expression`, which is resolved where a job is created: those of [`OF_CREATION`], or the
/// same without limits if it calls none that has one.
pub(crate) fn for_creation_of(expression: &str) -> &'static FunctionLibrary {
    // Beyond ASCII, the same name can be written in several ways.
    let mut names = PARTS_OF_THEIR_NAMES.iter();
    match expression.is_ascii() && !names.any(|name| expression.contains(name)) {
        true => &UNLIMITED,
        false => &OF_CREATION,
    }
}

/// Functions of expressions that are resolved on a host, which is not known.
pub(crate) static OF_HOSTS: LazyLock<FunctionLibrary> =
    LazyLock::new(|| on(HostContext::Unresolved));

/// Functions of expressions that are resolved on a host that maps no paths.
static OF_PLAIN_HOSTS: LazyLock<Arc<FunctionLibrary>> =
    LazyLock::new(|| Arc::new(on(HostContext::with_rules(Vec::new()))));

/// Returns the functions of expressions that are resolved on a host with these rules for its paths.
pub(crate) fn on_host(rules: &[PathMappingRule]) -> Arc<FunctionLibrary> {
    match rules.is_empty() {
        true => OF_PLAIN_HOSTS.clone(),
        false => Arc::new(on(HostContext::with_rules(rules.to_vec()))),
    }
}

/// Returns the functions of expressions that are resolved on `host`. Decoding has checked which of them a template may
/// use.
fn on(host: HostContext) -> FunctionLibrary {
    of_profile(&profile(host))
}

fn profile(host: HostContext) -> ExprProfile {
    ModelProfile::latest().to_expr_profile(host)
}

/// Returns the functions of `profile`.
fn of_profile(profile: &ExprProfile) -> FunctionLibrary {
    let known = FunctionLibrary::for_profile(profile);
    let mut library = FunctionLibrary::new();
    for name in known.function_names() {
        for entry in known.get_signatures(name) {
            let call = entry.implementation.clone();
            let signature = entry.signature.clone();
            match FUNCTIONS.iter().find(|function| **function == name) {
                Some(function) => library.register(name, signature, move |context, arguments| {
                    check(function, context, arguments)?;
                    call(context, arguments)
                }),
                None => library.register(name, signature, move |context, arguments| {
                    call(context, arguments)
                }),
            }
        }
    }
    library
}

/// Returns the type of what an expression gives, also of what is known only where the job runs.
pub(crate) fn type_of(value: &ExprValue) -> ExprType {
    let kind = value.expr_type();
    match (kind.code(), kind.params()) {
        (TypeCode::Unresolved, [later]) => later.clone(),
        _ => kind,
    }
}

/// Fails if the list that `function` returns is larger than the context allows.
fn check(
    function: &str,
    context: &mut dyn EvalContext,
    arguments: &[ExprValue],
) -> Result<(), ExpressionError> {
    let items = match (function, arguments) {
        ("range", [ExprValue::Int(stop)]) => range(0, *stop, 1),
        ("range", [ExprValue::Int(start), ExprValue::Int(stop)]) => range(*start, *stop, 1),
        (
            "range",
            [
                ExprValue::Int(start),
                ExprValue::Int(stop),
                ExprValue::Int(step),
            ],
        ) => range(*start, *stop, *step),
        (
            _,
            [
                ExprValue::String(text) | ExprValue::Path { value: text, .. },
                ..,
            ],
        ) if text.len() > FEW_ITEMS => pieces(function, text, &arguments[1..], context),
        _ => 0,
    };
    if items <= FEW_ITEMS {
        return Ok(());
    }
    // The arguments may have been dropped when the memory of the result is counted.
    let given: usize = arguments.iter().map(ExprValue::memory_size).sum();
    let bytes = items.saturating_mul(size_of::<ExprValue>());
    context.check_memory(bytes.saturating_sub(given))
}

/// Number of integers in a range; 0 if it has no step.
fn range(start: i64, stop: i64, step: i64) -> usize {
    let (start, stop, step) = (i128::from(start), i128::from(stop), i128::from(step));
    let count = match step {
        0 => 0,
        1.. => (stop - start + step - 1) / step,
        _ => (start - stop - step - 1) / -step,
    };
    usize::try_from(count.max(0)).unwrap_or(usize::MAX)
}

/// Lower bound on the number of pieces that a text is taken to.
fn pieces(function: &str, text: &str, rest: &[ExprValue], context: &mut dyn EvalContext) -> usize {
    let count = match (function, rest) {
        ("split" | "rsplit", []) => {
            // Python and Rust differ in what else is white space.
            let is_text = |part: &&str| part.contains(|c: char| c.is_ascii_graphic());
            text.split_ascii_whitespace().filter(is_text).count()
        }
        ("split" | "rsplit", [ExprValue::String(separator), ..]) if !separator.is_empty() => {
            text.matches(separator.as_str()).count()
        }
        ("re_split" | "re_findall", [ExprValue::String(pattern), ..]) if !pattern.is_empty() => {
            let found = context.get_or_compile_regex(pattern);
            found.map_or(0, |regex| regex.find_iter(text).count())
        }
        ("parts" | "__property_parts__", _) => {
            let parts = text.split('/').filter(|part| !matches!(*part, "" | "."));
            parts.count()
        }
        _ => 0,
    };
    match rest {
        // At most so many splits; a negative number is all of them, or none.
        [_, ExprValue::Int(most)] if function == "re_split" && *most < 0 => 0,
        [_, ExprValue::Int(most)] if *most > 0 || *most == 0 && function != "re_split" => {
            count.min(usize::try_from(*most).unwrap_or(usize::MAX))
        }
        _ => count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openjd_expr::SymbolTable;
    use openjd_expr::eval::ParsedExpression;

    fn both(expression: &str, memory: usize) -> [String; 2] {
        let profile = ExprProfile::latest();
        let (theirs, ours) = (FunctionLibrary::for_profile(&profile), of_profile(&profile));
        [&*theirs, &ours].map(|library| {
            let parsed = ParsedExpression::new(expression).expect("an expression");
            let evaluated = parsed
                .with_library(library)
                .with_memory_limit(memory)
                .evaluate(&[&SymbolTable::new()]);
            match evaluated {
                Ok(value) => value.to_display_string(),
                Err(error) => error.message(),
            }
        })
    }

    #[test]
    fn what_a_function_gives_is_what_it_gives_without_limits() {
        let texts = [
            "'a b,c' * 9000",
            "'/a//./b/' * 9000",
            "'\\x1c \\x1f a' * 9000",
            "'ab' * 9000",
        ];
        let calls = [
            "len(split(T))",
            "len(split(T, ','))",
            "len(split(T, 'b', 3))",
            "len(split(T, 'b', -1))",
            "len(rsplit(T, 'b', 20000))",
            "len(re_split(T, '[bc]'))",
            "len(re_split(T, '[bc]', 0))",
            "len(re_split(T, '[bc]', -2))",
            "len(re_split(T, '[bc]', 7))",
            "len(re_findall(T, 'b*'))",
            "len(re_findall(T, '(b)(c)?'))",
            "len(re_findall(T, '('))",
            "len(re_findall(T, ''))",
            "len(path(T).parts)",
        ];
        let ranges = [
            "len(range(20000))",
            "len(range(-5, 20001, 2))",
            "len(range(20000, -1, -1))",
            "len(range(20000, 0))",
            "range(1, 2, 0)",
            "len(range(9223372036854775807, 9223372036854775806, -9223372036854775808))",
        ];
        let of_texts = texts
            .iter()
            .flat_map(|text| calls.map(|call| call.replace('T', text)));
        for call in of_texts.chain(ranges.map(str::to_owned)) {
            let mut is_refused = false;
            for memory in [10_000_000, 3_000_000, 1_500_000, 1_000_000, 500_000] {
                let [theirs, ours] = both(&call, memory);
                is_refused |= theirs.contains("memory");
                assert_eq!(
                    theirs.contains("memory"),
                    ours.contains("memory"),
                    "{call} {memory}"
                );
                if !is_refused {
                    assert_eq!(theirs, ours, "{call} {memory}");
                }
            }
        }
    }

    #[test]
    fn an_expression_that_makes_a_list_gets_the_limits() {
        let is_limited = |expression| std::ptr::eq(for_creation_of(expression), &*OF_CREATION);
        for expression in [
            "range(9)",
            "Param.A.split()",
            "re_findall('a', 'b')",
            "Param.P.parts",
            "\u{ff52}ange(9)",
        ] {
            assert!(is_limited(expression), "{expression}");
        }
        assert!(!is_limited("Param.A.upper() * 2"));
        for function in FUNCTIONS {
            assert!(is_limited(function), "{function}");
        }
    }
}
