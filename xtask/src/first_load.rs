//! What is fetched until the page can be used, and what the rest is divided into. A test of the built page holds that nothing of the parts
//! is needed until then, and that the opening study needs the worker's part `run` alone.

use crate::browser::Browser;
use crate::build;
use crate::paths::Paths;
use crate::process::run;
use crate::rule::{Rule, Split};
use anyhow::Result;

/// What page and worker call until the opening study is set up and shown.
pub const PAGE: Split = Split {
    first: include_str!("first_load/page.txt"),
    parts: &[Rule {
        name: "rest",
        moved: &[],
        // How the queue of components to be drawn is balanced is a matter of what comes in together.
        kept: &["scheduler::QueueEntry"],
        both: &["dlmalloc", "libm"],
    }],
};

/// What the engine's inner loops call, wherever they stand.
const INNER: &[&str] = &[
    "btree",
    "dlmalloc",
    "libm",
    "math",
    "rand_chacha",
    "rand_core",
    "rand_xoshiro",
    "raw_vec",
    "seed",
    "slice",
];

/// The opening study trains forests on Iris, by grid, random and Bayesian search: once it runs, it needs the part `run`, and nothing of the
/// modules named here.
pub const WORKER: Split = Split {
    // After what was observed, what chance may leave out of it.
    first: concat!(
        include_str!("first_load/worker.txt"),
        "<std::sys::sync::mutex::futex::Mutex>::lock_contended\n",
        "<worker::Worker>::obey\n",
        "tunescape::model::knn::build\n",
        "core::ptr::drop_in_place::<alloc::vec::Vec<tunescape::protocol::course::Trial>>\n",
    ),
    parts: &[
        Rule {
            name: "rest",
            moved: &[
                "acquisition::knowledge",
                "acquisition::mes",
                "bayes::feasibility",
                "bayes::within_trust_regions",
                "checkpoints::Set",
                "constraint::side",
                "CrossValidation as tunescape::objective::Objective>::judge",
                "dataset::blobs",
                "dataset::cancer",
                "dataset::csv",
                "dataset::digits",
                "dataset::generated",
                "dataset::hypercube",
                "dataset::penguins",
                "dataset::wine",
                "grove::Grower<2usize",
                "grove::Grower<4usize",
                "grove::Grower<32usize",
                "fitted::Grown<2usize",
                "fitted::Grown<4usize",
                "fitted::Grown<32usize",
                "math::eigen",
                "math::product",
                "metric::auc",
                "metric::balanced",
                "metric::bootstrap",
                "metric::brier",
                "metric::f1",
                "model::boosting",
                "model::knn",
                "model::logistic",
                "model::mlp",
                "model::naive_bayes",
                "model::pipeline",
                "model::step",
                "model::svm",
                "objective::function",
                "strategy::annealing",
                "strategy::asha",
                "strategy::auto",
                "strategy::cmaes",
                "strategy::de",
                "strategy::dehb",
                "strategy::evolution",
                "strategy::gradient",
                "strategy::halton",
                "strategy::lhs",
                "strategy::nelder_mead",
                "strategy::pbt",
                "strategy::portfolio",
                "strategy::replay",
                "strategy::rung",
                "strategy::smac",
                "strategy::spread",
                "stopping::cost",
                "stopping::read",
                "stopping::regret",
                "stopping::stagnation",
                "strategy::team",
                "strategy::tpe",
                "study::comparison",
                "surrogate::forest",
                "surrogate::gp::joint",
                "surrogate::parzen",
                "trial::Origin as serde_core::de::Deserialize",
            ],
            kept: &[
                "Repetition>::after",
                "recommend",
                // Of functions that compile to the same code one name is left, whichever.
                "order::sort_by",
                "raw_vec::RawVec",
                "ptr::drop_glue",
            ],
            both: INNER,
        },
        Rule {
            name: "run",
            moved: &[],
            // Which of them idle threads need is a matter of chance.
            kept: &[
                "crossbeam_deque::deque::Injector",
                "crossbeam_deque::deque::Stealer",
                "crossbeam_deque::deque::Worker",
                "rayon_core::sleep::Sleep",
                "std::sys::sync",
            ],
            both: INNER,
        },
    ],
};

/// Observes anew which functions are needed until the page can be used, and writes the lists.
///
/// # Errors
/// If the page does not build, something is missing, or the page does not come to be ready.
pub fn command(paths: &Paths) -> Result<()> {
    build::dist(paths)?;
    run(Browser::find(paths)?
        .node()
        .arg("first-load.mjs")
        .arg(paths.whole())
        .arg(paths.root.join("xtask").join("src").join("first_load")))
}
