//! What the page and the worker say to each other: JSON text, a grid of numbers beside it as a typed array.
//!
//! Text, because a trial's line is JSON anyway, and because one writer in the worker is smaller and faster than a second one that
//! builds JavaScript objects; the page lets the browser parse.
#![forbid(unsafe_code)]

mod belief;
mod catalog;
mod comparison;
mod course;
#[cfg(feature = "engine")]
pub mod json;
mod judged;
mod line;
mod prepared;

pub use belief::{Choice, Grid, Importance, Map, Plane, Slice};
pub use catalog::{Catalog, CatalogEntry, CatalogSetting, Optimum};
pub use comparison::{Band, Comparison, Pair};
pub use course::{Fit, Proposal, Report, Trial};
pub use judged::{HeldOut, Judged, Learning, Regions, Tested};
pub use line::TrialLine;
pub use prepared::{Lane, Prepared, TableFacts};

use crate::space::Config;
use crate::spec::Refusal;
use crate::table::{Choices, Description};
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
    /// Ask what would be refused of a study text that is not refused of the one in force. The run under way is not touched.
    Check {
        /// The run meant.
        run: u32,
        /// The study text, without page keys.
        text: String,
        /// The text in force.
        in_force: String,
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
    /// Evaluate a configuration chosen by hand: as a strategy's next trial, or as the person's who takes part, and then the strategies
    /// follow; or beside the plan, where no strategy learns from it.
    Try {
        /// The run meant.
        run: u32,
        /// Which strategy, by position.
        lane: usize,
        /// The configuration.
        config: Config,
        /// Whether no strategy is to learn from it: `lane` is then of no account.
        aside: bool,
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
    /// Ask for the objective itself over two parameters, or along one. A cheap one answers at once; any other is evaluated in the
    /// background, while no trial is, and told as it grows. A later question of the same kind takes the place of an earlier one.
    Truth {
        /// The run meant.
        run: u32,
        /// Parameter across.
        x: String,
        /// Parameter up; `None` for the objective along `x` alone.
        y: Option<String>,
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
    /// A lane more takes part, behind all others: a person's, beside the plan.
    Joined {
        /// The run.
        run: u32,
        /// The lane.
        lane: Lane,
    },
    /// The text holds no study: nothing can run.
    Refused {
        /// The run.
        run: u32,
        /// Everything that was refused.
        refused: Vec<Refusal>,
    },
    /// An answer to [`Command::Check`].
    Checked {
        /// The run.
        run: u32,
        /// The text that was asked about.
        text: String,
        /// What would be refused of it, with what is accepted.
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
