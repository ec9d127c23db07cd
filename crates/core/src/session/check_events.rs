//! Events of the checks beside the running action: ticks, results, and their consequences.

use super::effect::{CheckResult, Effect, Start};
use super::ending::Cause;
use super::event::{Owner, Target, Time};
use super::machine::Session;
use super::monitor::{Consequence, Outcome, Tick};
use std::sync::Arc;

impl Session {
    /// Starts a check, or skips the tick if one is alive (TIM-2).
    pub(super) fn tick(&mut self, now: Time) {
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
            Tick::Skipped => self.queue(Effect::TickSkipped { action }),
            Tick::Start => {
                let invocation = monitor.plan.invocation.clone();
                // VAR-5. Only an action that enters changes any.
                let variables = match running.enters {
                    Some(_) => Arc::new(self.plan.variables()),
                    None => running.variables.clone(),
                };
                self.start_process(Start {
                    process,
                    target: Target::Check,
                    action,
                    invocation,
                    variables,
                    wraps: None,
                    parameters: None,
                    files: Vec::new(),
                });
            }
        }
    }

    /// Kills the check that exceeded its timeout (TIM-5).
    pub(super) fn time_out_check(&mut self, now: Time) {
        let running = self.running.as_ref();
        let monitor = running.and_then(|running| running.monitor.as_ref());
        let Some(monitor) = monitor.filter(|monitor| monitor.check_timeout().is_some()) else {
            return;
        };
        if let Some(process) = monitor.check() {
            self.queue(Effect::Kill {
                process,
                target: Target::Check,
            });
        }
        self.end_check(now, Outcome::TimedOut);
    }

    /// Reports the result of the check (RES-1) and applies its consequence: a failure status (OUT-3), and firing
    /// (ACT-4).
    pub(super) fn end_check(&mut self, now: Time, outcome: Outcome) {
        let Some(running) = &mut self.running else {
            return;
        };
        let Some(monitor) = &mut running.monitor else {
            return;
        };
        let Some((result, output)) = monitor.end_check(outcome) else {
            return;
        };
        let consequence = match &result {
            CheckResult::Unhealthy { failures, .. } => monitor.consequence(*failures),
            CheckResult::Healthy | CheckResult::Discarded => Consequence::None,
        };
        let action = running.action.clone();
        self.queue(Effect::CheckEnded {
            action: action.clone(),
            result: result.clone(),
        });
        let CheckResult::Unhealthy { reason, failures } = result else {
            return;
        };
        if consequence == Consequence::None {
            return;
        }
        let text = output.status(&reason, &self.redactions);
        self.queue(Effect::Status {
            text,
            source: Target::Check,
        });
        if consequence == Consequence::Fire
            && let Owner::Environment(name) = &action.owner
        {
            let message = output.fail_message(name, action.slot, failures, &reason);
            self.cancel(now, Cause::Monitor(message), None);
        }
    }

    /// Makes the monitor inactive, and discards its check (TIM-3, TIM-6).
    pub(super) fn stop_monitor(&mut self) {
        let Some(running) = &mut self.running else {
            return;
        };
        if let Some(process) = running.monitor.as_mut().and_then(|monitor| monitor.stop()) {
            let action = running.action.clone();
            self.queue(Effect::Kill {
                process,
                target: Target::Check,
            });
            self.queue(Effect::CheckEnded {
                action,
                result: CheckResult::Discarded,
            });
        }
    }
}
