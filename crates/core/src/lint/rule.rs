//! Declaration of a rule.

use crate::packed::unpacked;
use std::fmt;

/// Severity of a finding; a later level is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Good to know.
    Info,
    /// Valid, and likely to go wrong at run time.
    Warning,
    /// Not a valid template.
    Error,
}

impl Level {
    /// All levels, the worst last.
    pub const ALL: [Self; 3] = [Self::Info, Self::Warning, Self::Error];

    /// Returns the level of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.name() == name)
    }

    /// The level's name in every output format.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Display of what a rule finds, in editors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tag {
    /// Grayed out: it could be removed.
    Unnecessary,
    /// Struck through: it has another name now.
    Deprecated,
}

/// Base URL of the published documentation.
const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/");

/// The declaration of a rule, from which all lists and pages of rules are made.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The permanent name, in kebab-case.
    pub id: &'static str,
    /// The level of its findings.
    pub level: Level,
    /// Summary of its findings, in one line.
    pub summary: &'static str,
    /// The clauses of `docs/specification.md` that it checks; none if it checks the base
    /// specification.
    pub clauses: &'static [&'static str],
    /// Its page, packed.
    pub(crate) packed_page: &'static [u8],
    /// Display of what it finds, if it is a special one.
    pub tag: Option<Tag>,
    /// Reports a value that is wrong in several ways once.
    pub(crate) is_once_per_value: bool,
    /// Hides warnings about the same monitor when it is an error.
    pub(crate) hides_warnings: bool,
}

impl Rule {
    /// Has editors show what it finds in this way.
    #[must_use]
    pub(crate) const fn tagged(mut self, tag: Tag) -> Self {
        self.tag = Some(tag);
        self
    }

    /// Reports a value that is wrong in several ways once.
    #[must_use]
    pub(crate) const fn once_per_value(mut self) -> Self {
        self.is_once_per_value = true;
        self
    }

    /// Keeps warnings about a monitor that has this error.
    #[must_use]
    pub(crate) const fn hides_nothing(mut self) -> Self {
        self.hides_warnings = false;
        self
    }

    /// Returns the URL of its published page.
    pub fn uri(&self) -> String {
        format!("{PAGES}rules/{}.md", self.id)
    }

    /// Returns its page, `docs/rules/<id>.md`.
    pub fn page(&self) -> String {
        unpacked(self.packed_page)
    }

    /// Returns its page with absolute links.
    pub fn page_for_anywhere(&self) -> String {
        let page = self.page();
        let mut parts = page.split("](");
        let mut page = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            page.push_str("](");
            page += &match part.strip_prefix("../") {
                _ if part.starts_with("https://") => part.to_owned(),
                Some(above) => format!("{PAGES}{above}"),
                None => format!("{PAGES}rules/{part}"),
            };
        }
        page
    }
}

/// Declares the rule of a file: its page is found by its id.
macro_rules! rule {
    ($id:literal, $level:ident, $summary:literal, [$($clause:literal),*]) => {
        $crate::lint::rule::Rule {
            id: $id,
            level: $crate::lint::rule::Level::$level,
            summary: $summary,
            clauses: &[$($clause),*],
            packed_page: $crate::packed::packed!(concat!($id, ".md")),
            tag: None,
            is_once_per_value: false,
            hides_warnings: true,
        }
    };
}
pub(crate) use rule;
