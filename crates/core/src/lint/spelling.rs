//! Names that are nearly right, and lists of names.

use crate::template::{Environment, Slot};

/// Maximum number of names that are compared with one that is wrong: each wrong name of a file costs as much.
pub(crate) const MAX_CANDIDATES: usize = 1000;

/// Longest name that is taken for a misspelling, in bytes: comparing takes time that grows with it.
const MAX_LENGTH: usize = 1024;

/// A name as people misspell it: without regard to case and to how words are joined.
pub(crate) fn folded(name: &str) -> String {
    letters(name).collect()
}

/// Returns true if two names differ in case and in how words are joined only.
pub(crate) fn is_same(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase)
}

/// Calls `see` with the letters of a name. Most names are in ASCII, where each letter is one byte.
fn each_letter(name: &str, mut see: impl FnMut(char)) {
    match name.is_ascii() {
        true => name
            .bytes()
            .filter(u8::is_ascii_alphanumeric)
            .for_each(|byte| see(byte.to_ascii_lowercase().into())),
        false => letters(name).for_each(see),
    }
}

fn letter_count(name: &str) -> usize {
    let mut count = 0;
    each_letter(name, |_| count += 1);
    count
}

/// Counts the typos (letters missing, added, wrong, or swapped) between two names. Returns
/// `None` if they are too many for one to be taken for the other.
fn distance(written: &str, meant: &str) -> Option<usize> {
    if written.len().max(meant.len()) > MAX_LENGTH {
        return None;
    }
    // Most names are too long or too short to be worth comparing letter by letter. A name has no more letters than bytes,
    // so many that are too short are told without counting them.
    let of_meant = letter_count(meant);
    if of_meant.saturating_sub(written.len()) > of_meant / 3 {
        return None;
    }
    let of_written = letter_count(written);
    let length = of_written.max(of_meant);
    if of_written.abs_diff(of_meant) > length / 3 {
        return None;
    }
    if fewest_slips(written, meant) > length / 3 {
        return None;
    }
    let (written, meant) = (folded(written), folded(meant));
    let slips = strsim::osa_distance(&written, &meant);
    (slips <= length / 3).then_some(slips)
}

/// Returns a lower bound on the slips between two names of at most [`MAX_LENGTH`] bytes: the letters that only one of them
/// has, in any order.
fn fewest_slips(written: &str, meant: &str) -> usize {
    // Letters that share a place may hide slips, and make none.
    let mut balance = [0_i16; 32];
    each_letter(written, |c| balance[c as usize % 32] += 1);
    each_letter(meant, |c| balance[c as usize % 32] -= 1);
    let (mut unlike, mut surplus) = (0, 0_i16);
    for count in balance {
        unlike += count.unsigned_abs();
        surplus += count;
    }
    // Half of both is the greater of the letters that are too many and those that are too few.
    usize::from((unlike + surplus.unsigned_abs()) / 2)
}

/// Returns true if `written` is `meant` or a likely misspelling of it.
pub(crate) fn is_near(written: &str, meant: &str) -> bool {
    distance(written, meant).is_some()
}

/// The candidate that `written` is most likely meant to be; the first of equals.
pub fn nearest<'c>(
    written: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    let near = candidates
        .into_iter()
        .filter_map(|name| Some((distance(written, name)?, name)));
    near.min_by_key(|(slips, _)| *slips).map(|(_, name)| name)
}

/// The candidate that `written` is no doubt meant to be: a slip or two away, and no other as near.
pub(crate) fn unmistakable<'c>(written: &str, candidates: &[&'c str]) -> Option<&'c str> {
    let distances = candidates
        .iter()
        .filter_map(|name| Some((distance(written, name)?, *name)));
    let mut near: Vec<_> = distances.filter(|(slips, _)| *slips <= 2).collect();
    near.sort_unstable();
    match near.as_slice() {
        [(_, only)] => Some(only),
        [(slips, first), (others, _), ..] if slips < others => Some(first),
        _ => None,
    }
}

/// Names in backquotes, as a sentence lists them.
pub fn list<'n>(names: impl IntoIterator<Item = &'n str>, conjunction: &str) -> String {
    join(
        names.into_iter().map(|name| format!("`{name}`")),
        conjunction,
    )
}

/// Alternatives, as a sentence lists them.
pub(crate) fn one_of(words: impl IntoIterator<Item = String>) -> String {
    join(words.into_iter(), "or")
}

/// Slots in backquotes, as a sentence lists them.
pub(crate) fn slot_names(slots: &[Slot]) -> String {
    list(slots.iter().map(|slot| slot.name()), "and")
}

/// Returns true if a key beside the monitor looks like a misspelt slot.
pub(crate) fn has_misspelt_slot(environment: &Environment<'_>) -> bool {
    let mut keys = environment
        .actions()
        .into_iter()
        .flat_map(|actions| actions.keys());
    keys.any(|key| {
        let is_known = key == "onMonitor" || Slot::from_name(key).is_some();
        !is_known && nearest(key, Slot::ALL.map(Slot::name)).is_some()
    })
}

fn join(words: impl Iterator<Item = String>, conjunction: &str) -> String {
    match words.collect::<Vec<_>>().as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [init @ .., last] => format!("{} {conjunction} {last}", init.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_names_have_fewer_slips_than_the_bound(one in "[a-dÄäß_]{0,9}", other in "[a-dÄäß_]{0,9}") {
            let slips = strsim::osa_distance(&folded(&one), &folded(&other));
            prop_assert!(fewest_slips(&one, &other) <= slips);
        }
    }

    #[test]
    fn letters_in_ascii_are_those_of_any_text() {
        for name in ["on_Monitor2", "", "-_", "Überwachung"] {
            let mut seen = String::new();
            each_letter(name, |c| seen.push(c));
            assert_eq!(seen, folded(name), "{name}");
        }
    }

    #[test]
    fn a_slip_or_another_case_is_near_and_another_word_is_not() {
        for written in [
            "onMonitor",
            "onMonitr",
            "on_monitor",
            "OnMonitors",
            "monitor",
            "onMontior",
        ] {
            assert!(is_near(written, "onMonitor"), "{written}");
        }
        for written in [
            "onEnter",
            "onExit",
            "name",
            "monitoring_host",
            "command",
            "on",
        ] {
            assert!(!is_near(written, "onMonitor"), "{written}");
        }
        assert_eq!(nearest("onEnterr", ["onExit", "onEnter"]), Some("onEnter"));
        assert_eq!(nearest("interval", ["period", "command"]), None);
    }

    #[test]
    fn lists_read_as_sentences_do() {
        assert_eq!(list(["a"], "or"), "`a`");
        assert_eq!(list(["a", "b", "c"], "or"), "`a`, `b` or `c`");
    }
}
