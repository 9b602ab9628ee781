//! What the page and the worker say to each other: JSON text, a grid of numbers beside it as a typed array.
//!
//! Text, because a trial's line is JSON anyway, and because one writer in the worker is smaller and faster than a second one that
//! builds JavaScript objects; the page lets the browser parse.
#![forbid(unsafe_code)]

mod line;

pub use line::TrialLine;

use crate::mind::Mind;
use crate::space::{Config, Space};
use crate::spec::Refusal;
use crate::table::{Choices, Description};
use crate::trial::{Direction, Job, Outcome};
use serde::{Deserialize, Serialize};

/// A person's id and label among those who take part. No word of a study text: who plays is not a matter of the study.
pub const YOU: &str = "you";

/// From the page to the worker. `run` numbers the page's runs: events of another run are stale.
///
/// Named by its only key, not by a tag among its fields: reading tags would buffer every message and make the worker larger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Check a study text and set up its study, with trials known from before.
    Prepare {
        /// The run this begins.
        run: u32,
        /// The study text, without page keys.
        text: String,
        /// Trial lines of the same study to begin with.
        lines: Vec<String>,
        /// A trial that killed a worker: recorded as failed, not tried again.
        crashed: Option<Crashed>,
        /// Whether a person takes part, as the first lane.
        person: bool,
    },
    /// Read a table of the visitor's own, which `data=csv` then means. A worker that is started anew knows of none.
    Table {
        /// What the person says of it.
        choices: Choices,
        /// The file, beside the text as an array of bytes; the last one again, if there is none.
        #[serde(skip)]
        bytes: Option<Vec<u8>>,
    },
    /// Run on.
    Advance {
        /// The run meant.
        run: u32,
        /// How many trials in all to add; `None` runs to the end.
        trials: Option<u32>,
        /// Tell each trial before the next begins, so that it is known which one kills a worker.
        careful: bool,
    },
    /// Say what the next round will be, and why; nothing is evaluated yet.
    Propose {
        /// The run meant.
        run: u32,
    },
    /// Carry out what was proposed, and tell every fold as it is done.
    Train {
        /// The run meant.
        run: u32,
    },
    /// Stop after the trial under way.
    Pause {
        /// The run meant.
        run: u32,
    },
    /// Ask what a strategy believed when it chose a trial.
    Believe {
        /// The run meant.
        run: u32,
        /// Which strategy, by position.
        lane: usize,
        /// The trial that is explained; `None` for the latest.
        trial: Option<u32>,
        /// The parameter along which to cut.
        param: String,
        /// The configuration to cut through; `None` for the trial's own.
        through: Option<Config>,
    },
    /// Ask what each parameter explains of a strategy's values.
    Weigh {
        /// The run meant.
        run: u32,
        /// Which strategy, by position.
        lane: usize,
        /// The trials whose values count; `None` for all.
        trials: Option<Vec<u32>>,
    },
    /// Ask what the model of a configuration decides.
    Judge {
        /// The run meant.
        run: u32,
        /// Which strategy, by position.
        lane: usize,
        /// The trial whose configuration is meant; `None` for the best.
        trial: Option<u32>,
        /// Whether its learning curve is asked for, too: a training of its own.
        curve: bool,
    },
    /// Ask for the test scores of the configurations that were a strategy's best. They are found out in the background, while no trial is
    /// evaluated, and told one by one. A later question takes the place of an earlier one.
    Test {
        /// The run meant.
        run: u32,
        /// Which strategy, by position.
        lane: usize,
    },
    /// Ask which point another strategy, or the same with other settings, would choose in a strategy's place.
    WhatIf {
        /// The run meant.
        run: u32,
        /// Whose place, by position.
        lane: usize,
        /// The trial in place of which it would choose; `None` for the next one.
        trial: Option<u32>,
        /// The strategy as a study text names it: `bayes(acq:pi)`.
        call: String,
    },
    /// The person who takes part makes no more trials: the strategies go on to their ends.
    GiveUp {
        /// The run meant.
        run: u32,
    },
    /// Evaluate a configuration chosen by hand as a strategy's next trial, or as the person's who takes part; then the strategies follow.
    Try {
        /// The run meant.
        run: u32,
        /// Which strategy, by position.
        lane: usize,
        /// The configuration.
        config: Config,
    },
    /// Ask what a strategy believes over two parameters.
    Map {
        /// The run meant.
        run: u32,
        /// Which strategy, by position.
        lane: usize,
        /// The trial before which it believed that; `None` for now, with everything known.
        trial: Option<u32>,
        /// Parameter across.
        x: String,
        /// Parameter up.
        y: String,
        /// The configuration that says what the others are; `None` for their defaults.
        through: Option<Config>,
        /// Cells along a continuous side; 0 for no values, where only the shape of its model is wanted.
        cells: u32,
    },
    /// Ask for the objective itself over two parameters. A cheap one answers at once; any other is evaluated in the background, while no
    /// trial is, and told as it grows. A later question takes the place of an earlier one.
    Truth {
        /// The run meant.
        run: u32,
        /// Parameter across.
        x: String,
        /// Parameter up.
        y: String,
        /// The configuration that says what the others are; `None` for their defaults.
        through: Option<Config>,
    },
}

/// A trial during which a worker died.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Crashed {
    /// Which strategy, by position.
    pub lane: usize,
    /// The trial's id.
    pub id: u32,
    /// Its configuration, if a person chose it: no strategy can be asked for that again.
    pub config: Option<Config>,
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// First of all: who speaks.
    Ready {
        /// Build id; must be the page's own.
        build: String,
        /// Threads that evaluate; 1 in the single-thread build.
        threads: u32,
        /// What there is to choose.
        catalog: Box<Catalog>,
    },
    /// A study is set up.
    Prepared {
        /// The run.
        run: u32,
        /// The study, with everything the page shows of it.
        study: Box<Prepared>,
    },
    /// The text holds no study: nothing can run.
    Refused {
        /// The run.
        run: u32,
        /// Everything that was refused.
        refused: Vec<Refusal>,
    },
    /// A stretch of work begins with this trial. Further ones may follow before the next word, unless the page asked for care.
    Began {
        /// The run.
        run: u32,
        /// Which strategy, by position.
        lane: usize,
        /// The trial's id.
        id: u32,
    },
    /// An answer to [`Command::Propose`].
    Proposed {
        /// The run.
        run: u32,
        /// The round to come.
        proposal: Box<Proposal>,
    },
    /// A fold of what is carried out by [`Command::Train`] is done.
    Fold {
        /// The run.
        run: u32,
        /// The fold.
        fit: Fit,
    },
    /// Trials came in.
    Trials {
        /// The run.
        run: u32,
        /// The trials, in the order of the trace.
        trials: Vec<Trial>,
    },
    /// An answer to [`Command::Table`].
    Table {
        /// What was found; of a table that is refused, as far as it goes.
        found: Option<Box<Description>>,
        /// Why it cannot be read: then there is no table.
        refused: Option<String>,
    },
    /// A strategy's standing: after a pause, and at its end.
    Report {
        /// The run.
        run: u32,
        /// The report.
        report: Box<Report>,
    },
    /// An answer to [`Command::Believe`].
    Belief {
        /// The run.
        run: u32,
        /// The slice.
        slice: Box<Slice>,
    },
    /// An answer to [`Command::Weigh`].
    Importance {
        /// The run.
        run: u32,
        /// The shares.
        importance: Importance,
    },
    /// An answer to [`Command::Judge`].
    Judged {
        /// The run.
        run: u32,
        /// The decisions.
        judged: Box<Judged>,
    },
    /// An answer to [`Command::Test`], as far as it is known.
    HeldOut {
        /// The run.
        run: u32,
        /// The tests.
        held_out: HeldOut,
    },
    /// An answer to [`Command::WhatIf`].
    Choice {
        /// The run.
        run: u32,
        /// What would be chosen.
        choice: Box<Choice>,
    },
    /// An answer to [`Command::Map`].
    Map {
        /// The run.
        run: u32,
        /// The map.
        map: Box<Map>,
    },
    /// An answer to [`Command::Truth`], whole or as far as it is known.
    Truth {
        /// The run.
        run: u32,
        /// The plane.
        plane: Box<Plane>,
    },
    /// How the strategies compare over the seeds done so far; comes after the run itself has ended.
    Comparison {
        /// The run.
        run: u32,
        /// The comparison.
        comparison: Box<Comparison>,
    },
    /// The worker rests: the trials asked for are done, or a pause was wanted, or everything is finished.
    Rests {
        /// The run.
        run: u32,
        /// Whether no strategy has anything left to do.
        finished: bool,
    },
    /// Something went wrong that is not a trial's failure. Trials so far are kept.
    Failed {
        /// The run.
        run: u32,
        /// What happened.
        message: String,
    },
}

/// One trial, as it is recorded. It travels as its line, which says the rest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Trial {
    /// Which strategy, by position.
    pub lane: usize,
    /// What was evaluated, and why.
    #[serde(skip)]
    pub job: Job,
    /// What came of it.
    #[serde(skip)]
    pub outcome: Outcome,
    /// Its line in the trace.
    pub line: String,
    /// Wall time of evaluation, in seconds: shown, never in the trace.
    pub seconds: f64,
}

/// A round to come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Which strategy, by position.
    pub lane: usize,
    /// What will be evaluated, and why.
    pub jobs: Vec<Job>,
    /// Of how many the outcome is known already, so that nothing is evaluated.
    pub known: u32,
    /// Fits of an evaluation.
    pub folds: u32,
}

/// One fit of a trial that is evaluated fold by fold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fit {
    /// Which strategy, by position.
    pub lane: usize,
    /// The trial's id.
    pub id: u32,
    /// The fold, from 0.
    pub fold: u32,
    /// Folds of a trial.
    pub folds: u32,
    /// Its score.
    pub value: f64,
}

/// A strategy's standing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Which strategy, by position.
    pub lane: usize,
    /// Why it has nothing left to do, if so.
    pub finished: Option<String>,
    /// The best observed trial.
    pub best: Option<u32>,
    /// How many distinct configurations share its value, itself included.
    pub ties: u32,
    /// The trial whose configuration the strategy recommends, if it differs from the best observed, with its model's mean and sd there.
    pub recommended: Option<(u32, f64, f64)>,
    /// The cheapest trial within one standard error of the best observed one, if it differs from that and is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub one_standard_error: Option<u32>,
    /// Score of the best observed configuration on held-out rows: value, 95 % interval, number of rows.
    pub test: Option<(f64, f64, f64, u32)>,
    /// Why there is no test score although there should be one.
    pub test_failed: Option<String>,
}

/// The same study with several seeds: data splits, folds and strategies all drawn anew, the same for every strategy of one seed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Seeds wanted.
    pub reps: u32,
    /// Seeds done.
    pub done: u32,
    /// One for each strategy, in the study's order.
    pub lanes: Vec<Band>,
    /// Every two strategies, paired by seed.
    pub pairs: Vec<Pair>,
}

/// Best value so far at full fidelity after 1, 2, … full-fidelity equivalents of trials, over the seeds; NaN where there is none yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Band {
    /// Lower quartile of the values.
    #[serde(deserialize_with = "crate::mind::numbers")]
    pub low: Vec<f64>,
    /// Median.
    #[serde(deserialize_with = "crate::mind::numbers")]
    pub median: Vec<f64>,
    /// Upper quartile.
    #[serde(deserialize_with = "crate::mind::numbers")]
    pub high: Vec<f64>,
    /// The value at the end, a seed each.
    #[serde(deserialize_with = "crate::mind::numbers")]
    pub last: Vec<f64>,
}

/// Two strategies at the end of their trials, paired by seed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pair {
    /// The one, by position.
    pub a: usize,
    /// The other, by position.
    pub b: usize,
    /// Seeds on which `a` was better, equal, worse.
    pub seeds: [u32; 3],
    /// Two-sided p of Wilcoxon's signed-rank test on the differences.
    pub p: f64,
}

/// A strategy's belief along one parameter, through one configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slice {
    /// Which strategy, by position.
    pub lane: usize,
    /// The trial that is explained: the belief is the one by which it was chosen. `None` before the first.
    pub trial: Option<u32>,
    /// The parameter along which the cut goes.
    pub param: String,
    /// The configuration through which it goes.
    pub through: Config,
    /// Positions in the parameter's unit interval: each level of a short discrete domain, else evenly spaced.
    pub us: Vec<f64>,
    /// Whether `us` are the levels of a discrete domain.
    pub discrete: bool,
    /// The belief at each position.
    pub mind: Mind,
    /// The objective itself at each position, where it is cheap; noiseless.
    pub truth: Option<Vec<f64>>,
    /// Functions drawn from the posterior, where the model can draw them: a value at each position of a discrete domain, at every other
    /// position of a continuous one.
    #[serde(default)]
    pub samples: Vec<Vec<f64>>,
}

/// Cells over two parameters: every level of a short discrete domain, else evenly spaced ones. Each cell stands for the configuration in
/// its middle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// Parameter across.
    pub x: String,
    /// Parameter up.
    pub y: String,
    /// Cells across.
    pub columns: usize,
    /// Cells up.
    pub rows: usize,
    /// What the other parameters are; `None` for their defaults.
    pub through: Option<Config>,
}

impl Grid {
    /// Number of cells.
    pub fn len(&self) -> usize {
        self.columns * self.rows
    }

    /// Whether it has no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the middle of cell `i` lies, counted row by row from the bottom, each from left to right.
    pub fn middle(&self, i: usize) -> (f64, f64) {
        let share = |k: usize, n: usize| (k as f64 + 0.5) / n.max(1) as f64;
        (
            share(i % self.columns.max(1), self.columns),
            share(i / self.columns.max(1), self.rows),
        )
    }

    /// The cell at a place in the unit square.
    pub fn cell(&self, u: f64, v: f64) -> Option<usize> {
        let index = |at: f64, n: usize| ((at.clamp(0.0, 1.0) * n as f64) as usize).min(n.checked_sub(1)?).into();
        let (column, row): (Option<usize>, Option<usize>) = (index(u, self.columns), index(v, self.rows));
        Some(row? * self.columns + column?)
    }
}

/// The objective over two parameters.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    /// The cells.
    pub grid: Grid,
    /// How many of them are known. The others show what a known one near them has.
    pub done: usize,
    /// A value for each cell; NaN where there is none. They travel beside the text.
    #[serde(skip)]
    pub values: Vec<f64>,
}

/// What a strategy believes over two parameters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// Which strategy, by position.
    pub lane: usize,
    /// The trial before which it believed that; `None` for now.
    pub trial: Option<u32>,
    /// The cells.
    pub grid: Grid,
    /// Its belief. What a posterior or densities say of the cells stands in `values`, not here.
    pub mind: Mind,
    /// The point it would choose next, if it knows one.
    pub next: Option<Config>,
    /// Mean, standard deviation and acquisition of a posterior, or the ratio of densities: one after the other, a value for each cell.
    /// They travel beside the text.
    #[serde(skip)]
    pub values: Vec<f64>,
}

/// How much of the variance of a strategy's values each parameter explains by itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// Which strategy, by position.
    pub lane: usize,
    /// Number of values it is of.
    pub trials: u32,
    /// Parameter, share of the variance, its standard deviation over the trees; the largest share first. Empty if too little is known.
    pub shares: Vec<(String, f64, f64)>,
}

/// Scores of the configurations that were a strategy's best, on rows that no trial has seen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeldOut {
    /// Which strategy, by position.
    pub lane: usize,
    /// Number of trials that were the best when they came in.
    pub wanted: u32,
    /// Those of them that are tested, the earliest first.
    pub tests: Vec<Tested>,
}

/// The test of one trial's configuration, trained on all rows that trials see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tested {
    /// The trial.
    pub trial: u32,
    /// The score.
    pub value: f64,
    /// Lower end of its 95 % interval.
    pub low: f64,
    /// Upper end of its 95 % interval.
    pub high: f64,
    /// Why there is no score, if so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// What a trained model decides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// Which strategy, by position.
    pub lane: usize,
    /// The trial whose configuration it is.
    pub trial: u32,
    /// Names of the classes.
    pub classes: Vec<String>,
    /// Whether the rows judged are held out from all trials; else they are those it learned from.
    pub held_out: bool,
    /// Rows of each class that are taken for each: class × decision, row-major.
    pub counts: Vec<u32>,
    /// The same over a plane.
    pub regions: Regions,
    /// Whether the learning curve was asked for.
    pub curve: bool,
    /// How the model learned, if that was asked and it learns step by step.
    pub learning: Option<Learning>,
}

/// How a model learns on the first fold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Learning {
    /// What a stage is: "epoch".
    pub unit: String,
    /// The stages done, and the mean log loss then: on the rows it learns from, and on those held out from it.
    pub stages: Vec<(u32, f64, f64)>,
}

/// Decisions over a plane through the data.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Regions {
    /// What goes across and up.
    pub names: [String; 2],
    /// Where the axes begin.
    pub low: [f64; 2],
    /// Where they end.
    pub high: [f64; 2],
    /// Cells along a side.
    pub columns: usize,
    /// The class decided in the middle of each cell, row by row from the bottom.
    pub cells: Vec<u32>,
    /// Rows of the data: place, class, and what is decided.
    pub rows: Vec<(f64, f64, u32, u32)>,
}

/// The point that another strategy would choose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// In whose place, by position.
    pub lane: usize,
    /// In place of which trial; `None` for the next one.
    pub trial: Option<u32>,
    /// The strategy asked.
    pub call: String,
    /// What it would try, and why.
    pub job: Job,
}

/// A study as set up, with everything the page shows of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// The text that was understood, with the preset's keys spelled out.
    pub text: String,
    /// The preset it began from.
    pub preset: Option<String>,
    /// What was refused of the text; the rest is in force.
    pub refused: Vec<Refusal>,
    /// Facts for the page's left side: name and value, in order.
    pub facts: Vec<(String, String)>,
    /// What the value is: "cross-validated accuracy".
    pub value_title: String,
    /// Which values are better.
    pub direction: Direction,
    /// What is searched.
    pub space: Space,
    /// Number of configurations, if finite and countable.
    pub configurations: Option<u64>,
    /// The best value there is, where known.
    pub optimum: Option<f64>,
    /// Whether the objective is so cheap that its truth can be shown.
    pub cheap: bool,
    /// Rows held out from all trials, for the test; 0 where there are none.
    pub test_rows: u32,
    /// Whether a model is among those searched that learns step by step.
    pub staged: bool,
    /// Trials planned for each strategy.
    pub trials: u32,
    /// Seeds that the strategies are compared over; 1 is this run alone.
    pub reps: u32,
    /// The strategies.
    pub lanes: Vec<Lane>,
}

/// One strategy of a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lane {
    /// The strategy's id.
    pub id: String,
    /// Unique name within the study: the call as written, `bayes(acq:ei)`.
    pub label: String,
    /// Name for people.
    pub title: String,
    /// Trials it will make at most: fewer than planned where it covers a finite space.
    pub trials: u32,
}

/// Everything there is to choose, for menus and forms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// Strategies.
    pub strategies: Vec<CatalogEntry>,
    /// Models, with what they can tune.
    pub models: Vec<CatalogEntry>,
    /// Steps that prepare data for a model, with what they can tune.
    pub steps: Vec<CatalogEntry>,
    /// Data sets.
    pub datasets: Vec<CatalogEntry>,
    /// Test functions.
    pub functions: Vec<CatalogEntry>,
    /// Metrics.
    pub metrics: Vec<CatalogEntry>,
    /// Acquisition functions.
    pub acquisitions: Vec<CatalogEntry>,
    /// Rules that stop a strategy before its trials are used.
    #[serde(default)]
    pub stopping: Vec<CatalogEntry>,
    /// Pictures.
    pub plots: Vec<CatalogEntry>,
    /// Presets; `text` holds the study text.
    pub presets: Vec<CatalogEntry>,
}

/// One thing to choose.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogEntry {
    /// Name in the study text.
    pub id: String,
    /// Name for people.
    pub title: String,
    /// One paragraph.
    pub about: String,
    /// Formula, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub formula: String,
    /// Paper or source, or empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub paper: String,
    /// Settings.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settings: Vec<CatalogSetting>,
    /// A model's parameters, as domains in the study text's notation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<(String, String)>,
    /// A preset's study text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
}

/// One setting of an entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CatalogSetting {
    /// Name in the study text.
    pub id: String,
    /// What it does and why its default is what it is.
    pub about: String,
    /// What is accepted, in words.
    pub accepted: String,
    /// The words to choose from, if it is a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// Default.
    pub default: String,
}
