//! The action slots of an Environment.

/// An action slot of an Environment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// Runs when a Session enters the Environment.
    OnEnter,
    /// Runs in place of an inner Environment's `onEnter` (RFC 0008).
    OnWrapEnvEnter,
    /// Runs in place of a task's `onRun` (RFC 0008).
    OnWrapTaskRun,
    /// Runs in place of an inner Environment's `onExit` (RFC 0008).
    OnWrapEnvExit,
    /// Runs when a Session exits the Environment.
    OnExit,
}

impl Slot {
    /// All slots, in the order in which a Session can come to them.
    pub const ALL: [Self; 5] = [
        Self::OnEnter,
        Self::OnWrapEnvEnter,
        Self::OnWrapTaskRun,
        Self::OnWrapEnvExit,
        Self::OnExit,
    ];

    /// The slots whose actions run in place of others: an Environment has all three or none (RFC 0008).
    pub const HOOKS: [Self; 3] = [
        Self::OnWrapEnvEnter,
        Self::OnWrapTaskRun,
        Self::OnWrapEnvExit,
    ];

    /// The hook that takes the place of an inner Environment's action in this slot.
    pub fn hook(self) -> Option<Self> {
        match self {
            Self::OnEnter => Some(Self::OnWrapEnvEnter),
            Self::OnExit => Some(Self::OnWrapEnvExit),
            _ => None,
        }
    }

    /// The key of the slot's action in `<EnvironmentActions>`.
    pub fn name(self) -> &'static str {
        match self {
            Self::OnEnter => "onEnter",
            Self::OnWrapEnvEnter => "onWrapEnvEnter",
            Self::OnWrapTaskRun => "onWrapTaskRun",
            Self::OnWrapEnvExit => "onWrapEnvExit",
            Self::OnExit => "onExit",
        }
    }

    /// Returns true for the exit slots, `onExit` and `onWrapEnvExit`.
    pub fn is_exit(self) -> bool {
        matches!(self, Self::OnExit | Self::OnWrapEnvExit)
    }

    /// The slot with this key, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|slot| slot.name() == name)
    }
}
