//! Troubles of a random Session.

use super::texts::MALFORMED;
use crate::support::Random;
use serde_json::{Value, json};

/// Something that ends an action other than by its own exit with status 0.
#[derive(Debug, Clone, Copy)]
pub enum Trouble {
    /// It exits with another status.
    Exit,
    /// It dies by a signal.
    Signal,
    /// A user cancels it.
    Cancel,
    /// It exceeds its timeout.
    Timeout,
    /// It writes a malformed message.
    Malformed,
}

const ALL: [Trouble; 5] = [
    Trouble::Exit,
    Trouble::Signal,
    Trouble::Cancel,
    Trouble::Timeout,
    Trouble::Malformed,
];
const SLOTS: [&str; 6] = [
    "onEnter",
    "onWrapEnvEnter",
    "onRun",
    "onWrapTaskRun",
    "onWrapEnvExit",
    "onExit",
];

/// Returns up to two troubles, each with the slot that it is for.
pub fn some(random: &mut Random) -> Vec<(&'static str, Trouble)> {
    let first = (random.pick(&SLOTS), random.pick(&ALL));
    let second = (random.pick(&SLOTS), random.pick(&ALL));
    let count = 1 + random.below(2);
    [first, second].into_iter().take(count).collect()
}

impl Trouble {
    /// Makes an action get into this trouble.
    pub fn befall(self, action: &mut Value, random: &mut Random) {
        let mut added = match self {
            Self::Exit => vec!["exit=3".to_owned()],
            Self::Signal => vec!["die=9".to_owned()],
            Self::Cancel => vec![format!("cancel={}", random.pick(&["", "1"]))],
            Self::Timeout => vec!["wait=6".to_owned()],
            Self::Malformed => vec![
                format!("out={}", random.pick(MALFORMED)),
                "wait=3".to_owned(),
            ],
        };
        if let Self::Cancel | Self::Timeout | Self::Malformed = self {
            let reaction = random.pick(&["die", "0", "4", "ignore"]);
            added.insert(0, format!("notified={reaction}"));
            let brief = json!({ "mode": "NOTIFY_THEN_TERMINATE", "notifyPeriodInSeconds": 1 });
            action["cancelation"] = match random.below(3) {
                0 => json!({ "mode": "TERMINATE" }),
                1 if reaction != "ignore" => json!({ "mode": "NOTIFY_THEN_TERMINATE" }),
                _ => brief,
            };
        }
        if let Some(action) = action.as_object_mut() {
            action.remove("timeout");
        }
        if let Self::Timeout = self {
            action["timeout"] = 1.into();
        }
        let args = action["args"].as_array_mut().expect("a list");
        let end = args.iter().position(|arg| arg == "--").expect("an end");
        args.splice(end..end, added.into_iter().map(Value::from));
    }
}
