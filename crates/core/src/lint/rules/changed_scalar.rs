//! `changed-scalar`: an unquoted scalar that readers take for something else.

use crate::lint::decimal::Decimal;
use crate::lint::finding::{Draft, Place};
use crate::lint::fix::Proposal;
use crate::lint::pass::Pass;
use crate::lint::rule::{Level, Rule, rule};
use crate::lint::takes::Takes;
use crate::template::yaml11::{self, Reading};
use crate::template::{Change, Document, Path, Plain, Segment, Tag, Tagged, items_of};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::HashSet;

pub(super) static RULE: Rule = rule!(
    "changed-scalar",
    Warning,
    "an unquoted scalar that is read as something else, or that official tools read differently",
    []
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let document = pass.context.document;
    let said: HashSet<&Path> = pass.facts.iter().map(|fact| fact.place.path()).collect();
    let mut drafts = Vec::new();
    document.plain_scalars(&mut |plain| {
        let theirs = match (plain.value, document.is_json()) {
            (Some(value), true) => typed(value),
            _ => yaml11::read(plain.text),
        };
        // Most scalars are words, and to see that is cheaper than to find what their places take.
        if theirs == Reading::Text && is_text(&plain) || said.contains(plain.path) {
            return;
        }
        let Some(takes) = Takes::of(document.value(), plain.path) else {
            return;
        };
        drafts.extend(match (takes, plain.value) {
            (Takes::Text, Some(value)) => text(&plain, value, theirs),
            (Takes::Text, None) => name(&plain, theirs),
            (Takes::Integer | Takes::Number, Some(value)) if !document.is_json() => {
                number(&plain, takes, value, theirs)
            }
            _ => None,
        });
    });
    drafts.extend(nulls(document, &said));
    for tagged in document.tagged() {
        if !said.contains(&tagged.path) {
            let takes = Takes::of(document.value(), &tagged.path);
            drafts.extend(tag(&tagged, takes));
        }
    }
    drafts
}

/// Returns true if the value of a scalar is its text, and that is no number.
fn is_text(plain: &Plain<'_>) -> bool {
    let is_same = |value: &Value| value.as_str() == Some(plain.text);
    plain.value.is_none_or(is_same) && plain.text.parse::<f64>().is_err()
}

/// Reports job parameters whose `allowedValues` are null: here, that is as good as leaving them out.
fn nulls(document: &Document, said: &HashSet<&Path>) -> Vec<Draft> {
    let list = Path::root().key("parameterDefinitions");
    let definitions = items_of(list.get(document.value())).iter().enumerate();
    let nulls = definitions.filter(|(_, own)| own.get("allowedValues") == Some(&Value::Null));
    let paths = nulls.map(|(index, _)| list.index(index).key("allowedValues"));
    let unsaid = paths.filter(|path| !said.contains(path));
    let drafts = unsaid.map(|path| {
        let message = "a null `allowedValues` is as good as none here, but the official Python tools reject it";
        let change = Change::Remove(vec![path.clone()]);
        Draft::new(&RULE, Place::Value(path), message)
            .help("leave `allowedValues` out, or give it a list")
            .fix(Proposal::safe("remove `allowedValues`".to_owned(), change))
    });
    drafts.collect()
}

/// Returns the reading of a value whose type is clear from the syntax.
fn typed(value: &Value) -> Reading {
    match value {
        Value::Null => Reading::Null,
        Value::Bool(_) => Reading::Boolean,
        Value::Number(number) => Reading::Float(number.as_f64().unwrap_or(f64::NAN)),
        _ => Reading::Text,
    }
}

/// Returns what the official Python tools do with a scalar that they do not read as a string.
fn refusal(reading: Reading) -> Option<&'static str> {
    match reading {
        Reading::Boolean => Some("read it as a boolean and reject it"),
        Reading::Integer(_) | Reading::Float(_) => Some("read it as a number and reject it"),
        Reading::Date => Some("read it as a date and reject it"),
        Reading::Null => Some("read it as null and reject it"),
        Reading::Malformed => Some("cannot read it"),
        Reading::Text => None,
    }
}

fn text(plain: &Plain<'_>, value: &Value, theirs: Reading) -> Option<Draft> {
    let written = plain.text;
    let here: Cow<'_, str> = match value {
        Value::String(text) => text.into(),
        Value::Bool(value) => value.to_string().into(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => float.to_string().into(),
            _ => number.to_string().into(),
        },
        // No value is what it says.
        _ => return None,
    };
    let is_same = here == written;
    let here = shortened(&here);
    let message = match (!is_same, refusal(theirs)) {
        (false, None) => return None,
        (true, None) => {
            format!(
                "`{written}` is read as the string `{here}`, but the official Python tools keep it as it is"
            )
        }
        (true, Some(refusal)) => format!(
            "`{written}` is read as the string `{here}`, but the official Python tools {refusal}"
        ),
        (false, Some(refusal)) => {
            format!("`{written}` is a string here, but the official Python tools {refusal}")
        }
    };
    let change = Change::Quote(plain.path.clone());
    let draft = Draft::new(&RULE, Place::Value(plain.path.clone()), message);
    Some(
        draft
            .help(format!("quote it: `\"{written}\"`"))
            .fix(Proposal::safe(format!("quote `{written}`"), change)),
    )
}

/// Length up to which a number is shown whole.
const MAX_SHOWN: usize = 30;

/// Returns a number as a message shows it: of a long one, its start and its length.
fn shortened(number: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_digit() || b".-".contains(&byte);
    match number.len() > MAX_SHOWN && number.bytes().all(is_plain) {
        true => format!("{}… ({} characters)", &number[..8], number.len()),
        false => number.to_owned(),
    }
}

fn name(plain: &Plain<'_>, theirs: Reading) -> Option<Draft> {
    let (written, refusal) = (plain.text, refusal(theirs)?);
    let message = format!("`{written}` is a string here, but the official Python tools {refusal}");
    let draft = Draft::new(&RULE, Place::Key(plain.path.clone()), message);
    Some(draft.help(format!("quote it: `\"{written}\"`")))
}

fn number(plain: &Plain<'_>, takes: Takes, value: &Value, theirs: Reading) -> Option<Draft> {
    let written = plain.text;
    let here = match value {
        Value::Number(number) => number.as_f64()?,
        Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    let is_parameter = plain
        .path
        .segments()
        .iter()
        .any(|step| matches!(step, Segment::Key(key) if key == "parameterDefinitions"));
    let there = match theirs {
        #[expect(clippy::cast_precision_loss, reason = "two readings differ by more")]
        Reading::Integer(integer) => integer.map(|integer| (integer as f64, integer.to_string())),
        // As an INT of a job, a fraction is refused even if it is whole.
        Reading::Float(_) if takes == Takes::Integer && is_parameter => None,
        Reading::Float(float) => Some((float, float.to_string())),
        // A text that is a number in decimal is one to them too, an exponent in fractions only.
        _ if takes == Takes::Integer && written.parse::<i64>().is_err() => None,
        _ => written
            .parse()
            .ok()
            .map(|float: f64| (float, float.to_string())),
    };
    let decimal = "write the intended number in decimal, without leading zeros, `_` or `:`";
    let place = Place::Value(plain.path.clone());
    let is_integer = value.is_i64();
    Some(match there {
        Some((there, _)) if there == here && (is_integer || keeps_digits(written, here)) => {
            if takes != Takes::Number || !changes_exponent(written, theirs, is_parameter) {
                return None;
            }
            let full = here.to_string();
            let message = format!(
                "`{written}` is written out as `{}` here, but with an exponent by the official Python tools",
                shortened(&full)
            );
            let help = match full.len() > MAX_SHOWN {
                true => "quote it to keep its text".to_owned(),
                false => format!("write `{full}`, or quote it to keep its text"),
            };
            Draft::new(&RULE, place, message).help(help)
        }
        Some((there, _)) if there == here => {
            let lost = match here == 0.0 {
                true => "it is too small for a float",
                false => "a float holds about 17 digits",
            };
            let draft = Draft::new(
                &RULE,
                place,
                format!(
                    "`{written}` becomes {} here: {lost}",
                    shortened(&here.to_string())
                ),
            );
            match takes {
                Takes::Number => draft
                    .help(format!("quote it to keep its digits: `\"{written}\"`"))
                    .fix(Proposal::safe(
                        format!("quote `{written}`"),
                        Change::Quote(plain.path.clone()),
                    )),
                _ => draft.help(decimal),
            }
        }
        Some((_, there)) => {
            let message = format!(
                "`{written}` is {} here, but {} in the official Python tools",
                shortened(&here.to_string()),
                shortened(&there)
            );
            Draft::new(&RULE, place, message).help(decimal)
        }
        None => {
            let message = format!(
                "`{written}` is {} here, but the official Python tools reject it",
                shortened(&here.to_string())
            );
            let help = match (theirs, written.trim()) {
                // A space that YAML takes for a part of the number.
                (_, bare) if bare != written => {
                    &format!("write `{bare}`, without the space beside it")
                }
                (Reading::Float(_), _) => "write it without a decimal point",
                _ => decimal,
            };
            Draft::new(&RULE, place, message).help(help)
        }
    })
}

/// Returns true if the decimal `written` is the number `here` with all its digits; other notations are not judged.
fn keeps_digits(written: &str, here: f64) -> bool {
    Decimal::parse(written).is_none_or(|decimal| Decimal::of(here) == Some(decimal))
}

/// Returns true if the official Python tools write a FLOAT with an exponent that openjd-monitor writes without.
fn changes_exponent(written: &str, theirs: Reading, is_parameter: bool) -> bool {
    let Some((number, exponent)) = written.split_once(['e', 'E']) else {
        return false;
    };
    let fraction = number.split_once('.').map_or(0, |(_, digits)| digits.len());
    let (Ok(exponent), Ok(fraction)) = (exponent.parse::<i64>(), i64::try_from(fraction)) else {
        return false;
    };
    match theirs {
        // They keep the text, and write that of a parameter of the job anew.
        Reading::Text => !is_parameter || exponent > fraction || exponent < -6,
        Reading::Float(float) => float.abs() >= 1e16,
        _ => false,
    }
}

/// Reports a tag that not all official tools read alike.
fn tag(tagged: &Tagged<'_>, takes: Option<Takes>) -> Option<Draft> {
    let message = match tagged.tag {
        Tag::Core(name) if ["int", "float", "bool"].contains(&name.as_str()) => {
            format!("the official Rust tools reject a template with the tag `!!{name}`")
        }
        Tag::Core(_) => return None,
        Tag::Local => "the official Python tools reject a template with this tag".to_owned(),
        Tag::NonSpecific => {
            let refusal = tagged
                .text
                .filter(|_| tagged.is_plain && (tagged.is_key || takes == Some(Takes::Text)))
                .and_then(|text| refusal(yaml11::read(text)))?;
            format!("`!` makes it a string here, but the official Python tools {refusal}")
        }
    };
    let help = match tagged.tag {
        Tag::NonSpecific => "quote it, without the tag",
        _ => "remove the tag: quote a string, and write a number without quotes",
    };
    let place = match (tagged.is_key, tagged.text) {
        (true, _) => Place::Key(tagged.path.clone()),
        (false, Some(_)) => Place::Value(tagged.path.clone()),
        (false, None) => Place::Object(tagged.path.clone()),
    };
    let level = match tagged.tag {
        // They read no such template, so it is as invalid as one that cannot be read here.
        Tag::Core(_) => Level::Error,
        _ => Level::Warning,
    };
    Some(Draft::new(&RULE, place, message).level(level).help(help))
}
