#![no_main]

libfuzzer_sys::fuzz_target!(
    init: openjd_monitor_core::lint::quiet_caught_panics(),
    |bytes: &[u8]| openjd_monitor_fuzz::targets::edits(bytes)
);
