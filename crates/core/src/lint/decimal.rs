//! Numbers as they are written in decimal, however many digits they have.

/// A number by its digits, so that two texts of one number are equal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    is_negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    /// The power of ten of the last digit.
    exponent: i64,
}

impl Decimal {
    /// Parses a number with or without fraction and exponent; `None` for another notation.
    pub fn parse(text: &str) -> Option<Self> {
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (number, exponent) = match text.split_once(['e', 'E']) {
            // Beyond 64 bits it is out of all bounds.
            Some((number, exponent)) => (number, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = all.trim_end_matches('0');
        let zeros = i64::try_from(all.len() - digits.len()).ok()?;
        let fraction = i64::try_from(fraction.len()).ok()?;
        let digits = digits.trim_start_matches('0').to_owned();
        let is_zero = digits.is_empty();
        Some(Self {
            is_negative: is_negative && !is_zero,
            digits,
            exponent: match is_zero {
                true => 0,
                false => exponent.checked_add(zeros - fraction)?,
            },
        })
    }

    /// Returns the decimal that stands for `number`: the shortest that reads back as it.
    pub fn of(number: f64) -> Option<Self> {
        Self::parse(&format!("{number:e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_one_number_are_equal() {
        for (one, other) in [
            ("1e3", "1000.0"),
            ("-0.0", "0"),
            ("+007.50", "7.5"),
            (".5", "5e-1"),
            ("0e400", "0"),
        ] {
            assert_eq!(Decimal::parse(one), Decimal::parse(other), "{one}");
        }
        assert_ne!(Decimal::parse("-1"), Decimal::parse("1"));
        for text in [
            "",
            ".",
            "1_000",
            "0x1F",
            "1e",
            "1e99999999999999999999",
            ".inf",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn digits_beyond_a_float_are_seen() {
        for text in ["12345678901234567891", "1e-400", "9007199254740993.0"] {
            let float: f64 = text.parse().unwrap_or_default();
            assert_ne!(Decimal::parse(text), Decimal::of(float), "{text}");
        }
        assert_eq!(Decimal::parse("0.1"), Decimal::of(0.1));
    }
}
