//! Answers an author's question about a template without a scenario: for example, when does a monitor notice an
//! action that hangs while its checks fail?

use super::ProcessModel;
use super::processes::{End, OnNotify, Run};
use crate::session::{
    ActionName, ActionState, CheckResult, Effect, Ending, Exit, Schedule, SessionState, Start,
    Target, Time,
};
use crate::template::Slot;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// Question about a template. By default every action succeeds at once and every check is healthy.
#[derive(Debug, Clone, Default)]
pub struct WhatIf {
    /// Slots whose actions hang.
    pub hangs: Vec<String>,
    /// Durations of the actions of other slots; 0 where there is none.
    pub takes: BTreeMap<String, Time>,
    /// Instant from which on checks exit with status 1.
    pub fail_from: Option<Time>,
    /// Instant from which on checks hang, until their timeout ends them.
    pub hang_checks_from: Option<Time>,
    /// Duration of a check.
    pub check_takes: Time,
    /// `true` if actions that hang ignore a notify.
    pub ignores_notify: bool,
}

impl WhatIf {
    /// Returns the instant from which on checks are unhealthy.
    fn unhealthy_from(&self) -> Option<Time> {
        [self.fail_from, self.hang_checks_from]
            .into_iter()
            .flatten()
            .min()
    }
}

impl ProcessModel for WhatIf {
    fn run(&mut self, now: Time, start: &Start) -> Run {
        let slot = start.action.slot;
        if start.target == Target::Check {
            if self.hang_checks_from.is_some_and(|from| now >= from) {
                return Run::new(End::Hangs);
            }
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
    unhealthy_from: Option<Time>,
    schedules: Vec<Schedule>,
    checks: u64,
    /// Start of the first unhealthy check.
    first_unhealthy: Option<Time>,
    check_started: Time,
    /// Start of the first of the last unhealthy checks in a row.
    row_started: Option<Time>,
    action_started: Time,
    /// Monitored action that ran longest, with its duration.
    longest: Option<(Schedule, Duration)>,
    fired: Option<Fired>,
    notified: Option<Time>,
    /// First action that did not succeed, if no monitor ended it.
    failed: Option<(String, Ending, Time)>,
    /// Exit actions that ran, with their final states.
    exits: Vec<(String, ActionState)>,
    ended: Option<(SessionState, Time)>,
}

/// End of an action by its monitor.
#[derive(Debug)]
struct Fired {
    action: String,
    at: Time,
    ended: Time,
    /// Time from the start of the first unhealthy check in a row, and the times of the checks.
    notice: Option<(Duration, Schedule)>,
}

impl WhatIfAnswer {
    /// Creates the answer to a question about a job with these monitored actions.
    pub fn new(question: &WhatIf, schedules: Vec<Schedule>) -> Self {
        Self {
            unhealthy_from: question.unhealthy_from(),
            schedules,
            ..Self::default()
        }
    }

    fn schedule(&self, action: &ActionName) -> Option<&Schedule> {
        self.schedules
            .iter()
            .find(|schedule| schedule.action == *action)
    }

    /// Adds the next effect.
    pub fn push(&mut self, at: Time, effect: &Effect) {
        match effect {
            Effect::Start(start) if start.target == Target::Check => {
                self.checks += 1;
                self.check_started = at;
            }
            Effect::Start(_) => {
                self.action_started = at;
                self.row_started = None;
            }
            Effect::CheckEnded { result, .. } => match result {
                CheckResult::Unhealthy { .. } => {
                    self.first_unhealthy.get_or_insert(self.check_started);
                    self.row_started.get_or_insert(self.check_started);
                }
                _ => self.row_started = None,
            },
            Effect::Notify { .. }
            | Effect::Kill {
                target: Target::Action,
                ..
            } => {
                self.notified.get_or_insert(at);
            }
            Effect::ActionEnded { action, ending } => self.end_action(at, action, ending),
            Effect::SessionEnded { state, .. } => self.ended = Some((*state, at)),
            _ => {}
        }
    }

    fn end_action(&mut self, at: Time, action: &ActionName, ending: &Ending) {
        let name = action.to_string();
        let canceled_at = self.notified.take().unwrap_or(at);
        let schedule = self.schedule(action).cloned();
        if ending.is_by_monitor() && self.fired.is_none() {
            let row = self
                .row_started
                .map(|start| canceled_at.saturating_sub(start));
            self.fired = Some(Fired {
                action: name.clone(),
                at: canceled_at,
                ended: at,
                notice: row.zip(schedule.clone()),
            });
        } else if ending.state != ActionState::Success && self.fired.is_none() {
            self.failed
                .get_or_insert((name.clone(), ending.clone(), at));
        }
        let duration = at.saturating_sub(self.action_started);
        let is_longest = self
            .longest
            .as_ref()
            .is_none_or(|(_, longest)| *longest < duration);
        if let Some(schedule) = schedule.filter(|_| is_longest) {
            self.longest = Some((schedule, duration));
        }
        if Slot::from_name(action.slot).is_some_and(Slot::is_exit) {
            self.exits.push((name, ending.state));
        }
    }

    /// Returns the reason that no check ran.
    fn unchecked(&self) -> String {
        let Some((schedule, duration)) = &self.longest else {
            return match self.schedules.is_empty() {
                true => "there is no monitor".to_owned(),
                false => "no monitored action ran".to_owned(),
            };
        };
        format!(
            "{} ended after {} s, before its first check at {} s; `--take {slot}=SECONDS` or `--hang {slot}` lets it run on",
            schedule.action,
            duration.as_secs_f64(),
            schedule.first_check.as_secs_f64(),
            slot = schedule.action.slot
        )
    }
}

impl fmt::Display for WhatIfAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Time| format!("{} s", time.as_secs_f64());
        match (&self.fired, &self.failed) {
            (Some(fired), _) => {
                write!(
                    f,
                    "The monitor ends {} at {}",
                    fired.action,
                    seconds(fired.at)
                )?;
                if let Some(from) = self.unhealthy_from.or(self.first_unhealthy) {
                    let detection = fired.at.saturating_sub(from);
                    write!(f, ", {} after the checks begin to fail", seconds(detection))?;
                }
                match fired.ended == fired.at {
                    true => write!(f, ".")?,
                    false => write!(f, "; its process is gone at {}.", seconds(fired.ended))?,
                }
                if let Some((least, schedule)) = &fired.notice {
                    write!(f, "\n{}", range(*least, schedule))?;
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
            write!(f, "\nNo check ran: {}.", self.unchecked())?;
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

/// Says how long it takes to notice what is noticed `least` after a check has begun.
fn range(least: Duration, schedule: &Schedule) -> String {
    let most = least + schedule.period;
    let longer = least + schedule.first_check;
    let start = match longer > most {
        true => format!(
            ", or up to {} s at the start of the action",
            longer.as_secs_f64()
        ),
        false => String::new(),
    };
    format!(
        "It takes {} to {} s, depending on when between two checks the failure begins{start}.",
        least.as_secs_f64(),
        most.as_secs_f64()
    )
}
