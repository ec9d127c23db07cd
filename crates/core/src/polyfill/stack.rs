//! The Environments of a stack around each other.

use crate::lint::{Context, Families};
use crate::template::{Environment, Home, Path, TemplateKind, items_of};

/// The place of an Environment in a stack.
#[derive(Clone, Copy)]
pub(super) struct Member<'s, 'd> {
    pub contexts: &'s [Context<'d>],
    /// Index of its template.
    pub template: usize,
    /// Index of the Environment in the template.
    pub index: usize,
}

impl<'s, 'd> Member<'s, 'd> {
    fn context(self) -> &'s Context<'d> {
        &self.contexts[self.template]
    }

    fn environment(self) -> &'s Environment<'d> {
        &self.context().environments[self.index]
    }

    /// Returns the Environment whose hooks run in place of its actions (RFC 0008), if there is one.
    pub fn wrapping(self) -> Option<&'s Environment<'d>> {
        let outer = self.contexts[..self.template].iter();
        let outer = outer.flat_map(|context| &context.environments);
        let own = self.context().environments[..self.index].iter();
        let mut around = outer.chain(own.filter(|own| self.is_with(own)));
        around.find(|around| around.wraps())
    }

    /// Returns true if an Environment of a template that was not given could wrap it: no more than one Environment of a
    /// Session has hooks.
    pub fn could_be_wrapped(self) -> bool {
        let all = self.contexts.iter().flat_map(|context| {
            let is_own = std::ptr::eq(context, self.context());
            let own = context.environments.iter();
            own.filter(move |own| is_own && self.is_with(own) || !matches!(own.home, Home::Step(_)))
        });
        !all.into_iter().any(Environment::wraps)
    }

    /// Returns true if another Environment of the same template is in every Session of this one.
    fn is_with(self, other: &Environment<'_>) -> bool {
        !matches!(other.home, Home::Step(_)) || other.home == self.environment().home
    }

    /// Returns the `hostRequirements` by which it is entered on Windows, as the index of the template and the path.
    pub fn windows(self) -> Option<(usize, Path)> {
        let job = self
            .contexts
            .last()
            .filter(|context| context.kind == TemplateKind::Job)?;
        let template = job.document.value();
        let steps = match self.environment().home {
            Home::Step(index) => index..index + 1,
            Home::Job | Home::Template => 0..items_of(template.get("steps")).len(),
        };
        let mut windows =
            steps.filter(|step| Families::of(template, Home::Step(*step)).is_windows_only());
        let path = |step| {
            Path::root()
                .key("steps")
                .index(step)
                .key("hostRequirements")
        };
        Some((self.contexts.len() - 1, path(windows.next()?)))
    }
}
