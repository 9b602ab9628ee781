//! On a system with files, threads and arguments.

use std::sync::LazyLock;
use std::time::Instant;

static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);

pub fn clock() -> f64 {
    BEGIN.elapsed().as_secs_f64()
}

/// Seconds for which this thread has run, where the system says so: other load on the machine does not count. Else those of the clock,
/// and with `--wall`, for a comparison with what has no other.
pub fn seconds() -> f64 {
    if std::env::args().any(|arg| arg == "--wall") {
        return clock();
    }
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse::<f64>().ok());
    nanoseconds.map_or_else(clock, |n| n * 1e-9)
}

pub fn alone(run: fn()) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a pool").install(run);
}

/// Whether a word is asked for: one that holds the argument that is no option, and without such an argument, all.
pub fn wants(word: &str) -> bool {
    let given = std::env::args()
        .skip(1)
        .find(|arg| !arg.starts_with('-') && !arg.contains('='));
    word.contains(&given.unwrap_or_default())
}

/// What follows `name=` in an argument.
pub fn option(name: &str) -> Option<String> {
    let args = std::env::args().skip(1);
    args.filter_map(|arg| Some(arg.strip_prefix(name)?.strip_prefix('=')?.to_string()))
        .next()
}

pub fn say(line: &str) {
    println!("{line}");
}
