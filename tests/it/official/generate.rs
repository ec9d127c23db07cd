//! Random Sessions: templates whose format strings all resolve, or fail only on the worker host.

use super::session::LISTED;
use super::texts::{
    COMMON, FAIL_LINE, FAILING, LINES, LISTS, RULES, definitions, extensions, parameters,
};
use super::trouble::{self, Trouble};
use crate::support::Random;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Everything that a Session runs.
#[derive(Debug)]
pub struct Plan {
    pub template: Value,
    pub environments: Vec<Value>,
    pub parameters: BTreeMap<String, Value>,
    /// The names of Environments and Steps.
    pub owners: Vec<String>,
}

const HOOKS: [&str; 3] = ["onWrapEnvEnter", "onWrapTaskRun", "onWrapEnvExit"];

/// Format strings that a script may use in addition to [`COMMON`].
#[derive(Clone, Default)]
struct Seen {
    strings: Vec<String>,
    lists: Vec<String>,
}

impl Seen {
    fn add(&mut self, strings: &[&str]) {
        self.strings.extend(strings.iter().map(|s| (*s).to_owned()));
    }
}

pub struct Generator<'r> {
    pub random: Random,
    /// The program that every action runs.
    pub recorder: &'r str,
    names: usize,
    owners: Vec<String>,
    /// Probability of a failure, in percent.
    failures: usize,
    /// Troubles to come, each with its slot.
    troubles: Vec<(&'static str, Trouble)>,
}

impl<'r> Generator<'r> {
    pub fn new(seed: u64, recorder: &'r str) -> Self {
        Self {
            random: Random::new(seed),
            recorder,
            names: 0,
            owners: Vec::new(),
            failures: 0,
            troubles: Vec::new(),
        }
    }

    /// Creates a generator of a Session in which something goes wrong.
    pub fn troubled(seed: u64, recorder: &'r str) -> Self {
        let mut generator = Self::new(seed, recorder);
        generator.troubles = trouble::some(&mut generator.random);
        generator
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.random.below(n) == 0
    }

    fn name(&mut self, kind: &str) -> String {
        self.names += 1;
        format!("{kind}{}", self.names)
    }

    pub fn plan(&mut self) -> Plan {
        self.failures = self.random.pick(&[0, 2, 6]);
        let (outer, inner) = (self.random.below(3), self.random.below(3));
        let steps = 1 + self.random.below(2);
        let around: Vec<_> = (0..steps).map(|_| self.random.below(2)).collect();
        // At most one Environment of a Session wraps.
        let wrapper = (!self.one_in(3)).then(|| self.random.below(outer + inner + 1));
        let is_wrapper = |index: usize| wrapper == Some(index);
        let is_redacting = self.one_in(2);
        let environments = (0..outer)
            .map(|index| self.outer(is_wrapper(index), is_redacting))
            .collect();
        let job: Vec<_> = (outer..outer + inner)
            .map(|index| self.environment(is_wrapper(index), &Seen::default()))
            .collect();
        let step_wraps = is_wrapper(outer + inner);
        let steps: Vec<_> = around
            .into_iter()
            .map(|around| self.step(around, step_wraps))
            .collect();
        let mut template = json!({
            "specificationVersion": "jobtemplate-2023-09",
            "extensions": extensions(is_redacting),
            "name": "Compared {{Param.Int}}",
            "parameterDefinitions": definitions(),
            "steps": steps,
        });
        if !job.is_empty() {
            template["jobEnvironments"] = job.into();
        }
        Plan {
            template,
            environments,
            parameters: self.parameters(),
            owners: std::mem::take(&mut self.owners),
        }
    }

    fn parameters(&mut self) -> BTreeMap<String, Value> {
        let given = parameters().into_iter();
        given.filter(|_| self.random.below(2) == 0).collect()
    }

    fn outer(&mut self, wraps: bool, is_redacting: bool) -> Value {
        json!({
            "specificationVersion": "environment-2023-09",
            "extensions": extensions(is_redacting),
            "parameterDefinitions": definitions(),
            "environment": self.environment(wraps, &Seen::default()),
        })
    }

    fn environment(&mut self, wraps: bool, seen: &Seen) -> Value {
        let name = self.name("Environment ");
        self.owners.push(name.clone());
        let mut variables = Map::new();
        let text = self.text(seen);
        if text != FAILING {
            // Which of several are set where one fails is left open.
            let other = Some(self.text(seen)).filter(|text| text != FAILING);
            let other = other.map(|text| (format!("V_{}", self.names), text.into()));
            variables.extend(other);
        }
        variables.insert("V_STATIC".to_owned(), text.into());
        if self.one_in(12) {
            return json!({ "name": name, "variables": variables });
        }
        let mut seen = seen.clone();
        seen.add(&RULES);
        let mut script = self.script("Env", &mut seen, wraps);
        let mut actions = Map::new();
        let own = [vec!["onEnter"], vec!["onExit"], vec!["onEnter", "onExit"]];
        for slot in self.random.pick(&own) {
            let mut action = self.action(slot, &seen);
            self.disturb(slot, &mut action);
            actions.insert(slot.to_owned(), action);
        }
        if wraps {
            for hook in HOOKS {
                let mut seen = seen.clone();
                seen.add(&["{{WrappedAction.Command}}"]);
                seen.add(&[if hook == "onWrapTaskRun" {
                    "{{WrappedStep.Name}}"
                } else {
                    "{{WrappedEnv.Name}}"
                }]);
                seen.lists = vec!["{{WrappedAction.Args}}".to_owned()];
                actions.insert(hook.to_owned(), self.hook(hook, &seen));
            }
        }
        script["actions"] = actions.into();
        let mut environment = json!({ "name": name, "script": script });
        if !self.one_in(3) {
            environment["variables"] = variables.into();
        }
        environment
    }

    fn step(&mut self, around: usize, wraps: bool) -> Value {
        let name = self.name("Step ");
        self.owners.push(name.clone());
        let mut step = json!({ "name": name });
        let mut seen = Seen::default();
        seen.add(&["{{Step.Name}}", "{{Job.Name}}"]);
        if self.one_in(2) {
            let name = self.name("of_step");
            step["let"] = json!([format!("{name} = Param.Text + Step.Name")]);
            seen.strings.push(format!("{{{{ {name} }}}}"));
        }
        let around = around.max(usize::from(wraps));
        let environments: Vec<_> = (0..around)
            .map(|index| self.environment(wraps && index == 0, &seen))
            .collect();
        if !environments.is_empty() {
            step["stepEnvironments"] = environments.into();
        }
        if !self.one_in(3) {
            step["parameterSpace"] = json!({ "taskParameterDefinitions": self.space(&mut seen) });
        }
        seen.add(&RULES);
        let mut script = self.script("Task", &mut seen, false);
        let mut action = self.action("onRun", &seen);
        self.disturb("onRun", &mut action);
        // The official command line lets a step's Environments see only what the step itself refers to.
        let args = action["args"].as_array_mut().expect("a list");
        args.extend(seen.strings.into_iter().map(Value::from));
        args.extend(COMMON.iter().chain(LISTS).map(|text| Value::from(*text)));
        script["actions"] = json!({ "onRun": action });
        step["script"] = script;
        step
    }

    /// One or two task parameters.
    fn space(&mut self, seen: &mut Seen) -> Vec<Value> {
        let all = [
            json!({ "name": "Frame", "type": "INT", "range": "1-2" }),
            json!({ "name": "Frame", "type": "INT", "range": "7-{{ Param.Int + 4 }}:2" }),
            json!({ "name": "Layer", "type": "STRING", "range": ["a b", "{{Param.Text}}"] }),
            json!({ "name": "Scale", "type": "FLOAT", "range": ["0.50", 2] }),
            json!({ "name": "Scene", "type": "PATH", "range": ["a/b.blend", "/c.blend"] }),
            json!({
                "name": "Chunk",
                "type": "CHUNK[INT]",
                "range": "1-5",
                "chunks": { "defaultTaskCount": 3, "rangeConstraint": "CONTIGUOUS" },
            }),
        ];
        let mut chosen = vec![self.random.pick(&all)];
        let other = self.random.pick(&all);
        if other["name"] != chosen[0]["name"] {
            chosen.push(other);
        }
        for definition in &chosen {
            let name = definition["name"].as_str().expect("a name");
            seen.strings.push(format!("{{{{Task.Param.{name}}}}}"));
            seen.strings.push(format!("{{{{Task.RawParam.{name}}}}}"));
            if definition["type"] == "PATH" {
                seen.strings
                    .push(format!("{{{{ Task.Param.{name}.name }}}}"));
            }
        }
        chosen
    }

    /// A script without its actions: `let` and embedded files, which are added to `seen`.
    fn script(&mut self, kind: &str, seen: &mut Seen, is_wrapper: bool) -> Value {
        let mut script = json!({});
        let mut files = Vec::new();
        let mut paths = Vec::new();
        for _ in 0..self.random.below(3) {
            let name = self.name("Unnamed");
            paths.push(format!("{{{{{kind}.File.{name}}}}}"));
            files.push(json!({ "name": name, "type": "TEXT" }));
        }
        if self.one_in(2) {
            let name = self.name("bound");
            let mut bindings = vec![
                format!("{name} = Param.Text + '!'"),
                format!("list_{name} = [{name}, 'x']"),
            ];
            if let (false, Some(path)) = (is_wrapper, paths.first()) {
                bindings.push(format!("path_{name} = {}", path.replace(['{', '}'], "")));
                seen.strings.push(format!("{{{{ path_{name} }}}}"));
            }
            script["let"] = json!(bindings);
            seen.strings.push(format!("{{{{ {name} }}}}"));
            seen.lists.push(format!("{{{{ list_{name} }}}}"));
        }
        for file in &mut files {
            let data = format!("{}\r\n{}\n", self.text(seen), self.text(seen));
            file["data"] = data.into();
            if self.one_in(2) {
                file["filename"] = format!("{}.sh", self.name("file")).into();
            }
            if self.one_in(2) {
                file["runnable"] = self.one_in(2).into();
            }
            if self.one_in(2) {
                file["endOfLine"] = self.random.pick(&["LF", "CRLF", "AUTO"]).into();
            }
        }
        // Every action names every file, so that what they hold is compared.
        seen.strings.extend(paths);
        if !files.is_empty() {
            script["embeddedFiles"] = files.into();
        }
        script
    }

    /// Some text with or without format strings.
    fn text(&mut self, seen: &Seen) -> String {
        if self.random.below(200) < self.failures {
            return FAILING.to_owned();
        }
        if !seen.strings.is_empty() && self.one_in(2) {
            return self.random.pick(&seen.strings);
        }
        self.random.pick(COMMON).to_owned()
    }

    fn action(&mut self, slot: &str, seen: &Seen) -> Value {
        let mut args = vec![slot.to_owned()];
        for _ in 0..self.random.below(4) {
            let stream = self.random.pick(&["out", "out", "err"]);
            let line = match self.random.below(100) < self.failures {
                true => FAIL_LINE,
                false => self.random.pick(LINES),
            };
            args.push(format!("{stream}={line}"));
        }
        if self.random.below(100) < 2 * self.failures {
            args.push(format!("exit={}", self.random.pick(&[1, 2, 77, 255])));
        }
        args.push("--".to_owned());
        for _ in 0..self.random.below(5) {
            args.push(match self.one_in(3) {
                true => self.random.pick(LISTS).to_owned(),
                false => self.text(seen),
            });
        }
        args.extend(seen.lists.iter().cloned());
        let files = seen.strings.iter().filter(|text| text.contains(".File."));
        args.extend(files.cloned());
        let mut action = json!({ "command": self.recorder, "args": args });
        if self.one_in(2) {
            action["timeout"] = self
                .random
                .pick(&[json!(900), json!("{{ Param.Int + 900 }}")]);
        }
        let modes = [
            Value::Null,
            json!({ "mode": "TERMINATE" }),
            json!({ "mode": "NOTIFY_THEN_TERMINATE" }),
            json!({ "mode": "NOTIFY_THEN_TERMINATE", "notifyPeriodInSeconds": 45 }),
        ];
        let mode = self.random.pick(&modes);
        if !mode.is_null() {
            action["cancelation"] = mode;
        }
        action
    }

    fn hook(&mut self, name: &str, seen: &Seen) -> Value {
        let mut hook = self.action(name, seen);
        // The official runtime, as of 0.6.0, has the values without those of the Environment that is exited.
        let listed = match name {
            "onWrapEnvExit" => "{{[]}}",
            _ => "{{WrappedAction.Environment}}",
        };
        let of_wrapped = [
            "{{WrappedAction.Command}}",
            "{{WrappedAction.Timeout}}",
            "{{WrappedAction.Cancelation.Mode}}",
            "{{WrappedAction.Cancelation.NotifyPeriodInSeconds}}",
            LISTED[0],
            listed,
            LISTED[1],
        ];
        let args = hook["args"].as_array_mut().expect("a list");
        args.extend(of_wrapped.map(Value::from));
        if self.one_in(2) {
            hook["timeout"] = "{{WrappedAction.Timeout}}".into();
            hook["cancelation"] = json!({
                "mode": "{{WrappedAction.Cancelation.Mode}}",
                "notifyPeriodInSeconds": "{{WrappedAction.Cancelation.NotifyPeriodInSeconds}}",
            });
        }
        self.disturb(name, &mut hook);
        hook
    }

    /// Lets an action of this slot get into trouble, if one is left for it.
    fn disturb(&mut self, slot: &str, action: &mut Value) {
        let waiting = self.troubles.iter().position(|(of, _)| *of == slot);
        if let Some(at) = waiting.filter(|_| self.random.below(3) > 0) {
            let (_, trouble) = self.troubles.remove(at);
            trouble.befall(action, &mut self.random);
        }
    }
}
