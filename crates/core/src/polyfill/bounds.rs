//! Bounds of the job parameters that numbers of monitors are taken from (SCH-5).

use crate::lint::{Context, parameters};
use crate::template::defaults::PERIOD_FLOOR;
use crate::template::{Effective, Path, least_value};
use openjd_model::JobParameterType;
use std::collections::BTreeMap;

/// Least values to give to parameters, by the paths of their definitions.
pub(super) type Bounds = BTreeMap<Path, i64>;

/// Adds the bounds of the numbers of a monitor that are parameters as a whole. Parameters that already have them, and
/// those that could not get them without another mistake, are left alone.
pub(super) fn add(context: &Context<'_>, effective: &Effective<'_>, bounds: &mut Bounds) {
    for field in effective.numbers() {
        let least = match field.path.last_key() {
            Some("period") => PERIOD_FLOOR,
            name => name.and_then(least_value).unwrap_or(i64::MIN),
        };
        let Some(parameter) = parameters::taken(context, field) else {
            continue;
        };
        let range = parameter.range().filter(|range| {
            let is_default_fit = parameter
                .default_number()
                .is_none_or(|number| number >= least);
            parameter.kind == JobParameterType::Int
                && parameter.allowed().is_none()
                && range.least.is_none_or(|number| number < least)
                && range.greatest.is_none_or(|number| number >= least)
                && is_default_fit
        });
        if range.is_some() {
            let bound = bounds.entry(parameter.path).or_insert(least);
            *bound = least.max(*bound);
        }
    }
}
