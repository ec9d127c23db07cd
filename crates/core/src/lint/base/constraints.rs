//! Where the definition of a job parameter contradicts itself: the model reports it on the definition as a whole.

use crate::lint::finding::Place;
use crate::template::Path;
use serde_json::Value;

/// Returns the part of the definition at `path` that `message` is about, if it is such a message.
pub(super) fn place(document: &Value, path: &Path, message: &str) -> Option<Place> {
    let (_, what) = message.strip_prefix("Parameter '")?.split_once("': ")?;
    let word = what.split([' ', ':']).next()?;
    let (field, index) = match word.split_once('[') {
        Some((field, rest)) => (field, rest.strip_suffix(']')?.parse().ok()),
        None => (word, None),
    };
    let field = match field {
        "value" | "default" | "item" | "list" => path.key("default"),
        "label" | "groupLabel" | "control" | "singleStepDelta" | "decimals" => {
            path.key("userInterface").key(field)
        }
        "SPIN_BOX" | "DROPDOWN_LIST" | "CHECK_BOX" | "HIDDEN" => {
            path.key("userInterface").key("control")
        }
        _ => path.key(field),
    };
    let item = index.map(|index| field.index(index));
    let places = item.into_iter().chain([field]);
    let mut there = places.filter(|place| place.get(document).is_some());
    there.next().map(|place| Place::of(document, &place))
}
