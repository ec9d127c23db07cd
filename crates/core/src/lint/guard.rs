//! `openjd-model` panics at some templates (version 0.8.0: a step with a simple action whose name
//! makes no identifier, such as `10 m²`). What it cannot judge must not take the program down.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Calls the model; `None` if it panics.
pub(super) fn call<T>(model: impl FnOnce() -> T) -> Option<T> {
    IS_GUARDED.set(true);
    // What the model leaves half done is never looked at again.
    let result = panic::catch_unwind(AssertUnwindSafe(model)).ok();
    IS_GUARDED.set(false);
    result
}

/// Keeps the panics that are caught here from being printed; those of other code still are.
pub fn quiet_caught_panics() {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !IS_GUARDED.get() {
            hook(info);
        }
    }));
}
