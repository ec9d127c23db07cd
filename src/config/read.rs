//! The text of a configuration to its entries, with every mistake at its place.

use super::globs::{BadPattern, Globs};
use openjd_monitor_core::lint::spelling;
use openjd_monitor_core::lint::{self, Level, Rule, nearest_rule};
use openjd_monitor_core::template::Problem;
use openjd_monitor_core::template::defaults::PERIOD_FLOOR;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Entries of a configuration; absent ones have no value.
#[derive(Debug, Default)]
pub(super) struct Entries {
    pub period_floor: Option<i64>,
    pub max_template_size: Option<u64>,
    pub exclude: Globs,
    pub levels: BTreeMap<&'static str, Option<Level>>,
    pub per_file_ignores: Vec<(Globs, Vec<&'static str>)>,
}

const KEYS: [&str; 5] = [
    "period-floor",
    "max-template-size",
    "exclude",
    "rules",
    "per-file-ignores",
];

const LEVELS: [(&str, Option<Level>); 4] = [
    ("error", Some(Level::Error)),
    ("warning", Some(Level::Warning)),
    ("info", Some(Level::Info)),
    ("off", None),
];

/// Every entry, or every problem in order of position.
pub(super) fn read(text: &str) -> Result<Entries, Vec<Problem>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader::default();
    if errors.is_empty() {
        reader.table(table.get_ref());
    }
    let malformed = errors.iter().map(|error| Problem {
        span: error.span().unwrap_or_default(),
        message: error.message().to_owned(),
        help: None,
        repair: None,
    });
    let mut problems: Vec<_> = malformed.chain(reader.problems).collect();
    problems.sort_by_key(|problem| problem.span.start);
    match problems.is_empty() {
        true => Ok(reader.entries),
        false => Err(problems),
    }
}

type Key<'t> = Spanned<std::borrow::Cow<'t, str>>;
type Value<'t> = Spanned<DeValue<'t>>;

#[derive(Default)]
struct Reader {
    entries: Entries,
    problems: Vec<Problem>,
}

impl Reader {
    fn problem(&mut self, span: Range<usize>, message: String, help: impl Into<Option<String>>) {
        self.problems.push(Problem {
            span,
            message,
            help: help.into(),
            repair: None,
        });
    }

    fn table(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "period-floor" => self.period_floor(value),
                "max-template-size" => self.max_template_size(value),
                "exclude" => self.exclude(value),
                "rules" => self.rules(value),
                "per-file-ignores" => self.per_file_ignores(value),
                unknown => {
                    let help = match spelling::nearest(unknown, KEYS) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("its keys are {}", spelling::list(KEYS, "and")),
                    };
                    let message = format!("`{unknown}` is not a key of the configuration");
                    self.problem(key.span(), message, help);
                }
            }
        }
    }

    fn period_floor(&mut self, value: &Value<'_>) {
        let Some(seconds) = self.integer("`period-floor`", value) else {
            return;
        };
        if seconds < PERIOD_FLOOR {
            let message = format!(
                "`period-floor` is {seconds}, which is below the {PERIOD_FLOOR} seconds of the specification"
            );
            let help =
                format!("write {PERIOD_FLOOR} or more: the floor can be raised, never lowered");
            return self.problem(value.span(), message, help);
        }
        self.entries.period_floor = Some(seconds);
    }

    fn max_template_size(&mut self, value: &Value<'_>) {
        let Some(bytes) = self.integer("`max-template-size`", value) else {
            return;
        };
        match u64::try_from(bytes) {
            Ok(bytes @ 1..) => self.entries.max_template_size = Some(bytes),
            _ => {
                let message =
                    format!("`max-template-size` is {bytes}, but no template is that small");
                self.problem(value.span(), message, "write a number of bytes".to_owned());
            }
        }
    }

    fn exclude(&mut self, value: &Value<'_>) {
        let patterns = self.strings("`exclude`", value);
        match Globs::all(patterns.iter().map(|(pattern, _)| *pattern)) {
            Ok(globs) => self.entries.exclude = globs,
            Err(error) => {
                let (pattern, span) = &patterns[error.index];
                self.problem(span.clone(), no_pattern(pattern, &error), None);
            }
        }
    }

    fn rules(&mut self, value: &Value<'_>) {
        for (key, value) in self.entries_of("`rules`", value) {
            let rule = self.rule(key.get_ref(), key.span());
            let Some(word) = self.string(&format!("the level of `{}`", key.get_ref()), value)
            else {
                continue;
            };
            let Some((_, level)) = LEVELS.into_iter().find(|(name, _)| *name == word) else {
                let levels = LEVELS.map(|(name, _)| name);
                let help = match spelling::nearest(word, levels) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("write {}", spelling::list(levels, "or")),
                };
                self.problem(value.span(), format!("`{word}` is not a level"), help);
                continue;
            };
            if let Some(rule) = rule
                && (level.is_some() || self.can_be_off(rule, value.span()))
            {
                self.entries.levels.insert(rule.id, level);
            }
        }
    }

    fn per_file_ignores(&mut self, value: &Value<'_>) {
        for (key, value) in self.entries_of("`per-file-ignores`", value) {
            let pattern = key.get_ref();
            let names = self.strings(&format!("the value of `{pattern}`"), value);
            let mut rules = Vec::new();
            for (name, span) in names {
                if let Some(rule) = self.rule(name, span.clone())
                    && self.can_be_off(rule, span)
                {
                    rules.push(rule.id);
                }
            }
            match Globs::all([pattern.as_ref()]) {
                Ok(globs) => self.entries.per_file_ignores.push((globs, rules)),
                Err(error) => self.problem(key.span(), no_pattern(pattern, &error), None),
            }
        }
    }

    fn rule(&mut self, id: &str, span: Range<usize>) -> Option<&'static Rule> {
        let rule = lint::rule(id);
        if rule.is_none() {
            let help = match nearest_rule(id) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`openjd-monitor rules` lists them".to_owned(),
            };
            self.problem(span, format!("there is no rule `{id}`"), help);
        }
        rule
    }

    fn can_be_off(&mut self, rule: &Rule, span: Range<usize>) -> bool {
        let can = lint::can_be_ignored(rule);
        if !can {
            let message = format!("`{}` cannot be turned off", rule.id);
            let help = "list the file in `exclude` if it is not a template".to_owned();
            self.problem(span, message, help);
        }
        can
    }

    fn wrong_type(&mut self, label: &str, expected: &str, value: &Value<'_>) {
        let found = value.get_ref().type_str();
        let message = format!("{label} must be {expected}, not {}", with_article(found));
        self.problem(value.span(), message, None);
    }

    fn integer(&mut self, label: &str, value: &Value<'_>) -> Option<i64> {
        let Some(integer) = value.get_ref().as_integer() else {
            self.wrong_type(label, "an integer", value);
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
        if number.is_none() {
            self.problem(value.span(), format!("{label} is too large"), None);
        }
        number
    }

    fn string<'v>(&mut self, label: &str, value: &'v Value<'_>) -> Option<&'v str> {
        let string = value.get_ref().as_str();
        if string.is_none() {
            self.wrong_type(label, "a string", value);
        }
        string
    }

    fn strings<'v>(&mut self, label: &str, value: &'v Value<'_>) -> Vec<(&'v str, Range<usize>)> {
        let Some(items) = value.get_ref().as_array() else {
            self.wrong_type(label, "a list of strings", value);
            return Vec::new();
        };
        let label = format!("an item of {label}");
        items
            .iter()
            .filter_map(|item| Some((self.string(&label, item)?, item.span())))
            .collect()
    }

    fn entries_of<'v, 't>(
        &mut self,
        label: &str,
        value: &'v Value<'t>,
    ) -> impl Iterator<Item = (&'v Key<'t>, &'v Value<'t>)> + use<'v, 't> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong_type(label, "a table", value);
        }
        table.into_iter().flatten()
    }
}

fn no_pattern(pattern: &str, error: &BadPattern) -> String {
    format!("`{pattern}` is not a pattern of paths: {error}")
}

fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {noun}")
}
