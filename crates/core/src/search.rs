//! Search for short words in texts that mostly lack them: their first character is found faster than a word is
//! prepared for a search.

/// Returns where `word` first begins in `text`.
pub(crate) fn find(text: &str, word: &str) -> Option<usize> {
    all(text, word).next()
}

/// Returns where `word` begins in `text`, each time, also within another.
pub(crate) fn all<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = usize> {
    let first = word.chars().next().unwrap_or_default();
    let starts = text.match_indices(first).map(|(at, _)| at);
    starts.filter(move |at| text[*at..].starts_with(word))
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
    }
}
