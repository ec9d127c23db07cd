//! The checks beside the action that runs: starts, results, and what follows from them.

use super::effect::{CheckResult, Effect, SessionState, Start};
use super::event::{Owner, Target, Time};
use super::machine::Session;
use super::monitor::{Consequence, Outcome, Tick};
use super::running::Cause;
use std::sync::Arc;

impl Session {
    pub(super) fn tick(&mut self, now: Time, effects: &mut Vec<Effect>) {
        let process = self.new_process();
        let Some(running) = &mut self.running else {
            return;
        };
        // It may have become inactive earlier in this instant.
        let Some(monitor) = running
            .monitor
            .as_mut()
            .filter(|monitor| monitor.next_tick().is_some())
        else {
            return;
        };
        let action = running.action.clone();
        match monitor.tick(now, process) {
            Tick::IsSkipped => effects.push(Effect::TickSkipped { action }),
            Tick::Starts => {
                let invocation = monitor.plan.invocation.clone();
                // VAR-5. Only an action that enters changes any.
                let variables = match running.enters {
                    Some(_) => Arc::new(self.variables()),
                    None => running.variables.clone(),
                };
                effects.push(Effect::Start(Box::new(Start {
                    process,
                    target: Target::Check,
                    action,
                    invocation,
                    variables,
                    wraps: None,
                    parameters: None,
                    files: Vec::new(),
                })));
            }
        }
    }

    pub(super) fn time_check_out(&mut self, now: Time, effects: &mut Vec<Effect>) {
        let monitor = self
            .running
            .as_ref()
            .and_then(|running| running.monitor.as_ref());
        let Some(monitor) = monitor.filter(|monitor| monitor.check_timeout().is_some()) else {
            return;
        };
        effects.extend(monitor.check().map(|process| Effect::Kill {
            process,
            target: Target::Check,
        }));
        self.end_check(now, Outcome::TimedOut, effects);
    }

    pub(super) fn end_check(&mut self, now: Time, outcome: Outcome, effects: &mut Vec<Effect>) {
        let Some(running) = &mut self.running else {
            return;
        };
        let Some(monitor) = &mut running.monitor else {
            return;
        };
        let Some((result, report)) = monitor.end_check(outcome) else {
            return;
        };
        let action = running.action.clone();
        effects.push(Effect::CheckEnded {
            action: action.clone(),
            result: result.clone(),
        });
        let CheckResult::Unhealthy { reason, failures } = result else {
            return;
        };
        let consequence = monitor.consequence(failures);
        if consequence == Consequence::None {
            return;
        }
        let status = report.status(&reason, &self.redactions);
        effects.push(Effect::Status {
            text: status,
            source: Target::Check,
        });
        if consequence == Consequence::Fire {
            let Owner::Environment(name) = &action.owner else {
                return;
            };
            let message = report.fail_message(name, action.slot, failures, &reason);
            self.verdict.get_or_insert(SessionState::Failed);
            self.cancel(now, Cause::Monitor(message), None, effects);
        }
    }

    /// The monitor becomes inactive (TIM-3, TIM-6).
    pub(super) fn stop_monitor(&mut self, effects: &mut Vec<Effect>) {
        let Some(running) = &mut self.running else {
            return;
        };
        if let Some(process) = running.monitor.as_mut().and_then(|monitor| monitor.stop()) {
            effects.push(Effect::Kill {
                process,
                target: Target::Check,
            });
            effects.push(Effect::CheckEnded {
                action: running.action.clone(),
                result: CheckResult::Discarded,
            });
        }
    }
}
