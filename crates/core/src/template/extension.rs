//! A template without the extension, as the base specification defines it.

use super::environment::environments;
use super::{Path, Segment, TemplateKind};
use serde_json::Value;

/// The name of the extension.
pub const MONITOR: &str = "MONITOR";

/// The template `value` without any `onMonitor`, and without MONITOR among its `extensions`; without these
/// if nothing else is in them.
pub fn without_extension(kind: TemplateKind, value: &Value) -> Value {
    let mut base = value.clone();
    for environment in environments(kind, value) {
        remove(&mut base, &environment.monitor_path());
    }
    remove_extension(&mut base, MONITOR);
    base
}

/// Takes `name` from the `extensions` of a template, and these away if nothing else is in them.
pub fn remove_extension(template: &mut Value, name: &str) {
    let Some(Value::Array(extensions)) = template.get_mut("extensions") else {
        return;
    };
    let length = extensions.len();
    extensions.retain(|listed| listed != name);
    if extensions.is_empty() && length > 0 {
        remove(template, &Path::root().key("extensions"));
    }
}

/// Removes the key at the end of `path`.
pub fn remove(value: &mut Value, path: &Path) {
    if let (Some(Segment::Key(key)), Some(parent)) = (path.segments().last(), path.parent())
        && let Some(Value::Object(map)) = parent.get_mut(value)
    {
        map.remove(key.as_str());
    }
}
