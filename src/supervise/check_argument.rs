//! Arguments of a check on the command line of `supervise`.

use super::number::whole;
use super::refusal::Refusal;
use serde_json::value::RawValue;

/// Argument of the check, as it is written.
#[derive(Debug)]
pub(super) enum CheckArgument {
    Text(String),
    /// JSON of the value of an expression.
    Value(String),
    /// Elements of a list.
    List(Vec<String>),
}

impl CheckArgument {
    /// Reads an argument; takes the elements of a list from those behind it with `next`.
    pub fn read(argument: &str, mut next: impl FnMut() -> Option<String>) -> Result<Self, Refusal> {
        Ok(match argument.split_at_checked(1) {
            Some(("=", text)) => Self::Text(text.to_owned()),
            Some(("j", json)) => Self::Value(json.to_owned()),
            Some(("*", count)) => {
                let elements = (0..whole("*", count, 0)?).map_while(|_| next());
                Self::List(elements.collect())
            }
            _ => return Err(Refusal::Argument(argument.to_owned())),
        })
    }

    /// Returns the arguments that it stands for. A list stands for its elements, a null for nothing.
    pub fn words(&self) -> Result<Vec<String>, Refusal> {
        match self {
            Self::Text(text) => Ok(vec![text.clone()]),
            Self::List(elements) => Ok(elements.clone()),
            Self::Value(json) => values(json),
        }
    }
}

/// Returns the arguments that a value stands for: the elements of a list, and no null.
fn values(json: &str) -> Result<Vec<String>, Refusal> {
    let fail = |error: serde_json::Error| Refusal::Argument(error.to_string());
    let elements: Vec<&RawValue> = match json.trim_start().starts_with('[') {
        true => serde_json::from_str(json).map_err(fail)?,
        false => vec![serde_json::from_str(json).map_err(fail)?],
    };
    let mut arguments = Vec::new();
    for element in elements {
        let text = element.get();
        match text.as_bytes() {
            b"null" => {}
            [b'"', ..] => arguments.push(serde_json::from_str(text).map_err(fail)?),
            [b'[' | b'{', ..] => return Err(Refusal::Argument(text.to_owned())),
            // Numbers stay as they are written.
            _ => arguments.push(text.to_owned()),
        }
    }
    match arguments.iter().any(|argument| argument.contains('\0')) {
        true => Err(Refusal::Nul),
        false => Ok(arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(written: &[&str]) -> Result<Vec<String>, Refusal> {
        let mut rest = written[1..].iter().map(|&text| text.to_owned());
        CheckArgument::read(written[0], || rest.next())?.words()
    }

    #[test]
    fn a_value_is_as_many_arguments_as_it_has_elements() {
        for (json, arguments) in [
            ("null", [].as_slice()),
            ("[]", &[]),
            ("[null, \"\", \"a\\nb\"]", &["", "a\nb"]),
            (
                "[1, -1.50, 1e5, 123456789012345678901234567890]",
                &["1", "-1.50", "1e5", "123456789012345678901234567890"],
            ),
            ("true", &["true"]),
            (" \"null\"", &["null"]),
        ] {
            let words = words(&[&format!("j{json}")]).expect("arguments");
            assert_eq!(words, *arguments, "{json}");
        }
        for json in ["", "x", "{}", "[[1]]", "\"\\u0000\"", "1 2"] {
            assert!(words(&[&format!("j{json}")]).is_err(), "{json}");
        }
    }

    #[test]
    fn a_list_of_known_length_has_the_arguments_behind_it() {
        assert_eq!(
            words(&["*2", "--", "=x", "y"]).expect("arguments"),
            ["--", "=x"]
        );
        assert!(words(&["*two", "a", "b"]).is_err());
    }
}
