//! Scenarios: each has a trace or an error, and each Session in order of time and to its end.

use super::super::input::scenario;
use arbitrary::Unstructured;
use openjd_monitor_core::session::{Effect, Session, Time};
use openjd_monitor_core::simulate::{Scenario, TemplateFolder, simulate_up_to};
use openjd_monitor_core::template::{Syntax, limits, load};
use openjd_monitor_core::trace;
use std::convert::Infallible;
use std::path::Path;

/// Events of a trace: a Session without an end would have millions.
const MAX_EVENTS: u64 = 10_000;

/// Runs the scenario `bytes`, or the one that they stand for.
pub fn scenario(bytes: &[u8]) {
    let (text, syntax) = match bytes.split_first() {
        // Bytes of a file; the seeds are scenarios.
        Some((b'a'..=b'z' | b'#' | b'{', _)) => (bytes.to_vec(), Syntax::Yaml),
        // Input that ends too early is no input.
        _ => match scenario::any(&mut Unstructured::new(bytes)) {
            Ok(text) => (text.into_bytes(), Syntax::Json),
            Err(_) => return,
        },
    };
    let [first, second] = [(); 2].map(|()| traced(&text, syntax));
    assert_eq!(first, second, "another trace the second time");
}

/// Returns the trace of a scenario, as JSON; `None` if it has none.
fn traced(text: &[u8], syntax: Syntax) -> Option<Vec<String>> {
    let folder = TemplateFolder {
        path: Path::new("/nowhere"),
        allows_outside: false,
    };
    let mut scenario = Scenario::of(load(text, syntax, limits::DEFAULT_MAX_BYTES), folder).ok()?;
    let mut trace = Vec::new();
    let mut last = Time::ZERO;
    let mut ends = 0;
    let Ok(ending) = simulate_up_to(
        MAX_EVENTS,
        Session::new(scenario.job.ok()?),
        &mut scenario.processes,
        &scenario.inputs,
        &mut |at, effect| -> Result<(), Infallible> {
            assert!(at >= last && ends == 0, "{effect:?} at {at:?}");
            last = at;
            ends += usize::from(matches!(effect, Effect::SessionEnded { .. }));
            trace.extend(trace::event(at, effect).map(|event| event.to_string()));
            Ok(())
        },
    );
    if ending.is_ok() {
        assert_eq!(ends, 1);
    }
    Some(trace)
}
