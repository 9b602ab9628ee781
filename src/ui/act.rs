//! Everything that can happen on the page.

use super::bridge::Said;
use super::card::Which;
use super::lesson::Turn;
use super::play;
use crate::plot::Across;
use crate::question::Changes;
use crate::space::Value;
use crate::table::Choices;
use crate::view::Layer;
use js_sys::Uint8Array;
use web_sys::File;
use yew::Callback;

/// What happened, or is wanted.
#[derive(Debug)]
pub enum Act {
    /// A worker said something; the number tells which one.
    Said(u32, Said),
    /// The next frame may show what came in.
    Frame,
    /// Show what came in on this part of the page.
    Wave(usize),
    /// The pause between two trials at slow speed is over.
    Pace,
    /// The worker did not rest in time.
    HardStop,
    /// Edits have come to rest: begin the new run.
    Begin,
    /// The address changed.
    Hash,
    /// Show a preset.
    Preset(String),
    /// Start over.
    Reset,
    /// Run, or pause if running.
    RunPause,
    /// One trial more, or one step forward in what is scrubbed.
    Step,
    /// One trial back.
    Back,
    /// Show the position after so many trials.
    Scrub(usize),
    /// How fast to run.
    Speed(Speed),
    /// Set or remove keys of the study text.
    Set(Changes),
    /// Find out whether these keys would be accepted.
    Check(Changes),
    /// Set these keys by the callback, once it is known that they would be accepted, or nobody says so in time.
    Enter(Changes, Callback<()>),
    /// Nobody has said of the edit with this number whether it would be accepted.
    Unheard(u32),
    /// Search another data set, or, if `true`, a test function.
    Target(String, bool),
    /// Take in a file: a table of the visitor's own.
    File(File),
    /// A table of the visitor's own: its name and bytes.
    Table(String, Uint8Array),
    /// A file could not be had: its name, and why.
    NoFile(String, String),
    /// The table kept by the browser, if it still has it.
    KeptTable(Option<Uint8Array>),
    /// Whether the browser keeps the table.
    TableKept(bool),
    /// Forget the table.
    ForgetTable,
    /// What the person says of the table.
    Choices(Choices),
    /// Take back the latest edit, or make it again.
    Undo,
    /// Make again what was taken back.
    Redo,
    /// Open or close the list of runs.
    Runs(bool),
    /// Keep the run under a name.
    KeepRun(String),
    /// Go back to a run that was kept.
    OpenRun(String),
    /// Give a kept run another name.
    RenameRun(String, String),
    /// Forget a run that was kept.
    DeleteRun(String),
    /// Save the run as a file.
    Export,
    /// Go on with another strategy in place of a trial: as a second run.
    Fork,
    /// Begin a point of one's own with what is looked at, or give one of its parameters a value.
    Own(Option<(String, Value)>),
    /// Draw a new seed.
    NewSeed,
    /// Look at this strategy.
    Lane(usize),
    /// Look at this trial.
    Select(usize, u32),
    /// The parameters on the axes.
    Axes(String, Option<String>),
    /// The parameter along which the belief is cut.
    Cut(String),
    /// What lies beneath the points.
    Layer(Layer),
    /// Show functions drawn from the posterior, or not.
    Samples(bool),
    /// Show the objective along the cut, or not.
    Truth(bool),
    /// Cut beliefs through the best configuration rather than the one explained.
    ThroughBest(bool),
    /// Pick a point by hand: parameters and where they lie in [0, 1]; the others stay as they are in what is looked at.
    Pick(Vec<(String, f64)>),
    /// What the best value is drawn over.
    Across(Across),
    /// Whether the distance from the optimum is drawn, where it is known.
    Regret(bool),
    /// Show this one of the further pictures.
    Picture(&'static str),
    /// Keep only the trials within a range of a parameter.
    Brush(String, f64, f64),
    /// Keep all.
    Unbrush,
    /// Ask what another strategy would choose in place of what is explained.
    WhatIf(String),
    /// Let go of the point picked by hand.
    Unpick,
    /// Evaluate the point picked by hand: as a trial of the strategy looked at, or, if `false`, beside the plan, where none learns from it.
    Try(bool),
    /// Whether the strategy looked at may learn from a point picked by hand.
    Learn(bool),
    /// Close the notice with this name.
    Dismiss(String),
    /// Open or close the share panel.
    Share(bool),
    /// Fold or open this panel.
    Fold(&'static str),
    /// Give this panel the whole window, or all their places again.
    Enlarge(Option<&'static str>),
    /// All panels as laid out.
    ResetPanels,
    /// Large type for a room, or not.
    Present,
    /// Something of a lesson.
    Lesson(Turn),
    /// Something of a game.
    Play(play::Turn),
    /// Open a card, or close it.
    Card(Option<Which>),
    /// Light what a symbol stands for.
    Light(Option<String>),
    /// Open the page again in this language.
    Language(&'static str),
    /// Leave the innermost of what is open.
    Escape,
    /// Open or close the help.
    Help(bool),
    /// Save the trace.
    Download,
    /// Save the trials as a table.
    Csv,
    /// The page is about to go away.
    Hidden,
    /// Light or dark.
    Theme,
    /// The page came into view (embedded).
    Visible,
}

/// How fast trials come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// One trial at a time, in four phases that are told.
    SlowMotion,
    /// One trial at a time, with a pause to look.
    Slow,
    /// As they come, every frame shown.
    #[default]
    Normal,
    /// As they come, few frames shown: all processors for the trials.
    Max,
}

impl Speed {
    /// Whether it stops to look at every trial.
    pub fn is_paced(self) -> bool {
        matches!(self, Speed::SlowMotion | Speed::Slow)
    }

    /// All, with their names.
    pub const ALL: [(Speed, &'static str); 4] = [
        (Speed::SlowMotion, "slow motion"),
        (Speed::Slow, "slow"),
        (Speed::Normal, "normal"),
        (Speed::Max, "max"),
    ];
}

/// What the run is doing, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The worker is on its way.
    Starting,
    /// The text holds no study.
    Refused,
    /// Nothing tried yet.
    Ready,
    /// Trials come in until somebody stops them.
    Running,
    /// A trial comes in, and then it rests.
    Step,
    /// Stopped on the way.
    Paused,
    /// Waits for a person to move.
    Turn,
    /// Nothing left to do.
    Finished,
}
