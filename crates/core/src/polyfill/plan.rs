//! Changes of one template, and what keeps them from being made.

use super::bounds::{self, Bounds};
use super::check_line::{Kind, Strings};
use super::command_line::CommandLine;
use super::stack::Stack;
use super::supervisor::{FILE, Supervisor};
use super::symbols::{Symbols, of_parameters};
use super::{Options, Remark, Severity};
use crate::lint::{Context, Monitored, Place};
use crate::template::{
    Effective, Environment, Field, Home, OnFailure, Path, bindings, items_of, text_of,
};
use openjd_expr::SymbolTable;
use openjd_model::ModelExtension;
use serde_json::Value;
use std::collections::HashSet;

/// Changes of one template.
#[derive(Default)]
pub(super) struct Plan {
    /// Paths of the monitors, which are removed.
    pub monitors: Vec<Path>,
    /// Actions that get a supervisor.
    pub actions: Vec<Supervised>,
    /// Scripts that get the file of the supervisor.
    pub scripts: Vec<Path>,
    /// Least values of job parameters.
    pub bounds: Bounds,
    pub remarks: Vec<Remark>,
}

/// An action that gets a supervisor.
pub(super) struct Supervised {
    /// Path of the action.
    pub path: Path,
    /// Arguments before those of the action; the last of them is its command.
    pub arguments: Vec<String>,
}

/// Plans the changes of the template with this index.
pub(super) fn plan(contexts: &[Context<'_>], template: usize, options: &Options) -> Plan {
    let context = &contexts[template];
    let mut planner = Planner {
        contexts,
        template,
        options,
        plan: Plan::default(),
    };
    let stack = Stack::new(contexts, template);
    let parameters = of_parameters(context);
    let monitors = context.monitored().map(Environment::monitor_path);
    planner.plan.monitors.extend(monitors);
    for monitored in &context.monitors {
        planner.add(monitored, &stack, &parameters);
    }
    planner.plan
}

struct Planner<'p, 'd> {
    contexts: &'p [Context<'d>],
    template: usize,
    options: &'p Options,
    plan: Plan,
}

impl<'p, 'd> Planner<'p, 'd> {
    fn context(&self) -> &'p Context<'d> {
        &self.contexts[self.template]
    }

    fn say(&mut self, place: &Place, severity: Severity, message: impl Into<String>) {
        self.say_of(self.template, place, severity, message);
    }

    fn say_of(
        &mut self,
        template: usize,
        place: &Place,
        severity: Severity,
        message: impl Into<String>,
    ) {
        let span = place.span(self.contexts[template].document);
        self.plan.remarks.push(Remark {
            template,
            span: span.unwrap_or_default(),
            severity,
            message: message.into(),
        });
    }

    fn refuse(&mut self, place: &Place, message: impl Into<String>) {
        self.say(place, Severity::Refusal, message);
    }

    /// Plans the supervisors of an Environment.
    fn add(&mut self, monitored: &Monitored<'d>, stack: &Stack<'p, 'd>, parameters: &SymbolTable) {
        let environment = &monitored.environment;
        let key = Place::Key(environment.monitor_path());
        if let Some(outer) = stack.wrapping(monitored) {
            let message = format!(
                "the monitor of `{}` is left out: the hooks of `{}` run in place of its actions, and a monitor does not \
                 run beside those of another Environment (SES-2)",
                environment.name(),
                outer.name()
            );
            self.say(&key, Severity::Note, message);
            return;
        }
        if !self.options.is_whole && stack.could_be_wrapped(monitored) {
            let message = format!(
                "another template could wrap `{}`, and its monitor would then run where the wrapped actions run; name the \
                 templates around it with --environment, or say with --not-wrapped that none of them has wrap hooks",
                environment.name()
            );
            self.refuse(&key, message);
        }
        if let Some((template, path)) = stack.windows(monitored) {
            let message = format!(
                "`{}` has a monitor and would run on Windows here, where no supervisor runs",
                environment.name()
            );
            self.say_of(template, &Place::Key(path), Severity::Refusal, message);
        }
        self.refuse_names(environment);
        let bound = bound_names(self.context(), environment);
        let symbols = Symbols::new(self.context(), parameters, environment);
        let mut is_supervised = false;
        for effective in &monitored.slots {
            is_supervised |= self.add_slot(environment, effective, &symbols, &bound);
        }
        if is_supervised && self.options.supervisor != Supervisor::Native {
            self.plan.scripts.push(environment.path.key("script"));
        }
    }

    /// Refuses names that the result could not have.
    fn refuse_names(&mut self, environment: &Environment<'d>) {
        if ["{{", "}}"]
            .iter()
            .any(|braces| environment.name().contains(braces))
        {
            let place = Place::Value(environment.path.key("name"));
            let message = "the name of an Environment with a monitor becomes a part of a format string, and so must \
                           not contain `{{` or `}}`";
            self.refuse(&place, message);
        }
        let Some(file_name) = self.options.supervisor.file_name() else {
            return;
        };
        let path = environment.path.key("script").key("embeddedFiles");
        let files = items_of(path.get(self.context().document.value()));
        for (index, file) in files.iter().enumerate() {
            let text = |key: &str| file.get(key).and_then(Value::as_str);
            for (key, taken) in [("name", FILE), ("filename", file_name.as_str())] {
                if text(key) == Some(taken) {
                    let place = Place::Value(path.index(index).key(key));
                    let message = format!(
                        "the supervisor needs the {key} `{taken}` for its own file; choose another"
                    );
                    self.refuse(&place, message);
                }
            }
        }
    }

    /// Plans the supervisor of one action; returns false if it gets none.
    fn add_slot(
        &mut self,
        environment: &Environment<'d>,
        effective: &Effective<'d>,
        symbols: &Symbols<'_, 'd>,
        bound: &HashSet<&str>,
    ) -> bool {
        let context = self.context();
        let Some(action) = environment.action(effective.slot) else {
            return false;
        };
        let strings = Strings {
            context,
            environment,
            symbols,
            slot: effective.slot,
        };
        if effective.slot.is_exit()
            && let Some(string) = doubtful(&strings, effective, bound)
        {
            let message = format!(
                "{} runs without its monitor: this string may not resolve, which must not keep the action from running \
                 (VAR-4), and the runtime resolves it together with the action's own",
                effective.slot.name()
            );
            self.say(&Place::Value(string), Severity::Warning, message);
            return false;
        }
        let fires = effective.acts_as() != Some(OnFailure::Log);
        if effective.slot.is_exit() && fires && !self.options.exit_overrides {
            let field = effective.on_failure.as_ref();
            let place = Place::Value(field.map_or_else(Path::root, |field| field.path.clone()));
            let message = format!(
                "this could end {} after a failure of the Session, which ACT-8 forbids and a supervisor cannot know; \
                 write `log`, or accept that with --exit-overrides",
                effective.slot.name()
            );
            self.refuse(&place, message);
        }
        if let Some(command) = action.child("command")
            && strings.kind(&command, &text_of(command.value)) != Kind::Scalar
        {
            let message = "this command may be a list or null, and would not be one argument behind the supervisor; write \
                           the text of a program's name";
            self.refuse(&Place::Value(command.path), message);
        }
        bounds::add(context, effective, &mut self.plan.bounds);
        let redacted = ModelExtension::RedactedEnvVars.as_str();
        let command_line = CommandLine {
            strings,
            effective,
            action: action.clone(),
            supervisor: self.options.supervisor,
            redacts: self
                .contexts
                .iter()
                .any(|context| context.has_extension(redacted)),
        };
        match command_line.arguments() {
            Ok(arguments) => self.plan.actions.push(Supervised {
                path: action.path,
                arguments,
            }),
            Err(number) => {
                let message = "this expression becomes a part of an argument, where only the extension EXPR allows more \
                               than the name of a variable; list EXPR, or write a number";
                self.refuse(&Place::Value(number), message);
            }
        }
        true
    }
}

/// Returns the first string of a check that may not resolve.
fn doubtful(
    strings: &Strings<'_, '_>,
    effective: &Effective<'_>,
    bound: &HashSet<&str>,
) -> Option<Path> {
    let command = effective.command.as_ref()?;
    let fields = command
        .action_strings()
        .into_iter()
        .chain(command.child("timeout"));
    let mut doubtful = fields.filter(|field: &Field<'_>| {
        let text = field.value.as_str().unwrap_or_default();
        !strings.always_resolves(text, bound)
    });
    Some(doubtful.next()?.path)
}

/// Returns the names of the `let` bindings that the actions of an Environment see. A binding that does not resolve
/// keeps the action itself from running.
fn bound_names<'d>(context: &Context<'d>, environment: &Environment<'d>) -> HashSet<&'d str> {
    let root = context.document.value();
    let own = environment.path.key("script").key("let");
    let of_step = match environment.home {
        Home::Step(index) => Some(Path::root().key("steps").index(index).key("let")),
        Home::Job | Home::Template => None,
    };
    let lists = of_step.into_iter().chain([own]);
    let names = lists.flat_map(|list| bindings(list.get(root)).map(|(_, name, _)| name));
    names.collect()
}
