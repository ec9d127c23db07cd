//! Numbers on the command line of `supervise`.

use super::refusal::Refusal;

/// Reads a whole number; a FLOAT has a fraction or an exponent as text. One that is too large for this program is the
/// largest.
pub(super) fn whole(name: &str, text: &str, least: u64) -> Result<u64, Refusal> {
    let is_decimal = |byte: u8| byte.is_ascii_digit() || b"+-.eE".contains(&byte);
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|number| text.bytes().all(is_decimal) && number.fract() == 0.0 && *number >= 0.0);
    let number = number.map(|number| format!("{:.0}", number.abs()));
    let number = number.map(|digits| digits.parse().unwrap_or(u64::MAX));
    number
        .filter(|number| *number >= least)
        .ok_or_else(|| Refusal::Number {
            name: name.to_owned(),
            least,
            text: text.to_owned(),
        })
}
