//! Answers an author's question about a template without a scenario: for example, when does a monitor notice an
//! action that hangs while its checks fail?

use super::ProcessModel;
use super::processes::{End, OnNotify, Run};
use crate::session::{
    ActionState, CheckResult, Effect, Ending, Exit, SessionState, Start, Target, Time,
};
use crate::template::Slot;
use std::collections::BTreeMap;
use std::fmt;

/// Question about a template. By default every action succeeds at once and every check is healthy.
#[derive(Debug, Clone, Default)]
pub struct WhatIf {
    /// Slots whose actions hang.
    pub hangs: Vec<String>,
    /// Durations of the actions of other slots; 0 where there is none.
    pub takes: BTreeMap<String, Time>,
    /// Instant from which on checks exit with status 1.
    pub fail_from: Option<Time>,
    /// Duration of a check.
    pub check_takes: Time,
    /// `true` if actions that hang ignore a notify.
    pub ignores_notify: bool,
}

impl ProcessModel for WhatIf {
    fn run(&mut self, now: Time, start: &Start) -> Run {
        let slot = start.action.slot;
        if start.target == Target::Check {
            let is_unhealthy = self.fail_from.is_some_and(|from| now >= from);
            let exit = Exit::Status(i32::from(is_unhealthy));
            return Run::new(End::Ends(self.check_takes, exit));
        }
        if !self.hangs.iter().any(|hangs| hangs == slot) {
            return Run::succeeding(self.takes.get(slot).copied().unwrap_or_default());
        }
        let run = Run::new(End::Hangs);
        Run {
            on_notify: match self.ignores_notify {
                true => OnNotify::Ignores,
                false => run.on_notify,
            },
            ..run
        }
    }
}

/// Answer to a [`WhatIf`], gathered from the effects of a Session. It displays as a few sentences.
#[derive(Debug, Default)]
pub struct WhatIfAnswer {
    fail_from: Option<Time>,
    checks: u64,
    /// Start of the first unhealthy check.
    first_unhealthy: Option<Time>,
    check_started: Time,
    /// Action that a monitor ended, the time at which it fired, and the end of the action.
    fired: Option<(String, Time, Time)>,
    notified: Option<Time>,
    /// First action that did not succeed, if no monitor ended it.
    failed: Option<(String, Ending, Time)>,
    /// Exit actions that ran, with their final states.
    exits: Vec<(String, ActionState)>,
    ended: Option<(SessionState, Time)>,
}

impl WhatIfAnswer {
    /// Creates the answer to a question in which checks fail from this instant on, if they do.
    pub fn new(fail_from: Option<Time>) -> Self {
        Self {
            fail_from,
            ..Self::default()
        }
    }

    /// Adds the next effect.
    pub fn push(&mut self, at: Time, effect: &Effect) {
        match effect {
            Effect::Start(start) if start.target == Target::Check => {
                self.checks += 1;
                self.check_started = at;
            }
            Effect::CheckEnded {
                result: CheckResult::Unhealthy { .. },
                ..
            } => {
                self.first_unhealthy.get_or_insert(self.check_started);
            }
            Effect::Notify { .. }
            | Effect::Kill {
                target: Target::Action,
                ..
            } => {
                self.notified.get_or_insert(at);
            }
            Effect::ActionEnded { action, ending } => {
                let name = action.to_string();
                let canceled_at = self.notified.take().unwrap_or(at);
                if ending.is_by_monitor() && self.fired.is_none() {
                    self.fired = Some((name.clone(), canceled_at, at));
                } else if ending.state != ActionState::Success && self.fired.is_none() {
                    self.failed
                        .get_or_insert((name.clone(), (**ending).clone(), at));
                }
                if Slot::from_name(action.slot).is_some_and(Slot::is_exit) {
                    self.exits.push((name, ending.state));
                }
            }
            Effect::SessionEnded { state, .. } => self.ended = Some((*state, at)),
            _ => {}
        }
    }
}

impl fmt::Display for WhatIfAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Time| format!("{} s", time.as_secs_f64());
        match (&self.fired, &self.failed) {
            (Some((action, fired, ended)), _) => {
                write!(f, "The monitor ends {action} at {}", seconds(*fired))?;
                if let Some(from) = self.fail_from.or(self.first_unhealthy) {
                    let detection = fired.saturating_sub(from);
                    write!(f, ", {} after the checks begin to fail", seconds(detection))?;
                }
                match ended == fired {
                    true => write!(f, ".")?,
                    false => write!(f, "; its process is gone at {}.", seconds(*ended))?,
                }
            }
            (None, Some((action, ending, at))) => {
                write!(
                    f,
                    "No monitor ends an action; {action} ends {} at {}: {}.",
                    ending.state.name(),
                    seconds(*at),
                    ending.why()
                )?;
            }
            (None, None) => write!(f, "No monitor ends an action.")?,
        }
        if self.checks == 0 {
            write!(f, "\nNo check ran.")?;
        }
        if let Some((state, at)) = &self.ended {
            let exits = self.exits.iter().map(|(name, state)| match state {
                ActionState::Success => name.clone(),
                other => format!("{name} ({})", other.name()),
            });
            let exits = exits.collect::<Vec<_>>();
            let cleanup = match exits.is_empty() {
                true => "nothing to clean up".to_owned(),
                false => format!("after the cleanup by {}", exits.join(", ")),
            };
            write!(
                f,
                "\nThe session ends {} at {}, {cleanup}.",
                state.name(),
                seconds(*at)
            )?;
        }
        Ok(())
    }
}
