//! A test case: two Environments with their monitors, a step of two tasks, the behaviour of each process, and the
//! user's cancels.

use openjd_monitor_core::session::Time;
use openjd_monitor_core::simulate::Run;
use std::collections::BTreeMap;

/// An action slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    Enter,
    WrapEnter,
    WrapRun,
    WrapExit,
    Exit,
}

pub const SLOTS: [Slot; 5] = [
    Slot::Enter,
    Slot::WrapEnter,
    Slot::WrapRun,
    Slot::WrapExit,
    Slot::Exit,
];

impl Slot {
    pub fn name(self) -> &'static str {
        match self {
            Self::Enter => "onEnter",
            Self::WrapEnter => "onWrapEnvEnter",
            Self::WrapRun => "onWrapTaskRun",
            Self::WrapExit => "onWrapEnvExit",
            Self::Exit => "onExit",
        }
    }

    pub fn is_hook(self) -> bool {
        matches!(self, Self::WrapEnter | Self::WrapRun | Self::WrapExit)
    }

    pub fn is_exit(self) -> bool {
        matches!(self, Self::WrapExit | Self::Exit)
    }
}

/// Timeout and cancelation that a template declares for an action, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Declared {
    pub timeout: Option<u64>,
    pub cancelation: Cancelation,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Cancelation {
    Undeclared,
    Terminate,
    /// With its notify period in seconds, if declared.
    Notify(Option<u64>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum OnFailure {
    Log,
    Warn,
    Terminate,
}

impl OnFailure {
    pub fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Warn => "warn",
            Self::Terminate => "terminate",
        }
    }
}

/// The health-check command.
#[derive(Debug, Clone, PartialEq)]
pub struct Command {
    pub name: &'static str,
    pub timeout: Option<u64>,
    /// `false` if its format strings fail to resolve.
    pub resolves: bool,
}

/// Fields of a monitor or of an override, where every field may be missing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Numbers {
    pub command: Option<Command>,
    pub period: Option<u64>,
    pub on_failure: Option<OnFailure>,
    pub threshold: Option<u64>,
    pub initial_delay: Option<u64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Monitor {
    pub base: Numbers,
    pub scope: Option<Vec<Slot>>,
    pub overrides: BTreeMap<Slot, Numbers>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    pub name: &'static str,
    pub slots: BTreeMap<Slot, Declared>,
    pub monitor: Option<Monitor>,
}

/// The action of the Session that a process belongs to. A hook counts as the action that it replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    OuterEnter,
    InnerEnter,
    Task1,
    Task2,
    InnerExit,
    OuterExit,
}

pub const PLACES: [Place; 6] = [
    Place::OuterEnter,
    Place::InnerEnter,
    Place::Task1,
    Place::Task2,
    Place::InnerExit,
    Place::OuterExit,
];

/// The processes of one action: its own, and those of its checks in order, the last of which repeats.
#[derive(Debug, Clone, PartialEq)]
pub struct Processes {
    pub action: Run,
    pub checks: Vec<Run>,
}

impl Processes {
    pub fn check(&self, index: usize) -> &Run {
        &self.checks[index.min(self.checks.len() - 1)]
    }
}

/// A user's cancel, and the notify period that it names, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Cancel {
    pub at: Time,
    pub notify_period: Option<u64>,
}

#[derive(Debug, Clone)]
pub struct Case {
    /// The outermost Environment, which may have wrap hooks.
    pub outer: Environment,
    pub inner: Environment,
    pub task: Declared,
    pub processes: BTreeMap<Place, Processes>,
    /// In order of time.
    pub cancels: Vec<Cancel>,
}

/// The environment variables that [`Case::outer`] sets.
pub const VARIABLES: [(&str, &str); 2] = [("A", "outer"), ("B", "outer")];
