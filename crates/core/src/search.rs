//! Search for words in short texts: to prepare the search that `str` has for words takes longer than to look at each place
//! with the first byte.

/// Returns where `word` first begins in `text`.
pub(crate) fn find(text: &str, word: &str) -> Option<usize> {
    all(text, word).next()
}

/// Returns each place where `word`, which is not empty, begins in `text`, overlapping ones included.
pub(crate) fn all<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> {
    debug_assert!(!word.is_empty());
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let starts = memchr::memchr_iter(word[0], text);
    starts.filter(move |at| text[*at..].starts_with(word))
}

/// Returns each place where `word`, which is in lower-case ASCII and not empty, begins in `text`, whatever the case there.
pub(crate) fn all_in_any_case<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let starts = memchr::memchr2_iter(word[0], word[0].to_ascii_uppercase(), text);
    starts.filter(move |at| {
        let found = text[*at..].get(..word.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_wherever_it_begins() {
        assert_eq!(find("a {b} {{c}}", "{{"), Some(6));
        assert_eq!(find("{", "{{"), None);
        assert_eq!(all("é{{{é", "{{").collect::<Vec<_>>(), [2, 3]);
        assert_eq!(all("print(print(", "print(").collect::<Vec<_>>(), [0, 6]);
        let any = all_in_any_case("oöOpen open OPEN ope", "open");
        assert_eq!(any.collect::<Vec<_>>(), [3, 8, 13]);
    }
}
