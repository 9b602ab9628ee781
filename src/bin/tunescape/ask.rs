//! `tunescape ask`: any program's own objective, over standard input and output, one JSON object a line.

use crate::{Refused, say};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::Arc;
use tunescape::context::Context;
use tunescape::mind::Mind;
use tunescape::registry::{Settings, find, ids};
use tunescape::seed::Seed;
use tunescape::space::{Config, SpaceFile};
use tunescape::spec::Call;
use tunescape::strategy::stopping::{self, Stops};
use tunescape::strategy::{Ask, Plan, STRATEGIES, Strategy};
use tunescape::trial::{History, Job, Origin, Outcome, Score};

/// Options of `tunescape ask`.
#[derive(clap::Args)]
pub struct Options {
    /// The space file: {"direction":"minimize","params":[{"name":"x","type":"float","low":0,"high":1}]}
    #[arg(long)]
    space: PathBuf,
    /// The strategy, with settings: 'bayes(acq:ei)'
    #[arg(long)]
    strategy: String,
    /// Seed of its randomness
    #[arg(long, default_value_t = 1)]
    seed: u32,
    /// Trials it may plan for
    #[arg(long, default_value_t = 100)]
    trials: usize,
    /// Rules that stop the search: 'stagnation(trials:20),cost(limit:100),regret'
    #[arg(long)]
    stop: Option<String>,
    /// Keeps the log in this file and resumes from it
    #[arg(long)]
    history: Option<PathBuf>,
}

/// What a line on standard input asks for.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Request {
    Ask(u32),
    Tell(Tell),
    Best(#[allow(dead_code, reason = "the key alone asks")] bool),
    Belief(Vec<Config>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tell {
    id: Option<u32>,
    config: Option<Config>,
    value: Option<f64>,
    failed: Option<String>,
    #[serde(default)]
    folds: Vec<f64>,
    cost: Option<f64>,
    train: Option<f64>,
    gradient: Option<Vec<f64>>,
    fidelity: Option<f64>,
}

/// A line of the history file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Logged {
    Study {
        strategy: String,
        seed: u32,
        space: SpaceFile,
    },
    Asked(Job),
    Told {
        id: u32,
        outcome: Outcome,
    },
}

/// Most jobs that one line may ask for.
const MOST_JOBS: u32 = 1000;

/// What is said where a number is none.
const FINITE: &str = "numbers must be finite; a trial without a value is told as {\"id\":0,\"failed\":\"reason\"}";

struct Session {
    history: History,
    strategy: Box<dyn Strategy>,
    stops: Stops,
    context: Context,
    log: Option<File>,
}

/// Answers line by line until the input ends.
pub fn session(options: &Options) -> Result<(), Refused> {
    let mut session = Session::open(options)?;
    for line in std::io::stdin().lock().split(b'\n') {
        let line = line.map_err(|e| Refused::failure(format!("cannot read: {e}")))?;
        let text = String::from_utf8_lossy(&line);
        if text.trim().is_empty() {
            continue;
        }
        let answer = session.answer(&text).unwrap_or_else(|why| json!({ "error": why }));
        say(&answer.to_string())?;
    }
    Ok(())
}

impl Session {
    fn open(options: &Options) -> Result<Session, Refused> {
        let usage = |what: &str, why: String| Refused::usage(format!("{what}: {why}"));
        let name = options.space.display().to_string();
        let text = std::fs::read_to_string(&options.space).map_err(|e| usage(&name, e.to_string()))?;
        let file: SpaceFile = serde_json::from_str(&text).map_err(|e| usage(&name, e.to_string()))?;
        let direction = file.direction;
        let space = Arc::new(file.clone().space().map_err(|why| usage(&name, why))?);
        let call = Call::parse(&options.strategy).map_err(|why| usage("--strategy", why))?;
        let entry = find(STRATEGIES, &call.id);
        let entry = entry.ok_or_else(|| {
            usage(
                "--strategy",
                format!("unknown strategy \"{}\"; accepted: {}", call.id, ids(STRATEGIES)),
            )
        })?;
        let (settings, wrong) = Settings::check(entry.id, entry.settings, &call.settings);
        if !wrong.is_empty() {
            return Err(usage("--strategy", wrong.join("; ")));
        }
        if !(1..=100_000).contains(&options.trials) {
            return Err(usage("--trials", "accepted: 1 to 100000".into()));
        }
        let seed = Seed(u64::from(options.seed)).derive(&format!("strategy {call}"), 0);
        let plan = Plan::new(seed, options.trials);
        let strategy =
            (entry.build)(&space, &settings, &plan).map_err(|why| usage("this space cannot be searched", why))?;
        let stop = options.stop.as_deref().map(stopping::read).transpose();
        let stop = stop.map_err(|why| usage("--stop", why))?.unwrap_or_default();
        let stops = Stops::new(&stop, &space, &plan).map_err(|why| usage("--stop", why))?;
        let mut session = Session {
            history: History::new(space.clone(), direction),
            strategy,
            stops,
            context: Context::new(),
            log: None,
        };
        if let Some(path) = &options.history {
            let header = Logged::Study {
                strategy: call.to_string(),
                seed: options.seed,
                space: SpaceFile::of(&space, direction),
            };
            session
                .resume(path, &header)
                .map_err(|why| usage(&path.display().to_string(), why))?;
        }
        Ok(session)
    }

    /// Reads the history file, if there is one, and keeps it open for appending. A last line cut off by a crash is dropped.
    fn resume(&mut self, path: &PathBuf, header: &Logged) -> Result<(), String> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let file = file.map_err(|e| e.to_string())?;
        let text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
        let whole = text.rfind('\n').map_or(0, |end| end + 1);
        if whole < text.len() {
            file.set_len(whole as u64).map_err(|e| e.to_string())?;
        }
        let written = serde_json::to_string(header).map_err(|e| e.to_string())?;
        let mut lines = text[..whole].lines().enumerate();
        match lines.next() {
            None => append(&file, &written)?,
            Some((_, first)) if first == written => {}
            Some(_) => return Err("this file holds the history of another space, strategy or seed".into()),
        }
        for (i, line) in lines {
            let wrong = |why: String| format!("line {}: {why}", i + 1);
            match serde_json::from_str(line).map_err(|e| wrong(e.to_string()))? {
                Logged::Asked(job) if job.id == self.history.next_id() => self.history.ask(job),
                Logged::Told { id, outcome } => self.history.tell(id, outcome).map_err(wrong)?,
                _ => return Err(wrong("out of order".into())),
            }
        }
        self.log = Some(file);
        Ok(())
    }

    fn ask(&mut self, job: Job) -> Result<(), String> {
        self.keep(&Logged::Asked(job.clone()))?;
        self.history.ask(job);
        Ok(())
    }

    fn keep(&mut self, event: &Logged) -> Result<(), String> {
        let Some(file) = &self.log else { return Ok(()) };
        append(file, &serde_json::to_string(event).map_err(|e| e.to_string())?)
    }

    fn answer(&mut self, line: &str) -> Result<Value, String> {
        let request: Request = serde_json::from_str(line).map_err(|e| {
            let finite = if ["NaN", "Infinity"].iter().any(|word| line.contains(word)) {
                FINITE
            } else {
                "accepted: {\"ask\":n}, {\"tell\":{…}}, {\"best\":true}, {\"belief\":[…]}"
            };
            format!("not understood: {e}; {finite}")
        })?;
        match request {
            Request::Ask(n) if (1..=MOST_JOBS).contains(&n) => self.propose(n as usize),
            Request::Ask(n) => Err(format!("{n} jobs asked for; accepted: 1 to {MOST_JOBS}")),
            Request::Tell(tell) => self.tell(tell),
            Request::Best(_) => Ok(self.best()),
            Request::Belief(at) => self.belief(&at),
        }
    }

    fn propose(&mut self, room: usize) -> Result<Value, String> {
        if let Some(reason) = self.stops.check(&self.history, &self.context) {
            return Ok(json!({ "jobs": [], "finished": reason }));
        }
        match self.strategy.ask(&self.history, room, &self.context)? {
            Ask::Jobs(jobs) => {
                for job in &jobs {
                    self.ask(job.clone())?;
                }
                Ok(json!({ "jobs": jobs }))
            }
            Ask::Wait => Ok(json!({ "jobs": [], "wait": true })),
            Ask::Finished(reason) => Ok(json!({ "jobs": [], "finished": reason })),
        }
    }

    fn tell(&mut self, tell: Tell) -> Result<Value, String> {
        let numbers = tell
            .folds
            .iter()
            .chain(&tell.cost)
            .chain(&tell.train)
            .chain(tell.gradient.iter().flatten());
        if !numbers.chain(&tell.value).all(|v| v.is_finite()) {
            return Err(FINITE.into());
        }
        let params = self.history.space().dim();
        if let Some(gradient) = tell.gradient.as_ref().filter(|g| g.len() != params) {
            return Err(format!(
                "a gradient has a number for each of the {params} parameters, in their order and in unit-cube coordinates, not {}",
                gradient.len()
            ));
        }
        let outcome = match (tell.value, tell.failed) {
            (Some(value), None) => {
                let Tell {
                    train,
                    folds,
                    cost,
                    gradient,
                    ..
                } = tell;
                Outcome::Value(Score {
                    value,
                    train,
                    folds,
                    cost,
                    gradient,
                })
            }
            (None, Some(reason)) => Outcome::failed(reason),
            _ => return Err("a trial is told with either \"value\" or \"failed\"".into()),
        };
        let fidelity = tell.fidelity;
        if !fidelity.is_none_or(|f| f > 0.0 && f <= 1.0) {
            return Err("fidelity is a share of the full effort: above 0, at most 1".into());
        }
        let id = match (tell.id, tell.config) {
            (Some(id), None) => {
                if let (Some(told), Some(job)) = (fidelity, self.history.jobs().get(id as usize))
                    && told != job.fidelity
                {
                    return Err(format!(
                        "trial {id} was asked at fidelity {}, not {told}; a point of your own is told by its \"config\"",
                        job.fidelity
                    ));
                }
                if self.history.jobs().len() <= id as usize || self.history.outcome(id).is_some() {
                    // Says which of the two it is.
                    self.history.clone().tell(id, outcome.clone())?;
                }
                id
            }
            (None, Some(config)) => {
                let config = self.history.space().check(&config)?;
                let id = self.history.next_id();
                self.ask(Job {
                    id,
                    config,
                    fidelity: fidelity.unwrap_or(1.0),
                    parent: None,
                    origin: Origin::Person,
                })?;
                id
            }
            _ => return Err("a trial is told with either \"id\" or \"config\"".into()),
        };
        self.keep(&Logged::Told {
            id,
            outcome: outcome.clone(),
        })?;
        self.history.tell(id, outcome)?;
        Ok(json!({ "ok": true }))
    }

    fn best(&mut self) -> Value {
        let Some((job, score)) = self.history.best() else {
            return json!({ "best": null });
        };
        let mut best = json!({ "id": job.id, "config": job.config, "value": score.value });
        if let Some(r) = self.strategy.recommend(&self.history)
            && let Some((mean, sd)) = r.belief
            && let Some(job) = self.history.jobs().get(r.id as usize)
        {
            best["recommended"] = json!({ "id": r.id, "config": job.config, "mean": mean, "sd": sd });
        }
        if let Some((job, score)) = self.history.one_standard_error() {
            best["one_standard_error"] =
                json!({ "id": job.id, "config": job.config, "value": score.value, "cost": score.cost });
        }
        json!({ "best": best })
    }

    fn belief(&mut self, at: &[Config]) -> Result<Value, String> {
        let at: Vec<Config> = at
            .iter()
            .map(|c| self.history.space().check(c))
            .collect::<Result<_, _>>()?;
        match self.strategy.mind(&self.history, &at) {
            Mind::Posterior(p) => {
                let point = |i: usize| json!({ "mean": p.mean[i], "sd": p.sd[i], "acquisition": p.acquisition[i] });
                Ok(json!({ "belief": (0..at.len()).map(point).collect::<Vec<_>>() }))
            }
            _ => Ok(json!({ "belief": null })),
        }
    }
}

fn append(mut file: &File, line: &str) -> Result<(), String> {
    file.write_all(format!("{line}\n").as_bytes())
        .map_err(|e| format!("cannot keep the history: {e}"))
}
