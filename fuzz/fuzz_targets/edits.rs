#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| openjd_monitor_fuzz::targets::edits(bytes));
