//! The page's state and what changes it.

mod check;
mod drive;
mod fork;
mod hear;
mod keep;
mod layout;
mod look;
mod own;
mod past;
mod play;
mod runs;
mod slow;
mod study;
mod teach;

use super::act::{Act, Speed, State};
use super::bridge::{Bridge, Kind};
use super::browser::{self, Timeout};
use super::card::Which;
use super::check::Checked;
use super::clock::Clock;
use super::lesson::Course;
use super::notice::Notice;
use super::own::Own;
use super::panel::Panels;
use super::runs::Kept;
use super::shown::Shown;
use super::{keys, theme};
use crate::plot::{Across, Brush};
use crate::protocol::{Catalog, Crashed, Event};
use crate::question::{Changes, Question};
use crate::space::Config;
use crate::view::slow::Phase;
use crate::view::{Ghost, Layer, View};
use check::Entering;
use drive::Tried;
use past::Past;
use runs::Taken;
use std::cell::RefCell;
use std::rc::Rc;
use study::Edit;
use yew::prelude::*;

/// What the person wants of the worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Want {
    Rest,
    Run,
    Trials(u32),
}

/// What is shown together.
#[derive(Clone, Copy)]
enum Part {
    /// How far the run is, and where it has looked.
    Run,
    /// What a strategy thinks.
    Mind,
    /// All trials, and what is searched.
    Trials,
}

const PARTS: usize = 3;

/// The root component.
pub struct App {
    act: Callback<Act>,
    embedded: bool,
    dark: bool,
    present: bool,
    panels: Panels,
    card: Option<Which>,
    course: Option<Course>,
    light: Option<String>,
    // The worker.
    bridge: Option<Bridge>,
    number: u32,
    threads: u32,
    ready: bool,
    prepared: bool,
    restoring: bool,
    busy: bool,
    failures: u32,
    crashed: Option<Crashed>,
    /// A worker died in a stretch of several trials: they are run one by one until it is known which it was.
    careful: bool,
    want: Want,
    speed: Speed,
    clock: Clock,
    pace: Option<Timeout>,
    /// The phase shown in slow motion, and what came in that it still hides.
    phase: Option<Phase>,
    held: Vec<Event>,
    stop: Option<Timeout>,
    // The study.
    catalog: Rc<Catalog>,
    question: Question,
    /// What was before edits, and what was taken back.
    undone: (Vec<Edit>, Vec<Edit>),
    /// The edit that the worker was asked about last, with the text it would make, and its latest answer.
    checking: Option<(String, Changes)>,
    checked: Option<Rc<Checked>>,
    /// Edits that were entered before the worker has said whether it would accept them, and how many there have been.
    entering: Vec<Entering>,
    entered: u32,
    /// The run that this one was forked from.
    ghost: Option<Rc<Ghost>>,
    /// Trials that the next study begins with.
    taken: Option<Taken>,
    /// Whether this run began with trials that its question alone would not give again: those of a fork, or of a run that was opened.
    grown: bool,
    /// Runs that are kept, while their list is open.
    runs: Option<Vec<Kept>>,
    run: u32,
    edited: Option<Timeout>,
    first_steps: u32,
    /// What a person in a game may see, while that is not everything; and how many trials they had when they sent the last one.
    blind: Option<Rc<RefCell<View>>>,
    tried: Option<usize>,
    /// The point of a person that is being evaluated: if the worker dies, the next one is given it again.
    trying: Option<Tried>,
    /// Whether strategies may learn from a person's points.
    learn: bool,
    /// Whether the choice of games is open.
    choosing: bool,
    /// The table that `data=csv` means, and whether a kept one was asked for.
    own: Option<Own>,
    own_recalled: bool,
    view: Rc<RefCell<View>>,
    versions: [u64; PARTS],
    frame: Option<Timeout>,
    frame_asked: bool,
    // What is looked at.
    lane: Option<usize>,
    chosen: Option<(usize, u32)>,
    axes: Option<(String, Option<String>)>,
    cut: Option<String>,
    across: Across,
    regret: Option<bool>,
    picture: &'static str,
    brush: Vec<Brush>,
    weighed: Option<look::Weighing>,
    /// What was asked last of tests: run, strategy, trials.
    tested: Option<(u32, usize, usize)>,
    /// What was asked last of decisions: run, strategy, trial; and whether the learning curve was.
    judged: Option<((u32, usize, u32), bool)>,
    /// Whether the kept run was asked for, when this one was kept last, and whether the browser keeps nothing.
    recalled: bool,
    kept_at: f64,
    forgetful: bool,
    layer: Option<Layer>,
    samples: bool,
    truth: bool,
    through_best: bool,
    point: Option<Config>,
    asked: Option<look::Question>,
    /// What was asked last of the objective along a cut.
    lined: Option<look::LineQuestion>,
    asked_at: f64,
    /// What was asked last of each strategy's map.
    maps: Vec<Option<look::MapQuestion>>,
    maps_at: f64,
    past: Option<Past>,
    notices: Vec<Notice>,
    sharing: Option<String>,
    helping: bool,
}

impl Component for App {
    type Message = Act;
    type Properties = ();

    fn create(ctx: &Context<App>) -> App {
        let act = ctx.link().callback(|act: Act| act);
        let embedded = crate::spec::StudyText::parse(&browser::hash()).0.get("embed") == Some("1");
        keys::listen(&act);
        let changed = act.clone();
        browser::listen("hashchange", move |_: web_sys::Event| changed.emit(Act::Hash));
        let hidden = act.clone();
        browser::listen("pagehide", move |_: web_sys::Event| hidden.emit(Act::Hidden));
        own::listen(&act);
        let mut app = App {
            act,
            embedded,
            dark: theme::begin(),
            present: false,
            card: None,
            course: None,
            light: None,
            panels: if embedded {
                Panels::default()
            } else {
                Panels::recalled()
            },
            bridge: None,
            number: 0,
            threads: 0,
            ready: false,
            prepared: false,
            restoring: false,
            busy: false,
            failures: 0,
            crashed: None,
            careful: false,
            want: Want::Rest,
            speed: Speed::default(),
            clock: Clock::default(),
            pace: None,
            phase: None,
            held: Vec::new(),
            stop: None,
            catalog: Rc::default(),
            question: Question::default(),
            undone: Default::default(),
            checking: None,
            checked: None,
            entering: Vec::new(),
            entered: 0,
            ghost: None,
            taken: None,
            grown: false,
            runs: None,
            run: 1,
            edited: None,
            first_steps: 0,
            blind: None,
            tried: None,
            trying: None,
            learn: true,
            choosing: false,
            own: None,
            own_recalled: false,
            view: Rc::default(),
            versions: [0; PARTS],
            frame: None,
            frame_asked: false,
            lane: None,
            chosen: None,
            axes: None,
            cut: None,
            across: Across::default(),
            regret: None,
            picture: "parallel",
            brush: Vec::new(),
            weighed: None,
            tested: None,
            judged: None,
            recalled: false,
            kept_at: 0.0,
            forgetful: false,
            layer: None,
            samples: false,
            truth: false,
            through_best: false,
            point: None,
            asked: None,
            lined: None,
            asked_at: 0.0,
            maps: Vec::new(),
            maps_at: 0.0,
            past: None,
            notices: Vec::new(),
            sharing: None,
            helping: false,
        };
        app.spawn(Kind::choose(embedded));
        app
    }

    fn update(&mut self, _: &Context<App>, act: Act) -> bool {
        if !self.allows(&act) {
            return false;
        }
        match act {
            // The worker's words are shown with the next frame, however many they are.
            Act::Said(number, said) => {
                if number == self.number {
                    self.hear(said);
                    self.ask_frame();
                }
                return false;
            }
            Act::Check(changes) => {
                self.check(changes);
                return false;
            }
            Act::Enter(changes, then) => {
                self.take_in(changes, then);
                return false;
            }
            Act::Unheard(number) => {
                self.unheard(number);
                return false;
            }
            Act::Frame if self.busy => return self.wave(0),
            Act::Frame => self.framed(),
            Act::Wave(part) => return self.wave(part),
            Act::Pace => {
                self.pace = None;
                self.next_phase();
            }
            Act::HardStop => self.hard_stop(),
            Act::Begin => self.begin(),
            Act::Hash => self.read_address(),
            Act::Preset(id) => self.open_preset(&id),
            Act::Reset => self.reset(),
            Act::RunPause => self.run_pause(),
            Act::Step => self.step(),
            Act::Back => self.back(),
            Act::Scrub(trials) => self.scrub(trials),
            Act::Speed(speed) => self.set_speed(speed),
            Act::Set(changes) => self.edit(&changes),
            Act::Target(id, function) => self.edit(&self.question.target(&id, function, &self.catalog)),
            Act::File(file) => self.open_file(file),
            Act::Table(name, bytes) => self.take_table(name, bytes),
            Act::NoFile(name, why) => self.no_file(&name, &why),
            Act::KeptTable(bytes) => self.kept_table(bytes),
            Act::TableKept(kept) => self.own.iter_mut().for_each(|own| own.kept = kept),
            Act::ForgetTable => self.forget_table(),
            Act::Choices(choices) => self.correct(choices),
            Act::Undo => self.undo(),
            Act::Redo => self.redo(),
            Act::Runs(open) => self.runs = open.then(runs::kept),
            Act::KeepRun(name) => self.keep_run(&name),
            Act::OpenRun(name) => self.reopen(&name),
            Act::RenameRun(old, new) => self.rename_run(&old, &new),
            Act::DeleteRun(name) => self.delete_run(&name),
            Act::Export => self.export(),
            Act::Fork => self.fork(),
            Act::Own(change) => self.own_point(change),
            Act::NewSeed => self.new_seed(),
            Act::Lane(lane) => self.look_at(lane),
            Act::Select(lane, id) => self.select(lane, id),
            Act::Layer(layer) => self.set_layer(layer),
            Act::Across(across) => self.across = across,
            Act::Regret(on) => self.regret = Some(on),
            Act::Picture(kind) => self.picture = kind,
            Act::Brush(param, low, high) => {
                self.brush.retain(|b| b.0 != param);
                // The whole range is none.
                if low > 0.0 || high < 1.0 {
                    self.brush.push((param, low, high));
                }
            }
            Act::Unbrush => self.brush.clear(),
            Act::WhatIf(call) => self.what_if(call),
            Act::Samples(on) => self.samples = on,
            Act::Truth(on) => self.truth = on,
            Act::ThroughBest(on) => self.through_best = on,
            Act::Pick(moves) => self.pick(&moves),
            Act::Unpick => {
                self.point = None;
                self.ask_truth();
            }
            Act::Try(learns) => self.try_point(learns),
            Act::Learn(on) => self.learn = on,
            Act::Axes(x, y) => self.set_axes(x, y),
            Act::Cut(name) => self.cut = Some(name),
            Act::Dismiss(name) => self.notices.retain(|n| n.name != name),
            Act::Share(open) => self.sharing = open.then(|| self.link()),
            Act::Fold(id) => self.panels.toggle(id),
            Act::Enlarge(id) => self.panels.enlarge(id),
            Act::ResetPanels => self.panels.reset(),
            Act::Present => self.present(!self.present),
            Act::Language(lang) => self.speak(lang),
            Act::Lesson(turn) => self.turn(turn),
            Act::Play(turn) => self.play(turn),
            Act::Card(which) => (self.card, self.light) = (which, None),
            Act::Light(light) if light == self.light => return false,
            Act::Light(light) => self.light = light,
            Act::Escape => self.escape(),
            Act::Help(open) => self.helping = open,
            Act::Download => self.download(),
            Act::Csv => self.download_csv(),
            Act::Hidden => self.keep(),
            Act::Theme => self.dark = theme::toggle(self.dark),
            Act::Visible => {
                if self.want == Want::Rest && !self.busy && self.state() != State::Finished {
                    self.run_pause();
                }
            }
        }
        self.blindfold();
        self.ask();
        self.versions.iter_mut().for_each(|version| *version += 1);
        true
    }

    fn view(&self, _: &Context<App>) -> Html {
        self.layout()
    }

    fn rendered(&mut self, _: &Context<App>, first: bool) {
        if first && self.embedded {
            layout::when_visible(&self.act);
        }
    }
}

impl App {
    /// What a part of the page shows: the present, or a position in the past.
    fn shown(&self, part: Part) -> Shown {
        let open = self.past.as_ref().map_or(&self.view, |p| &p.view);
        Shown::new(self.blind.as_ref().unwrap_or(open), self.versions[part as usize])
    }

    fn state(&self) -> State {
        let view = self.view.borrow();
        if view.run != self.run || self.edited.is_some() {
            State::Starting
        } else if view.study.is_none() {
            if view.refused.is_empty() {
                State::Starting
            } else {
                State::Refused
            }
        } else if view.finished {
            State::Finished
        } else if self.is_blind() {
            State::Turn
        } else if self.is_under_way() {
            State::Running
        } else if self.busy || self.want != Want::Rest {
            State::Step
        } else if view.order.is_empty() {
            State::Ready
        } else {
            State::Paused
        }
    }

    /// Shows what came in with the next frame, whatever was planned.
    fn ask_frame_now(&mut self) {
        (self.frame, self.frame_asked) = (None, false);
        self.ask_frame();
    }

    /// Shows what came in with a frame soon: while trials come in, fifteen times a second, at full speed four times, so that the
    /// processors stay with the trials.
    fn ask_frame(&mut self) {
        if self.frame_asked {
            return;
        }
        self.frame_asked = true;
        let act = self.act.clone();
        let wait = match self.speed {
            Speed::Max if self.busy => 250,
            _ if self.busy => 66,
            _ => 0,
        };
        self.frame = Some(Timeout::new(wait, move || {
            browser::after_frame(move || act.emit(Act::Frame))
        }));
    }

    /// The frame that was asked for is here: another may be.
    fn framed(&mut self) {
        (self.frame, self.frame_asked) = (None, false);
        self.keep_going();
    }

    /// Shows what came in, one part of the page after another, a frame each: all of them in one frame are too much for a machine whose
    /// cores are with the trials.
    fn wave(&mut self, part: usize) -> bool {
        if part == 0 {
            self.framed();
            self.blindfold();
            self.ask();
        }
        self.versions[part] += 1;
        if part + 1 < PARTS {
            let act = self.act.clone();
            browser::after_frame(move || act.emit(Act::Wave(part + 1)));
        }
        true
    }

    /// Shows a notice in place of an earlier one of the same name.
    fn notify(&mut self, notice: Notice) {
        self.notices.retain(|n| n.name != notice.name);
        self.notices.push(notice);
    }
}
