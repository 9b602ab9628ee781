//! Cost of a suggestion of `bayes` (fit and acquisition) by the number of trials, beside other optimizers' stored figures:
//! `cargo bench --bench gp -- [dimensions=4] [trials=400] [SETTINGS of bayes]`, as in `kernel:rbf,hyper:slice`.
//!
//! On Linux, times are those the thread was on a processor, which other load does not lengthen.
#![allow(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![allow(missing_docs)]

use std::sync::Arc;
use std::time::Instant;
use tunescape::context::Context;
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;
use tunescape::space::{Domain, Param, Space};
use tunescape::spec::Call;
use tunescape::strategy::{Ask, Plan, STRATEGIES};
use tunescape::surrogate::gp::{Axis, Coordinates, Gp, Matern52, Observations, Priors, Problem};
use tunescape::trial::{Direction, History, Outcome};

/// Milliseconds a suggestion takes others in 4 dimensions, on a quiet 2-core machine.
const PEERS: [(&str, [Option<f64>; 4]); 4] = [
    ("Optuna 5.0.0, GP", [Some(81.0), Some(97.0), Some(237.0), None]),
    ("egobox 1.0.0, 2 threads", [Some(54.0), Some(131.0), Some(379.0), None]),
    ("scikit-optimize 0.10.2", [Some(353.0), Some(785.0), Some(2539.0), None]),
    (
        "scikit-learn 1.9.1, the fit alone",
        [Some(52.6), Some(86.0), Some(732.0), Some(3932.0)],
    ),
];
const MARKS: [usize; 7] = [50, 100, 200, 400, 600, 800, 1000];
/// Suggestions around a mark that are looked at.
const WINDOW: usize = 20;

/// The sum of a bowl and a ripple, with a little noise.
fn objective(x: &[f64], id: u32) -> f64 {
    let bowl: f64 = x.iter().map(|v| (v - 0.3) * (v - 0.3)).sum();
    bowl + 0.1 * libm::sin(9.0 * x[0]) + 0.01 * libm::sin(f64::from(id) * 77.7)
}

/// Time on a processor, or else time.
struct Clock(Instant);

impl Clock {
    fn milliseconds(&self) -> f64 {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
        let nanoseconds = text.and_then(|t| t.split(' ').next()?.parse::<f64>().ok());
        nanoseconds.map_or_else(|| self.0.elapsed().as_secs_f64() * 1e3, |ns| ns / 1e6)
    }

    fn time<T>(&self, work: impl FnOnce() -> T) -> (T, f64) {
        let start = self.milliseconds();
        let result = work();
        (result, self.milliseconds() - start)
    }
}

fn main() {
    let clock = Clock(Instant::now());
    let (mut dimensions, mut trials, mut own) = (4, 400, String::new());
    for argument in std::env::args().skip(1).filter(|a| a != "--bench") {
        match argument.split_once('=') {
            Some(("dimensions", n)) => dimensions = n.parse().expect("a number"),
            Some(("trials", n)) => trials = n.parse().expect("a number"),
            _ => own = format!("({argument})"),
        }
    }
    let names: Vec<String> = (0..dimensions).map(|i| format!("x{i}")).collect();
    let params = names.iter().map(|n| Param::new(n, Domain::float(0.0, 1.0))).collect();
    let space = Arc::new(Space::new(params, Vec::new()).expect("a valid space"));
    let entry = find(STRATEGIES, "bayes").expect("registered");
    let call = Call::parse_list(&format!("bayes{own}")).expect("settings").remove(0);
    let (settings, refused) = Settings::check("bayes", entry.settings, &call.settings);
    assert!(refused.is_empty(), "{refused:?}");
    let plan = Plan::new(Seed(1), trials + WINDOW);
    let mut strategy = (entry.build)(&space, &settings, &plan).expect("built");
    let mut history = History::new(space.clone(), Direction::Minimize);
    let mut times = Vec::new();
    for _ in 0..trials + WINDOW / 2 {
        let (asked, time) = clock.time(|| strategy.ask(&history, 1, &Context::new()));
        let Ok(Ask::Jobs(mut jobs)) = asked else {
            panic!("no job")
        };
        times.push(time);
        let job = jobs.remove(0);
        let x: Vec<f64> = names.iter().filter_map(|n| job.config.number(n)).collect();
        let id = job.id;
        history.ask(job);
        history.tell(id, Outcome::of(objective(&x, id))).expect("pending");
    }
    println!(
        "{call}, {dimensions} dimensions: milliseconds a suggestion, {WINDOW} suggestions around each number of trials\n"
    );
    println!("| trials | median | mean | slowest (with a fit) | fastest |\n|---|---|---|---|---|");
    for at in MARKS.into_iter().filter(|m| *m <= trials) {
        let mut near: Vec<f64> = times[at - WINDOW / 2..at + WINDOW / 2].to_vec();
        near.sort_by(f64::total_cmp);
        let mean = near.iter().sum::<f64>() / WINDOW as f64;
        println!(
            "| {at} | {:.1} | {mean:.1} | {:.1} | {:.1} |",
            near[WINDOW / 2],
            near[WINDOW - 1],
            near[0]
        );
    }
    println!("\n| others, 4 dimensions | 50 | 100 | 200 | 400 |\n|---|---|---|---|---|");
    for (name, figures) in PEERS {
        let shown = figures.map(|f| f.map_or("–".to_string(), |f| f.to_string()));
        println!("| {name} | {} |", shown.join(" | "));
    }
    println!(
        "\n| n | fit from the priors' mode | conditioning | one row more | 1000 predictions |\n|---|---|---|---|---|"
    );
    let axes = vec![Axis::Numeric; dimensions];
    let x: Vec<Vec<f64>> = history.jobs().iter().map(|j| space.to_unit(&j.config)).collect();
    let y: Vec<f64> = history.scored().map(|(_, s)| s.value).collect();
    let priors = Priors::default_for(dimensions);
    let coordinates = Coordinates::new(&axes, false, false);
    for n in [50, 100, 200, 400].into_iter().filter(|n| *n <= trials) {
        let all = Observations::new(&x[..n], &y[..n]).standardized();
        let start = [priors.start(dimensions)];
        let problem = Problem {
            axes: &axes,
            kernel: &Matern52,
            observations: &all,
            priors: &priors,
            coordinates: &coordinates,
        };
        let (fitted, fit) = clock.time(|| problem.fit(&start).expect("regular"));
        let hyper = &fitted.hyperparameters;
        let (gp, condition) = clock.time(|| Gp::condition(&axes, &Matern52, &all, hyper, None).expect("regular"));
        let (_, grow) = clock.time(|| gp.observe(&vec![0.123; dimensions], 0.0).is_ok());
        let points: Vec<Vec<f64>> = x.iter().cycle().take(1000).cloned().collect();
        let (_, batch) = clock.time(|| gp.posterior_batch(&points));
        println!("| {n} | {fit:.1} | {condition:.2} | {grow:.2} | {batch:.2} |");
    }
}
