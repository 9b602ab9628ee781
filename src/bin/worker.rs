//! The worker: the engine behind a message loop, advancing in small steps and listening between them.

use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::sync::OnceLock;
use tunescape::dataset::{self, Csv};
use tunescape::protocol::{Command, Event, Proposal, json};
use tunescape::study::{Repetition, Study, Survey, choices};
use wasm_bindgen::prelude::*;
use web_sys::{
    BroadcastChannel, DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort, XmlHttpRequest,
    XmlHttpRequestResponseType,
};

#[cfg(feature = "threads")]
pub use wasm_bindgen_rayon::init_thread_pool;

/// Longest stretch of work between two looks at the message queue, in seconds, unless a single trial takes longer.
const STRETCH: f64 = 0.012;
/// Time between two pictures of a survey under way, in seconds.
const SURVEY_PACE: f64 = 0.3;

/// Where a panic is reported. A pool thread's own messages would reach only the worker, which waits for it in vain.
static PANICS: OnceLock<String> = OnceLock::new();
/// The folder of the page: a worker that came as a blob does not know it.
static FOLDER: OnceLock<String> = OnceLock::new();

thread_local! {
    static WORKER: RefCell<Worker> = const {
        RefCell::new(Worker { run: 0, study: None, left: Some(0), careful: false, proposed: None, surveys: Vec::new(), testing: None, repetition: None, file: None, csv: None, wake: None })
    };
}

/// The study under way and how far it may go.
struct Worker {
    run: u32,
    study: Option<Study>,
    /// Trials still wanted; `None` is to the end.
    left: Option<u32>,
    /// Whether each trial is told before the next begins.
    careful: bool,
    /// What slow motion has shown and not carried out.
    proposed: Option<Proposal>,
    /// The objective's pictures, evaluated while no trial is, and when they were last told: one along a parameter, one over two at most.
    surveys: Vec<(Survey, f64)>,
    /// The strategy whose best configurations are tested, while no trial is evaluated.
    testing: Option<usize>,
    /// The study again with its other seeds, once the run itself has ended.
    repetition: Option<Repetition>,
    /// The visitor's own table, as bytes and as read.
    file: Option<Vec<u8>>,
    csv: Option<Csv>,
    /// Posting to this port wakes the worker after the messages that came before.
    wake: Option<MessagePort>,
}

fn main() {}

/// Starts listening, and says so. `threads` evaluate; panics are reported on the broadcast channel `panics`; what is not in the program
/// is fetched from the address `folder`.
#[wasm_bindgen]
pub fn begin(threads: u32, panics: String, folder: String) {
    let _ = (PANICS.set(panics), FOLDER.set(folder));
    dataset::fetch_with(fetch);
    #[cfg(target_arch = "wasm32")]
    tunescape::number::read_with(js_sys::Number::parse_float);
    std::panic::set_hook(Box::new(|info| report_panic(&info.to_string())));
    let on_command = Closure::<dyn FnMut(MessageEvent)>::new(|message: MessageEvent| match command(&message.data()) {
        Ok(command) => WORKER.with_borrow_mut(|w| w.obey(command)),
        Err(e) => WORKER.with_borrow(|w| {
            post(&Event::Failed {
                run: w.run,
                message: format!("a message was not understood: {e}"),
            })
        }),
    });
    scope().set_onmessage(Some(on_command.as_ref().unchecked_ref()));
    on_command.forget();
    if let Ok(channel) = MessageChannel::new() {
        let on_wake = Closure::<dyn FnMut()>::new(|| WORKER.with_borrow_mut(Worker::work));
        channel.port1().set_onmessage(Some(on_wake.as_ref().unchecked_ref()));
        on_wake.forget();
        WORKER.with_borrow_mut(|w| w.wake = Some(channel.port2()));
    }
    let build = option_env!("TUNESCAPE_BUILD").unwrap_or("dev").to_string();
    post(&Event::Ready {
        build,
        threads,
        catalog: Box::new(choices()),
    });
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Reads JSON by the browser's parser: exact, and a second one here would make the worker larger.
fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let value = js_sys::JSON::parse(text).map_err(|_| "no JSON".to_string())?;
    serde_wasm_bindgen::from_value(value).map_err(|e| e.to_string())
}

/// A command is a text, or a text with bytes beside it.
fn command(data: &JsValue) -> Result<Command, String> {
    let Some(text) = data.as_string() else {
        let pair: &js_sys::Array = data.unchecked_ref();
        let beside: js_sys::Uint8Array = pair.get(1).unchecked_into();
        let mut command = read(&pair.get(0).as_string().unwrap_or_default())?;
        if let Command::Table { bytes, .. } = &mut command {
            *bytes = Some(beside.to_vec());
        }
        return Ok(command);
    };
    read(&text)
}

/// The lane of a person's points beside the plan; the page hears of it when it is new.
fn joined(run: u32, study: &mut Study) -> usize {
    let lanes = study.prepared().lanes.len();
    let own = study.join();
    if let Some(lane) = study.prepared().lanes.get(lanes) {
        let lane = lane.clone();
        post(&Event::Joined { run, lane });
    }
    own
}

fn post(event: &Event) {
    // A page that has gone away is nobody's loss.
    let text = JsValue::from(json::write(event));
    let beside = match event {
        Event::Truth { plane, .. } => Some(&plane.values),
        Event::Map { map, .. } => Some(&map.values),
        _ => None,
    };
    let message = match beside {
        Some(values) => js_sys::Array::of2(&text, &js_sys::Float64Array::from(&values[..])).into(),
        None => text,
    };
    let _ = scope().post_message(&message);
}

/// Fetches a file and waits for it: a study cannot be set up without its data, and the page goes on meanwhile.
fn fetch(path: &str) -> Result<Vec<u8>, String> {
    let address = format!("{}{path}", FOLDER.get().map_or("", String::as_str));
    let request = XmlHttpRequest::new().map_err(|_| "the browser lets nothing be fetched here")?;
    request
        .open_with_async("GET", &address, false)
        .map_err(|_| format!("{address} is no address"))?;
    request.set_response_type(XmlHttpRequestResponseType::Arraybuffer);
    request.send().map_err(|_| format!("{address} cannot be reached"))?;
    match request.status() {
        Ok(200) => Ok(js_sys::Uint8Array::new(&request.response().unwrap_or_default()).to_vec()),
        status => Err(format!("{address} answers with status {}", status.unwrap_or(0))),
    }
}

/// Tells the page, from any thread, that this one cannot go on.
#[wasm_bindgen]
pub fn lost(message: &str) {
    report_panic(message);
}

fn report_panic(message: &str) {
    let channel = PANICS.get().and_then(|name| BroadcastChannel::new(name).ok());
    if let Some(channel) = channel {
        let _ = channel.post_message(&JsValue::from_str(message));
    }
}

fn clock() -> f64 {
    thread_local! {
        static PERFORMANCE: Option<web_sys::Performance> =
            js_sys::Reflect::get(&js_sys::global(), &"performance".into()).ok().and_then(|p| p.dyn_into().ok());
    }
    PERFORMANCE.with(|p| p.as_ref().map_or(0.0, |p| p.now() / 1000.0))
}

impl Worker {
    fn obey(&mut self, command: Command) {
        if let Command::Table { choices, bytes } = command {
            self.file = bytes.or(self.file.take());
            let bytes = self.file.as_deref().unwrap_or_default();
            let read = Csv::read(bytes, &choices);
            let found = match &read {
                Ok(csv) => Some(csv.description.clone()),
                Err(_) => Csv::outline(bytes, &choices).ok(),
            };
            post(&Event::Table {
                found: found.map(Box::new),
                refused: read.as_ref().err().cloned(),
            });
            self.csv = read.ok();
            return;
        }
        let (Command::Prepare { run, .. }
        | Command::Check { run, .. }
        | Command::Advance { run, .. }
        | Command::Pause { run }
        | Command::Believe { run, .. }
        | Command::Map { run, .. }
        | Command::Try { run, .. }
        | Command::Propose { run }
        | Command::Train { run }
        | Command::GiveUp { run }
        | Command::WhatIf { run, .. }
        | Command::Weigh { run, .. }
        | Command::Judge { run, .. }
        | Command::Test { run, .. }
        | Command::Truth { run, .. }) = &command
        else {
            return;
        };
        let run = *run;
        if matches!(command, Command::Prepare { .. }) {
            self.run = run;
        } else if run != self.run || self.study.is_none() && !matches!(command, Command::Check { .. }) {
            return;
        }
        match command {
            Command::Check { text, in_force, .. } => {
                let refused = Study::refusals(&text, &in_force, self.csv.as_ref(), clock);
                post(&Event::Checked { run, text, refused });
            }
            Command::Prepare {
                text,
                lines,
                crashed,
                person,
                ..
            } => {
                self.left = Some(0);
                (self.study, self.testing, self.repetition) = (None, None, None);
                self.surveys.clear();
                self.proposed = None;
                match Study::prepare_with(&text, self.csv.as_ref(), clock) {
                    Err(refused) => post(&Event::Refused { run, refused }),
                    Ok(mut study) => {
                        if person {
                            study.invite();
                        }
                        // Before its lanes are told: among the trials may be a person's, beside the plan.
                        let known = lines.iter().map(|line| read(line)).collect();
                        let (trials, refused) = study.restore(known, crashed);
                        post(&Event::Prepared {
                            run,
                            study: Box::new(study.prepared().clone()),
                        });
                        if !trials.is_empty() {
                            post(&Event::Trials { run, trials });
                        }
                        if !refused.is_empty() {
                            post(&Event::Failed {
                                run,
                                message: format!("some trials could not be taken over: {}", refused.join("; ")),
                            });
                        }
                        self.study = Some(study);
                        if !lines.is_empty() {
                            self.rest();
                        }
                    }
                }
            }
            Command::Advance { trials, careful, .. } => {
                (self.left, self.careful) = (trials, careful);
                self.wake();
            }
            Command::Propose { .. } => {
                self.proposed = self.study.as_mut().and_then(Study::propose);
                match &self.proposed {
                    Some(proposal) => post(&Event::Proposed {
                        run,
                        proposal: Box::new(proposal.clone()),
                    }),
                    None => self.end(),
                }
            }
            Command::Train { .. } => {
                if let (Some(study), Some(Proposal { lane, jobs, .. })) = (&mut self.study, self.proposed.take()) {
                    let id = jobs.first().map_or(0, |job| job.id);
                    post(&Event::Began { run, lane, id });
                    study.train(lane, &jobs, |fit| post(&Event::Fold { run, fit }));
                    let trials = study.step(false);
                    post(&Event::Trials { run, trials });
                }
                self.end();
            }
            Command::Table { .. } => {}
            Command::Pause { .. } => {
                self.left = Some(0);
                self.repetition = None;
                self.rest();
            }
            Command::Believe {
                lane,
                trial,
                param,
                through,
                ..
            } => {
                if let Some(study) = &mut self.study {
                    match study.believe(lane, trial, &param, through.as_ref()) {
                        Ok(slice) => post(&Event::Belief {
                            run,
                            slice: Box::new(slice),
                        }),
                        Err(message) => post(&Event::Failed { run, message }),
                    }
                }
            }
            Command::Weigh { lane, trials, .. } => {
                match self.study.as_ref().map(|s| s.importance(lane, trials.as_deref())) {
                    Some(Ok(importance)) => post(&Event::Importance { run, importance }),
                    Some(Err(message)) => post(&Event::Failed { run, message }),
                    None => {}
                }
            }
            Command::Judge { lane, trial, curve, .. } => {
                match self.study.as_ref().map(|s| s.judge(lane, trial, curve)) {
                    Some(Ok(judged)) => post(&Event::Judged {
                        run,
                        judged: Box::new(judged),
                    }),
                    Some(Err(message)) => post(&Event::Failed { run, message }),
                    None => {}
                }
            }
            Command::Test { lane, .. } => {
                self.testing = Some(lane);
                self.wake();
            }
            Command::WhatIf { lane, trial, call, .. } => {
                if let Some(study) = &self.study {
                    post(&Event::Choice {
                        run,
                        choice: Box::new(study.what_if(lane, trial, &call)),
                    });
                }
            }
            Command::Try {
                lane, config, aside, ..
            } => {
                if let Some(study) = &mut self.study {
                    let lane = if aside { joined(run, study) } else { lane };
                    let next = study.history(lane).map_or(0, |h| h.next_id());
                    post(&Event::Began { run, lane, id: next });
                    match study.attempt(lane, &config) {
                        Ok(trial) => post(&Event::Trials {
                            run,
                            trials: vec![trial],
                        }),
                        Err(message) => post(&Event::Failed { run, message }),
                    }
                    if study.is_game() {
                        return self.go_on();
                    }
                    self.rest();
                }
            }
            Command::GiveUp { .. } => {
                if let Some(study) = &mut self.study {
                    study.give_up();
                    self.go_on();
                }
            }
            Command::Map {
                lane,
                trial,
                x,
                y,
                through,
                cells,
                ..
            } => {
                if let Some(study) = &mut self.study {
                    match study.map(lane, trial, (&x, &y), through.as_ref(), cells) {
                        Ok(map) => post(&Event::Map {
                            run,
                            map: Box::new(map),
                        }),
                        Err(message) => post(&Event::Failed { run, message }),
                    }
                }
            }
            Command::Truth { x, y, through, .. } => {
                match self
                    .study
                    .as_ref()
                    .map(|s| s.survey(&x, y.as_deref(), through.as_ref()))
                {
                    Some(Ok(survey)) => {
                        self.surveys.retain(|(other, _)| other.is_line() != survey.is_line());
                        self.surveys.insert(0, (survey, clock()));
                        self.look_around(0.0);
                    }
                    Some(Err(message)) => post(&Event::Failed { run, message }),
                    None => {}
                }
            }
        }
    }

    /// Goes on with the survey that was asked for last, tells it now and then, and lets messages in.
    fn look_around(&mut self, seconds: f64) {
        let (Some(study), Some((survey, told))) = (&mut self.study, self.surveys.first_mut()) else {
            return;
        };
        if seconds > 0.0 {
            study.survey_on(survey, seconds, clock);
        }
        let finished = survey.is_finished();
        if finished || clock() - *told >= SURVEY_PACE {
            *told = clock();
            post(&Event::Truth {
                run: self.run,
                plane: Box::new(survey.plane()),
            });
        }
        if finished {
            self.surveys.remove(0);
        }
        self.wake();
    }

    /// Lets the strategies go on, until it is a person's turn.
    fn go_on(&mut self) {
        self.left = None;
        self.wake();
    }

    fn wake(&self) {
        if let Some(port) = &self.wake {
            let _ = port.post_message(&JsValue::NULL);
        }
    }

    /// Works for one stretch, then lets messages in.
    fn work(&mut self) {
        let start = clock();
        if self.left == Some(0) {
            // What somebody waits for comes first.
            return match self.testing {
                _ if !self.surveys.is_empty() => self.look_around(STRETCH),
                Some(lane) => self.test(lane, start),
                None => self.repeat(start),
            };
        }
        let Some(study) = &mut self.study else { return };
        let run = self.run;
        if let Some((lane, id)) = study.turn().filter(|_| !study.waits()) {
            post(&Event::Began { run, lane, id });
        }
        let mut done = Vec::new();
        // One message a stretch: a message a trial costs more than a short trial itself.
        while self.left != Some(0) && !study.is_finished() && !study.waits() {
            let trials = study.step(self.left.is_none() && !self.careful);
            self.left = self.left.map(|n| n.saturating_sub(trials.len() as u32));
            done.extend(trials);
            if self.careful || clock() - start >= STRETCH {
                break;
            }
        }
        if !done.is_empty() {
            post(&Event::Trials { run, trials: done });
        }
        if self.left == Some(0) || study.is_finished() || study.waits() {
            self.end();
        } else {
            self.wake();
        }
    }

    /// Rests after a stretch; what is left to repeat once the run itself has ended follows.
    fn end(&mut self) {
        self.left = Some(0);
        self.rest();
        if self.study.as_ref().is_some_and(Study::is_finished) {
            self.repetition = self.study.as_ref().and_then(Repetition::after);
        }
        self.wake();
    }

    /// Tests what was a strategy's best for one stretch, and tells what is known.
    fn test(&mut self, lane: usize, start: f64) {
        let Some(study) = &mut self.study else { return };
        let mut is_left = true;
        while is_left && clock() - start < STRETCH {
            is_left = study.test_next(lane);
        }
        post(&Event::HeldOut {
            run: self.run,
            held_out: study.tested(lane),
        });
        if !is_left {
            self.testing = None;
        }
        self.wake();
    }

    /// Compares over the study's other seeds for one stretch.
    fn repeat(&mut self, start: f64) {
        let Some(repetition) = &mut self.repetition else { return };
        let mut is_new = false;
        while !repetition.is_finished() && clock() - start < STRETCH {
            match repetition.step() {
                Ok(whole) => is_new |= whole,
                Err(_) => return self.repetition = None,
            }
        }
        if is_new {
            post(&Event::Comparison {
                run: self.run,
                comparison: Box::new(repetition.standing()),
            });
        }
        if repetition.is_finished() {
            self.repetition = None;
        } else {
            self.wake();
        }
    }

    /// Says how every strategy stands, and that nothing is under way.
    fn rest(&mut self) {
        let Some(study) = &mut self.study else { return };
        for lane in 0..study.prepared().lanes.len() {
            if let Some(report) = study.report(lane) {
                post(&Event::Report {
                    run: self.run,
                    report: Box::new(report),
                });
            }
        }
        post(&Event::Rests {
            run: self.run,
            finished: study.is_finished(),
        });
    }
}
