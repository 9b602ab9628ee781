//! From a study text to a study: every word checked against the registries, nothing silently clamped.

use super::catalog;
use super::preset::PRESETS;
use super::problem;
use super::{Clock, Lane, Study};
use crate::context::Context;
use crate::dataset::Csv;
use crate::model::MODELS;
use crate::protocol::{self, Prepared};
use crate::registry::{Entry, Settings, find, ids};
use crate::seed::Seed;
use crate::space::{Config, Domain, Space};
use crate::spec::{Call, PAGE_KEYS, Refusal, StudyText};
use crate::strategy::stopping::{self, Stops};
use crate::strategy::{NEEDS, Plan, STRATEGIES, Strategy};
use crate::trial::{History, Need};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What holds where neither text nor preset says otherwise.
const DEFAULTS: &str =
    "v=1&data=iris&model=forest&split=0.2&cv=5&metric=accuracy&s=grid,random,bayes&n=30&batch=1&seed=1&reps=1";

/// Keys that mean something where a model learns from data, and nothing for a test function.
const ON_DATA: &[&str] = &["data", "model", "prep", "split", "cv", "metric", "fidelity"];

/// Most strategies a study compares.
const MOST_STRATEGIES: usize = 6;

/// Most seeds a study is repeated with.
const MOST_SEEDS: u32 = 200;

/// Collects refusals while the rest of a text is read.
pub(super) struct Reader<'a> {
    text: StudyText,
    /// The table that `data=csv` means.
    pub(super) csv: Option<&'a Csv>,
    /// What the text stands on: its preset, or the defaults.
    base: StudyText,
    pub(super) refused: Vec<Refusal>,
}

impl Reader<'_> {
    /// The value of `key`, checked by `read`; if it is refused, the preset's or the default takes its place and the text is mended.
    pub(super) fn read<T>(&mut self, key: &str, read: impl Fn(&str) -> Result<T, String>) -> Option<T> {
        let value = self.text.get(key)?.to_string();
        match read(&value) {
            Ok(checked) => Some(checked),
            Err(why) => {
                self.refused.push(Refusal::new(&format!("{key}={value}"), why));
                self.text.set(key, self.base.get(key));
                self.base.get(key).and_then(|d| read(d).ok())
            }
        }
    }

    /// The domains given, by parameter and notation, that `parse` can read.
    pub(super) fn domains(&mut self, parse: impl Fn(&str, &str) -> Result<Domain, String>) -> Vec<(String, Domain)> {
        let given: Vec<(String, String)> = self
            .text
            .domains()
            .map(|(n, v)| (n.to_string(), v.to_string()))
            .collect();
        let mut read = Vec::new();
        for (name, value) in given {
            match parse(&name, &value) {
                Ok(domain) => read.push((name, domain)),
                Err(why) => {
                    let key = format!("p.{name}");
                    self.refused.push(Refusal::new(&format!("{key}={value}"), why));
                    self.text.set(&key, None);
                }
            }
        }
        read
    }

    /// `space` with the priors given; those that do not fit are refused.
    pub(super) fn believed(&mut self, mut space: Space) -> Space {
        let given: Vec<(String, String)> = self
            .text
            .priors()
            .map(|(n, v)| (n.to_string(), v.to_string()))
            .collect();
        for (name, prior) in given {
            match space.clone().believed(&name, &prior) {
                Ok(believed) => space = believed,
                Err(why) => {
                    let key = format!("prior.{name}");
                    self.refused.push(Refusal::new(&format!("{key}={prior}"), why));
                    self.text.set(&key, None);
                }
            }
        }
        space
    }

    /// Refuses the value of `key` after all, and puts `instead` in its place.
    ///
    /// # Errors
    /// The same refusal, if the value was `instead` already.
    pub(super) fn refuse(&mut self, key: &str, instead: &str, why: String) -> Result<String, Refusal> {
        let value = self.text.get(key).unwrap_or_default().to_string();
        let refusal = Refusal::new(&format!("{key}={value}"), why);
        if value == instead {
            return Err(refusal);
        }
        self.refused.push(refusal);
        self.text.set(key, Some(instead));
        Ok(instead.to_string())
    }

    fn int(&mut self, key: &str, low: u32, high: u32) -> u32 {
        let accepted = format!("accepted: a whole number from {low} to {high}");
        let read = |v: &str| match v.parse::<u32>() {
            Ok(n) if (low..=high).contains(&n) => Ok(n),
            Ok(n) => Err(format!("{n} is out of range; {accepted}")),
            Err(_) => Err(accepted.clone()),
        };
        self.read(key, read).unwrap_or(low)
    }
}

/// Spells out presets and defaults.
fn whole_text(own: &StudyText, refused: &mut Vec<Refusal>) -> (StudyText, StudyText, Option<String>) {
    let (defaults, _) = StudyText::parse(DEFAULTS);
    let mut preset = None;
    let mut base = defaults.clone();
    if let Some(id) = own.get("preset") {
        match find(PRESETS, id) {
            None => refused.push(Refusal::new(
                &format!("preset={id}"),
                format!("unknown preset; accepted: {}", ids(PRESETS)),
            )),
            Some(entry) => {
                preset = Some(id.to_string());
                base = StudyText::parse(entry.build).0.over(&defaults);
            }
        }
    }
    let mut own = own.clone();
    // Which problem is meant decides which other keys belong, so a test function that is none is refused before all else.
    if let Some(function) = own.get("fn").map(str::to_string)
        && let Err(why) = problem::checked_function(&function)
    {
        refused.push(Refusal::new(&format!("fn={function}"), why));
        own.set("fn", None);
    }
    if own.get("fn").is_some() {
        for key in ["data", "model", "prep"] {
            if own.get(key).is_some() {
                refused.push(Refusal::new(key, "a study has either fn or data and model; fn counts"));
                own.set(key, None);
            }
        }
    }
    let function = own.get("fn").or(base
        .get("fn")
        .filter(|_| own.get("data").or(own.get("model")).is_none()));
    let is_function = function.is_some();
    if is_function {
        for key in ON_DATA.iter().filter(|key| !["data", "model", "prep"].contains(key)) {
            if let Some(value) = own.get(key) {
                refused.push(Refusal::new(
                    &format!("{key}={value}"),
                    "it has no effect on a test function; accepted beside data and model",
                ));
                own.set(key, None);
            }
        }
    }
    // Another problem has other parameters: the preset's domains go with the preset's own problem.
    if own.is_other_problem(&base) {
        base.drop_parameters();
    }
    let dropped: &[&str] = if is_function { ON_DATA } else { &["fn"] };
    dropped.iter().for_each(|key| base.set(key, None));
    let mut text = own.over(&base);
    text.set("preset", None);
    PAGE_KEYS.iter().for_each(|(key, _)| text.set(key, None));
    (text, base, preset)
}

/// Sets up the study of a text.
pub(super) fn study(text: &str, csv: Option<&Csv>, clock: Clock) -> Result<Study, Vec<Refusal>> {
    let (own, mut refused) = StudyText::parse(text);
    let (text, base, preset) = whole_text(&own, &mut refused);
    let mut reader = Reader {
        text,
        csv,
        base,
        refused,
    };
    reader.read("v", |v| if v == "1" { Ok(()) } else { Err("accepted: 1".into()) });
    let trials = reader.int("n", 1, 100_000);
    let batch = reader.int("batch", 1, 64);
    let seed_text = reader.int("seed", 0, u32::MAX);
    let reps = reader.int("reps", 1, MOST_SEEDS);
    let seed = Seed(u64::from(seed_text));
    let problem = match problem::read(&mut reader, seed) {
        Ok(problem) => problem,
        Err(refusal) => {
            reader.refused.push(refusal);
            return Err(reader.refused);
        }
    };
    let calls = reader.read("s", read_strategies).unwrap_or_default();
    let stop = reader.read("stop", stopping::read).unwrap_or_default();
    let space = problem.objective.space().clone();
    let mut lanes: Vec<Lane> = Vec::new();
    let mut described = Vec::new();
    let mut taking_part = Vec::new();
    for call in &calls {
        let Some(entry) = find(STRATEGIES, &call.id) else {
            continue;
        };
        let (mut settings, wrong) = Settings::check(entry.id, entry.settings, &call.settings);
        debug_assert!(wrong.is_empty(), "strategies are checked as they are read");
        let plain = plain(entry, &settings);
        let same = lanes
            .iter()
            .filter(|l| l.label.split('#').next() == Some(&plain))
            .count();
        let label = if same == 0 {
            plain
        } else {
            format!("{plain}#{}", same + 1)
        };
        // A strategy that goes fold by fold is told how many there are.
        if settings.choice("folds") == "0" {
            let mut given = call.settings.clone();
            given.retain(|(name, _)| name != "folds");
            given.push(("folds".into(), problem.objective.folds().max(2).to_string()));
            settings = Settings::check(entry.id, entry.settings, &given).0;
        }
        let plan = Plan {
            seed: strategy_seed(seed, &label),
            trials: trials as usize,
            facts: problem.known.clone(),
        };
        match (entry.build)(&space, &settings, &plan) {
            Err(why) => {
                // What the problem itself lacks for it is said first: another space would not help.
                let need = NEEDS.iter().find(|(id, _)| *id == entry.id);
                let lacks = need.and_then(|(_, need)| problem.objective.meets(*need).err());
                let whole: Vec<String> = lacks.into_iter().chain([why]).collect();
                reader.refused.push(Refusal::new(&label, whole.join("; and ")));
            }
            Ok(strategy) if problem.objective.meets(strategy.need()).is_err() => {
                let why = problem.objective.meets(strategy.need()).err().unwrap_or_default();
                reader.refused.push(Refusal::new(&label, why));
            }
            Ok(strategy) => {
                taking_part.push(call.to_string());
                let most = |s: &dyn Strategy| s.at_most().into_iter().chain(problem.configurations).min();
                let limit = most(&*strategy).map_or(trials, |m| u64::from(trials).min(m) as u32);
                described.push(protocol::Lane {
                    id: call.id.clone(),
                    label: label.clone(),
                    title: title(entry.title, &label),
                    trials: limit,
                });
                let stops = Stops::new(&stop, &space, &plan).unwrap_or_else(|why| {
                    reader.refused.push(Refusal::new("stop", why));
                    Stops::default()
                });
                let history = History::new(space.clone(), problem.objective.direction());
                lanes.push(Lane {
                    label,
                    need: strategy.need(),
                    stops,
                    strategy,
                    plan,
                    history,
                    trials: limit,
                    finished: None,
                    by_hand: false,
                    aside: false,
                });
            }
        }
    }
    if lanes.is_empty() {
        return Err(reader.refused);
    }
    // The text names who takes part, and nobody else.
    if taking_part.len() < calls.len() {
        reader.text.set("s", Some(&taking_part.join(",")));
    }
    let unfit = unfit(&problem, &space);
    let prepared = Prepared {
        text: reader.text.to_string(),
        preset,
        refused: reader.refused,
        facts: problem.facts,
        table: problem.table,
        value_title: problem.value_title,
        bounds: problem.bounds,
        direction: problem.objective.direction(),
        space: (*space).clone(),
        configurations: problem.configurations,
        optimum: problem.objective.optimum(),
        minimum: problem.function.map(catalog::optimum),
        cheap: problem.cheap,
        test_rows: problem.test_rows as u32,
        raw: problem.raw,
        staged: problem.known.models.iter().any(|id| is_staged(id)),
        folds: problem.objective.folds() as u32,
        trials,
        reps,
        lanes: described,
        unfit,
    };
    Ok(Study {
        prepared,
        csv: csv.cloned(),
        objective: Arc::clone(&problem.objective),
        lanes,
        batch: batch as usize,
        context: Context::new(),
        clock,
        ahead: super::AHEAD.0,
        known: BTreeMap::new(),
        tests: BTreeMap::new(),
    })
}

/// The strategies that need what this problem does not give, and why it does not.
fn unfit(problem: &problem::Problem, space: &Arc<Space>) -> Vec<(String, String)> {
    let why = |(id, need): (&str, Need)| {
        let met = problem.objective.meets(need);
        // Whoever asks for gradients also asks that everything can slide.
        let built = met.and_then(|()| match find(STRATEGIES, id) {
            Some(entry) if need == Need::Gradient => {
                let plan = Plan {
                    facts: problem.known.clone(),
                    ..Plan::new(Seed(0), 1)
                };
                (entry.build)(space, &Settings::defaults(entry.settings), &plan).map(|_| ())
            }
            _ => Ok(()),
        });
        Some((id.to_string(), built.err()?))
    };
    NEEDS.into_iter().filter_map(why).collect()
}

/// Whether a model learns step by step.
fn is_staged(id: &str) -> bool {
    let built = find(MODELS, id).map(|entry| (entry.build.build)(&Config::default()));
    built.is_some_and(|model| model.is_ok_and(|model| model.stages().is_some()))
}

/// A strategy's name with the settings that differ from the defaults.
/// The call as it is written where only what differs from the defaults is: a strategy's label, if there is no other of the same.
pub(super) fn plain<B>(entry: &Entry<B>, settings: &Settings) -> String {
    let changed = settings.changed(entry.settings).into_iter();
    Call {
        id: entry.id.into(),
        settings: changed.map(|(k, v)| (k.to_string(), v.to_string())).collect(),
    }
    .to_string()
}

/// The seed of the strategy with this label.
pub(super) fn strategy_seed(study: Seed, label: &str) -> Seed {
    study.derive(&format!("strategy {label}"), 0)
}

fn title(title: &str, label: &str) -> String {
    match label.find(['(', '#']) {
        Some(at) => format!("{title} {}", &label[at..]),
        None => title.to_string(),
    }
}

pub(super) fn read_strategies(text: &str) -> Result<Vec<Call>, String> {
    let calls = Call::parse_list(text)?;
    if calls.len() > MOST_STRATEGIES {
        return Err(format!(
            "{} strategies; at most {MOST_STRATEGIES} are accepted",
            calls.len()
        ));
    }
    for call in &calls {
        let entry = find(STRATEGIES, &call.id);
        let entry = entry.ok_or_else(|| format!("unknown strategy \"{}\"; accepted: {}", call.id, ids(STRATEGIES)))?;
        let (_, wrong) = Settings::check(entry.id, entry.settings, &call.settings);
        if !wrong.is_empty() {
            return Err(wrong.join("; "));
        }
    }
    Ok(calls)
}
