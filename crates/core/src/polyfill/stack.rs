//! The Environments of a stack around each other.

use crate::lint::{Context, Families, Monitored};
use crate::template::{Environment, Home, Path, TemplateKind, items_of};
use std::collections::BTreeMap;

/// One template of a stack, and what decides about its monitors there.
pub(super) struct Stack<'s, 'd> {
    context: &'s Context<'d>,
    /// The first Environment with wrap hooks of the templates around it.
    outer_hooks: Option<&'s Environment<'d>>,
    /// The index of the first Environment with wrap hooks in each of its parts.
    own_hooks: BTreeMap<Home, usize>,
    /// `true` if every Session has an Environment with wrap hooks.
    is_wrapped: bool,
    /// The index of the last template, and the steps of its job that run on Windows only.
    windows: (usize, Vec<usize>),
}

impl<'s, 'd> Stack<'s, 'd> {
    /// Looks for hooks and for Windows around the template with this index.
    pub fn new(contexts: &'s [Context<'d>], template: usize) -> Self {
        let context = &contexts[template];
        let wraps = |own: &&Environment<'_>| own.wraps();
        let around = contexts[..template].iter();
        let mut own_hooks = BTreeMap::new();
        for (index, environment) in context.environments.iter().enumerate() {
            if environment.wraps() {
                own_hooks.entry(environment.home).or_insert(index);
            }
        }
        let all = contexts.iter().flat_map(|context| &context.environments);
        Self {
            context,
            outer_hooks: around.flat_map(|around| &around.environments).find(wraps),
            own_hooks,
            is_wrapped: all
                .filter(|own| !matches!(own.home, Home::Step(_)))
                .any(Environment::wraps),
            windows: (contexts.len() - 1, windows(contexts)),
        }
    }

    /// Returns the Environment whose hooks run in place of the actions of this one (RFC 0008), if there is one.
    pub fn wrapping(&self, monitored: &Monitored<'d>) -> Option<&'s Environment<'d>> {
        let outer = self.outer_hooks;
        outer.or_else(|| {
            let own = self.own_hooks(monitored);
            let before = own.filter(|index| *index < monitored.index);
            Some(&self.context.environments[before.min()?])
        })
    }

    /// Returns true if an Environment of a template that was not given could wrap this one: no more than one Environment
    /// of a Session has hooks.
    pub fn could_be_wrapped(&self, monitored: &Monitored<'d>) -> bool {
        !self.is_wrapped && self.own_hooks(monitored).next().is_none()
    }

    /// The indices of the Environments with hooks in every Session of this one.
    fn own_hooks(&self, monitored: &Monitored<'d>) -> impl Iterator<Item = usize> {
        let homes = [Home::Job, Home::Template, monitored.environment.home];
        homes
            .into_iter()
            .filter_map(|home| self.own_hooks.get(&home).copied())
    }

    /// Returns the `hostRequirements` by which this Environment is entered on Windows, as the index of the template and
    /// the path.
    pub fn windows(&self, monitored: &Monitored<'d>) -> Option<(usize, Path)> {
        let (template, steps) = &self.windows;
        let step = match monitored.environment.home {
            Home::Step(index) => steps.binary_search(&index).ok().map(|_| index),
            Home::Job | Home::Template => steps.first().copied(),
        };
        let path = Path::root().key("steps").index(step?);
        Some((*template, path.key("hostRequirements")))
    }
}

/// Returns the steps of the job that run on Windows only, in order.
fn windows(contexts: &[Context<'_>]) -> Vec<usize> {
    let last = contexts.last();
    let Some(job) = last.filter(|context| context.kind == TemplateKind::Job) else {
        return Vec::new();
    };
    let template = job.document.value();
    let steps = 0..items_of(template.get("steps")).len();
    let is_windows = |step: &usize| Families::of(template, Home::Step(*step)).is_windows_only();
    steps.filter(is_windows).collect()
}
