//! Wording of times, numbers and counts.

use super::fold::Counts;
use crate::session::Time;

/// Longest text that is kept, in bytes; more than a failure status has (OUT-3).
const MAX_TEXT: usize = 4200;

/// Cuts a text of unknown length.
pub(super) fn cut(text: &str) -> String {
    let end = text.floor_char_boundary(MAX_TEXT);
    match text.len() - end {
        0 => text.to_owned(),
        more => format!("{}… ({} bytes more)", &text[..end], number(more as u64)),
    }
}

/// Puts a text on one line.
pub(super) fn one_line(text: &str) -> String {
    text.replace("\r\n", " ⏎ ").replace('\n', " ⏎ ")
}

/// Formats a number with its thousands apart.
pub(super) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// Counts a noun: `1 check`, `2 checks`.
pub(super) fn several(count: u64, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{} {noun}{ending}", number(count))
}

/// Formats a time in seconds, as in a trace.
pub(super) fn seconds(time: Time) -> String {
    let decimals = format!("{:03}", time.subsec_millis());
    match decimals.trim_end_matches('0') {
        "" => format!("{} s", time.as_secs()),
        decimals => format!("{}.{decimals} s", time.as_secs()),
    }
}

/// Formats a time in days, hours, minutes and seconds.
pub(super) fn human(time: Time) -> String {
    let whole = time.as_secs();
    let parts = [
        (whole / 86_400, "d"),
        (whole / 3600 % 24, "h"),
        (whole / 60 % 60, "min"),
    ];
    let mut words: Vec<_> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count} {unit}"))
        .collect();
    let rest = time - Time::from_secs(whole - whole % 60);
    if words.is_empty() || rest.as_millis() > 0 {
        words.push(seconds(rest));
    }
    words.join(" ")
}

/// Formats a time both ways, where they differ.
pub(super) fn both(time: Time) -> String {
    if time < Time::from_secs(60) {
        seconds(time)
    } else {
        format!("{} ({})", seconds(time), human(time))
    }
}

/// Counts checks by their results.
pub(super) fn checks(counts: &Counts) -> String {
    let kinds = [
        (counts.healthy, "healthy"),
        (counts.unhealthy, "unhealthy"),
        (counts.discarded, "discarded"),
    ];
    let kinds = kinds.iter().filter(|(count, _)| *count > 0);
    let kinds: Vec<_> = kinds
        .map(|(count, name)| format!("{} {name}", number(*count)))
        .collect();
    format!(
        "{}: {}",
        several(counts.checks(), "check"),
        kinds.join(", ")
    )
}

/// Lists all counts of a stretch.
pub(super) fn everything(counts: &Counts) -> String {
    let mut parts = Vec::new();
    if counts.succeeded > 0 {
        parts.push(several(counts.succeeded, "action") + " with SUCCESS");
    }
    if counts.unsuccessful > 0 {
        parts.push(several(counts.unsuccessful, "action") + " without");
    }
    if counts.checks() > 0 {
        parts.push(checks(counts));
    }
    for (count, noun) in [
        (counts.skipped, "skipped tick"),
        (counts.statuses, "status message"),
        (counts.signals, "signal"),
    ] {
        if count > 0 {
            parts.push(several(count, noun));
        }
    }
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_in_the_units_that_they_need() {
        let human = |millis| human(Time::from_millis(millis));
        assert_eq!(human(0), "0 s");
        assert_eq!(human(800_200), "13 min 20.2 s");
        assert_eq!(human(3_600_000), "1 h");
        assert_eq!(human(86_400_000 * 57 + 50), "57 d 0.05 s");
    }

    #[test]
    fn thousands_are_apart() {
        assert_eq!(number(999), "999");
        assert_eq!(number(2997), "2,997");
        assert_eq!(number(1_000_000), "1,000,000");
    }
}
