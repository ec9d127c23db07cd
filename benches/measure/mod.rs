//! Measurements in pairs: of this project and of a peer, in turn, with the allocator of the program.

use mimalloc::MiMalloc;
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Prints the heading of what [`compare`] prints.
pub fn heading(peer: &str, own: &str) {
    println!("{:<22} {peer:>12} {own:>12} {:>6}", "", "ratio");
}

/// Prints the medians of the times that `peer` and `own` take, and their ratio.
pub fn compare(name: &str, pairs: usize, peer: impl Fn(), own: impl Fn()) {
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..pairs {
        times[0].push(time(&peer));
        times[1].push(time(&own));
    }
    let [peer, own] = times.map(median);
    let ratio = own.as_secs_f64() / peer.as_secs_f64();
    println!("{name:<22} {peer:>12.1?} {own:>12.1?} {ratio:>6.2}");
}

fn time(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
