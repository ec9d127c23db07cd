//! Encoding of a file. A template has one, UTF-8; the others are told apart by how they start.

use super::problem::Problem;

/// Encodings whose characters all have so many bytes, or a multiple of them.
const WIDE: [Wide; 4] = [
    // Before UTF-16, whose byte order mark is the start of this one.
    Wide::new("UTF-32", 4, true),
    Wide::new("UTF-32", 4, false),
    Wide::new("UTF-16", 2, true),
    Wide::new("UTF-16", 2, false),
];

/// An encoding in units of several bytes.
struct Wide {
    name: &'static str,
    unit: usize,
    is_little_endian: bool,
}

/// Decodes `bytes` to text, as far as they can be; with the problem that keeps them from being a template.
pub(super) fn decode(bytes: &[u8]) -> (String, Option<Problem>) {
    if let Some(wide) = WIDE.iter().find(|wide| wide.is_of(bytes)) {
        let message = format!("the file is in {}, and a template in UTF-8", wide.name);
        let problem = Problem::new(0, message).help("save it as UTF-8");
        return (wide.decode(bytes), Some(problem));
    }
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(error) => {
            let problem = Problem::new(error.valid_up_to(), "not valid UTF-8")
                .help("save the file as UTF-8, the only encoding of templates");
            return (String::from_utf8_lossy(bytes).into_owned(), Some(problem));
        }
    };
    let nul = text.find('\0').map(|at| {
        let problem = Problem {
            span: at..at + 1,
            ..Problem::new(at, "a NUL character stands here, and no template has one")
        };
        problem.help("remove it; if it comes from another encoding, save the file as UTF-8")
    });
    (text, nul)
}

impl Wide {
    const fn new(name: &'static str, unit: usize, is_little_endian: bool) -> Self {
        Self {
            name,
            unit,
            is_little_endian,
        }
    }

    /// Returns true if `bytes` start with a byte order mark of this encoding, or with two units that are ASCII.
    fn is_of(&self, bytes: &[u8]) -> bool {
        let mut units = self.units(bytes).take(2);
        let is_ascii = |unit: Option<u32>| unit.is_some_and(|unit| (1..0x80).contains(&unit));
        match units.next() {
            Some(0xfeff) => true,
            first => is_ascii(first) && is_ascii(units.next()),
        }
    }

    fn units(&self, bytes: &[u8]) -> impl Iterator<Item = u32> {
        let number = |number: u32, byte: &u8| number << 8 | u32::from(*byte);
        bytes
            .chunks_exact(self.unit)
            .map(move |unit| match self.is_little_endian {
                true => unit.iter().rev().fold(0, number),
                false => unit.iter().fold(0, number),
            })
    }

    fn decode(&self, bytes: &[u8]) -> String {
        let replaced = char::REPLACEMENT_CHARACTER;
        if self.unit == 4 {
            let units = self.units(bytes);
            return units
                .map(|unit| char::from_u32(unit).unwrap_or(replaced))
                .collect();
        }
        let units = self
            .units(bytes)
            .map(|unit| u16::try_from(unit).unwrap_or_default());
        char::decode_utf16(units)
            .map(|read| read.unwrap_or(replaced))
            .collect()
    }
}
