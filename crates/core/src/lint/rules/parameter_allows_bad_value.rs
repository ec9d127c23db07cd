//! `parameter-allows-bad-value`: a number from a job parameter that also allows values with which no job can be
//! created (SCH-5 to SCH-8).

use crate::lint::context::Context;
use crate::lint::finding::{Draft, Place};
use crate::lint::monitored::Monitored;
use crate::lint::parameters::{self, Parameter};
use crate::lint::pass::Pass;
use crate::lint::rule::{Rule, rule};
use crate::template::{Field, PathSet, least_value};
use openjd_model::JobParameterType;

pub(super) static RULE: Rule = rule!(
    "parameter-allows-bad-value",
    Warning,
    "a number of a monitor taken from a job parameter that also allows invalid values",
    ["SCH-5", "SCH-6", "SCH-7", "SCH-8"]
);

pub(super) fn check(pass: &Pass<'_, '_>) -> Vec<Draft> {
    let context = pass.context;
    // What such a parameter allows is known when its definition is right.
    let broken: PathSet = pass.facts.iter().map(|fact| fact.place.path()).collect();
    let mut drafts = Vec::new();
    for monitored in &context.monitors {
        let bounds = Bounds {
            context,
            monitored,
            broken: &broken,
        };
        let strings = monitored.strings.iter();
        drafts.extend(strings.filter_map(|field| bounds.judge(field)));
    }
    drafts
}

/// A bound of a number, and where it comes from.
#[derive(Clone)]
struct Bound<'d> {
    value: i64,
    because: String,
    of: Option<Field<'d>>,
}

/// The bounds of the numbers of one monitor.
struct Bounds<'c, 'd> {
    context: &'c Context<'d>,
    monitored: &'c Monitored<'d>,
    broken: &'c PathSet,
}

impl<'d> Bounds<'_, 'd> {
    fn judge(&self, field: &Field<'d>) -> Option<Draft> {
        let parameter = parameters::taken(self.context, field)?;
        if self.broken.has_within(&parameter.path) {
            return None;
        }
        let range = parameter.range()?;
        let name = field.path.last_key()?;
        let (least, greatest) = self.of(name, field, &parameter)?;
        let too_small = range.least.is_none_or(|number| number < least.value);
        let too_great = greatest
            .as_ref()
            .filter(|bound| range.greatest.is_none_or(|number| number > bound.value));
        if range.odd.is_none() && !too_small && too_great.is_none() {
            return None;
        }
        let reference = format!("Param.{}", parameter.name);
        // With no value that is allowed, the bound from above is what to tell.
        let is_never_right = too_great.is_some_and(|bound| bound.value < least.value);
        let too_small = too_small && !is_never_right;
        let admits = match (&range.odd, too_small, too_great) {
            (_, _, Some(bound)) if is_never_right => {
                format!("cannot be valid here: `{name}` must be {}", bound.because)
            }
            (Some(odd), ..) => format!("can be `{odd}`, but `{name}` must be an integer"),
            (None, true, _) => {
                let example = match (range.least, parameter.default_number()) {
                    (Some(number), _) => number,
                    (None, Some(default)) if default < least.value => default,
                    _ => least.value.saturating_sub(1),
                };
                format!("can be {example}, but `{name}` must be {}", least.because)
            }
            (None, false, bound) => {
                let bound = bound?;
                let example = range.greatest.unwrap_or(bound.value.saturating_add(1));
                format!("can be {example}, but `{name}` must be {}", bound.because)
            }
        };
        let message = format!("`{reference}` {admits}");
        let mut draft = Draft::new(&RULE, Place::Value(field.path.clone()), message);
        for bound in [Some(&least).filter(|_| too_small), too_great]
            .into_iter()
            .flatten()
        {
            if let Some(of) = &bound.of {
                draft = draft.related(Place::Value(of.path.clone()), "the limit depends on this");
            }
        }
        let defined = parameter.path.key("name");
        draft = draft.related(Place::Value(defined), "the parameter is defined here");
        Some(draft.help(help(&parameter, &least, greatest.as_ref())))
    }

    /// The least and the greatest that the number `name` may be, wherever `field` is used.
    fn of(
        &self,
        name: &str,
        field: &Field<'d>,
        parameter: &Parameter<'d>,
    ) -> Option<(Bound<'d>, Option<Bound<'d>>)> {
        let bound = |value: i64| Bound {
            value,
            because: format!("{value} or more"),
            of: None,
        };
        match name {
            "failureThreshold" | "initialDelay" => Some((bound(least_value(name)?), None)),
            "timeout" => Some((bound(1), self.shortest_period(field, parameter))),
            "period" => {
                let floor = self.context.settings.period_floor;
                let longest = self
                    .longest_timeout(field)
                    .filter(|(_, value)| *value >= floor);
                let floor = Bound {
                    value: floor,
                    because: format!("{floor} or more (the floor)"),
                    of: None,
                };
                let above = longest.map(|(timeout, value)| Bound {
                    value: value.saturating_add(1),
                    because: format!("greater than the check's timeout of {value} s"),
                    of: Some(timeout),
                });
                Some((above.unwrap_or(floor), None))
            }
            _ => None,
        }
    }

    fn integer(&self, field: &Field<'d>) -> Option<i64> {
        self.context.integer(&self.monitored.environment, field)
    }

    /// Returns the upper bound of a check's timeout in the slots that use it: the shortest period, as
    /// far as it is known.
    fn shortest_period(&self, field: &Field<'d>, parameter: &Parameter<'d>) -> Option<Bound<'d>> {
        let users = self.monitored.slots.iter().filter(|monitor| {
            monitor
                .check_timeout()
                .is_some_and(|timeout| timeout.path == field.path)
        });
        let bounds = users.filter_map(|monitor| {
            let period = monitor.period.clone()?;
            if let Some(value) = self.integer(&period) {
                let because = format!("less than the period of {value} s");
                let value = value.saturating_sub(1);
                return Some(Bound {
                    value,
                    because,
                    of: Some(period),
                });
            }
            let of_period = parameters::taken(self.context, &period)?;
            if of_period.name == parameter.name {
                return Some(Bound {
                    value: i64::MIN,
                    because: "less than the period, which is the same parameter".to_owned(),
                    of: Some(period),
                });
            }
            // A period below the floor is a mistake of its own.
            let floor = self.context.settings.period_floor;
            let least = of_period.range()?.least.unwrap_or(floor).max(floor);
            Some(Bound {
                value: least.saturating_sub(1),
                because: format!("less than the period, which can be {least} s"),
                of: Some(period),
            })
        });
        bounds.min_by_key(|bound| bound.value)
    }

    /// The longest timeout that is known of the checks whose period `field` is.
    fn longest_timeout(&self, field: &Field<'d>) -> Option<(Field<'d>, i64)> {
        let users = self.monitored.slots.iter().filter(|monitor| {
            monitor
                .period
                .as_ref()
                .is_some_and(|period| period.path == field.path)
        });
        let timeouts = users.filter_map(|monitor| {
            let timeout = monitor.check_timeout()?;
            let value = self.integer(&timeout)?;
            Some((timeout, value))
        });
        timeouts.max_by_key(|(_, value)| *value)
    }
}

fn help(parameter: &Parameter<'_>, least: &Bound<'_>, greatest: Option<&Bound<'_>>) -> String {
    let name = parameter.name;
    if greatest.is_some_and(|bound| bound.value < least.value) {
        return "use another parameter, or write the number".to_owned();
    }
    let min = format!("`minValue: {}`", least.value);
    let bounds = match greatest {
        Some(bound) => format!("{min} and `maxValue: {}`", bound.value),
        None => min,
    };
    if parameter.allowed().is_some() {
        return format!("limit the `allowedValues` of `{name}` to integers that satisfy {bounds}");
    }
    if parameter.kind == JobParameterType::Int {
        return format!("give the parameter `{name}` {bounds}");
    }
    format!("give the parameter `{name}` the type INT, with {bounds}")
}
