//! One pass over a template: runs the stages in order, and keeps the results that rules share.

use super::commands::{self, Commands};
use super::context::Context;
use super::fact::Fact;
use super::mentions::Mentions;
use super::{
    base, braced, integers, invisible, misjoined, path_escapes, stack, structure, variables,
};
use std::cell::OnceCell;

/// Results of the stages, each computed once.
pub(crate) struct Pass<'c, 'd> {
    pub context: &'c Context<'d>,
    /// The mistakes that the schema, `openjd-model` and the expression language find.
    pub facts: Vec<Fact<'d>>,
    /// The commands of all monitors and actions, with the code that they run.
    pub commands: Commands<'c, 'd>,
    mentions: OnceCell<Mentions<'d>>,
}

impl<'c, 'd> Pass<'c, 'd> {
    /// Runs the stages in order. Each leaves out the parts in which earlier ones have found mistakes.
    pub fn new(context: &'c Context<'d>) -> Self {
        let integers = integers::check(context);
        let mut facts = integers::without_said(structure::extension(context), &integers);
        facts.extend(integers.iter().cloned());
        let mut base = base::check(context, &facts);
        if !base.facts.is_empty() {
            // The schema accepts all that the model accepts, so only now is it worth compiling.
            facts = integers::without_said(structure::template(context), &integers);
            facts.extend(integers);
            base.drop_repeated(&facts);
        }
        let variables = variables::check(context, &base, &facts);
        facts.extend(base.facts);
        facts.extend(variables);
        facts.extend(context.budget.facts());
        facts.extend(stack::facts(context));
        let facts = misjoined::explained(context, braced::explained(context, facts));
        let commands = commands::of(context);
        Self {
            context,
            facts: path_escapes::explained(
                context,
                invisible::explained(context, &commands, facts),
            ),
            commands,
            mentions: OnceCell::new(),
        }
    }

    /// Returns the names that the template mentions, which are read when a rule first asks.
    pub fn mentions(&self) -> &Mentions<'d> {
        let template = self.context.document.value();
        self.mentions.get_or_init(|| Mentions::of(template))
    }
}
