//! Texts to hide, as they are and as they are quoted.

use super::quoting::Bare;
use super::search::{Pattern, Patterns};

/// Texts to hide.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Texts {
    /// Texts as they are.
    plain: Patterns,
    /// The same without their quoting, as far as any may be quoted in another way.
    bare: Patterns,
}

impl Texts {
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    pub fn extend(&mut self, texts: Vec<&str>) {
        let is_ordinary = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let special = texts.iter().filter(|text| !text.bytes().all(is_ordinary));
        let bare = special.filter_map(|text| Bare::new(text.as_bytes(), false).into_pattern());
        self.bare.extend(bare.collect());
        let plain = texts.into_iter().map(|text| Pattern {
            text: text.as_bytes().to_vec(),
            quotes: 0,
            is_quoted_before: false,
            is_quoted_behind: false,
        });
        self.plain.extend(plain.collect());
    }

    /// Prepares for many searches.
    pub fn join(&mut self) {
        self.plain.join();
        self.bare.join();
    }

    /// Finds the places of these texts in a line, however they are quoted there; in one that is `cut`, also the start of
    /// one at its end.
    pub fn find(&self, line: &[u8], is_cut: bool) -> Vec<(usize, usize)> {
        let mut places = Vec::new();
        let start = self.plain.find(line, |pattern, end| {
            places.push((end - pattern.text.len(), end));
            true
        });
        if is_cut && start > 0 {
            places.push((line.len() - start, line.len()));
        }
        if self.bare.is_empty() {
            return places;
        }
        // An escape at the end of a line that is cut may be whole all the same.
        let ways = if is_cut { &[true, false][..] } else { &[false] };
        for way in ways {
            let bare = Bare::new(line, *way);
            let start = self.bare.find(&bare.bytes, |pattern, end| {
                let place = bare.place_of(pattern, end);
                places.extend(place);
                place.is_some()
            });
            if is_cut && start > 0 {
                let start = bare.start_of_end(start);
                places.extend(start.map(|start| (start, line.len())));
            }
        }
        places
    }
}
