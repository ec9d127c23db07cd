#![no_main]

use openjd_monitor_core::lint;
use signal_hook::{consts::SIGPIPE, flag};
use std::sync::Arc;

libfuzzer_sys::fuzz_target!(
    init: {
        lint::quiet_caught_panics();
        // An adapter may end while it is written to, and what runs here has the signal as programs in C have it.
        flag::register(SIGPIPE, Arc::default()).expect("a handler");
    },
    |bytes: &[u8]| openjd_monitor_fuzz::targets::answers(bytes)
);
