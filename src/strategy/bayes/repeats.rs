//! Evaluating a configuration again: under noise, a second look at a promising one can be worth more than a first at another.

use crate::registry::{Setting, SettingKind};
use crate::space::Config;
use crate::trial::History;
use std::collections::BTreeMap;

pub(super) const SETTING: Setting = Setting {
    id: "replicates",
    about: "How often a configuration may be evaluated again, where its acquisition is higher than that of every new one. 0, the default, \
            never repeats one: where the same configuration scores the same each time, as in a study, a repetition would teach nothing.",
    kind: SettingKind::Int(0, 100),
    default: "0",
};

/// The configurations that have been told, and how often each was asked.
pub(super) struct Repeats {
    allowed: usize,
    seen: BTreeMap<String, Seen>,
}

struct Seen {
    config: Config,
    first: u32,
    asked: usize,
    told: usize,
}

impl Repeats {
    /// Those of the trials at full fidelity from number `from` on, if each may be repeated `allowed` times.
    pub(super) fn of(history: &History, allowed: usize, from: u32) -> Repeats {
        let mut repeats = Repeats {
            allowed,
            seen: BTreeMap::new(),
        };
        if allowed > 0 {
            for (job, outcome) in history
                .trials()
                .filter(|(job, _)| job.fidelity >= 1.0 && job.id >= from)
            {
                let seen = repeats.ask(&job.config, job.id);
                seen.told += usize::from(outcome.and_then(|o| o.value()).is_some_and(f64::is_finite));
            }
        }
        repeats
    }

    fn ask(&mut self, config: &Config, id: u32) -> &mut Seen {
        let new = || Seen {
            config: config.clone(),
            first: id,
            asked: 0,
            told: 0,
        };
        let seen = self.seen.entry(config.key()).or_insert_with(new);
        seen.asked += 1;
        seen
    }

    /// `config` is asked as trial `id`.
    pub(super) fn asked(&mut self, config: &Config, id: u32) {
        if self.allowed > 0 {
            self.ask(config, id);
        }
    }

    /// What may be evaluated again: what has given all its values, and has not been repeated often enough.
    pub(super) fn open(&self) -> impl Iterator<Item = &Config> {
        let open = |s: &&Seen| s.told == s.asked && s.asked <= self.allowed;
        self.seen.values().filter(open).map(|s| &s.config)
    }

    /// What an origin says of repeating `config`; nothing if it is new.
    pub(super) fn words(&self, config: &Config) -> String {
        match self.seen.get(&config.key()) {
            None => String::new(),
            Some(seen) => format!(
                "It is the configuration of trial {} once more, evaluated {} times so far: under the noise the model sees, another look at it \
                 promises more than any new one.",
                seen.first + 1,
                seen.asked
            ),
        }
    }
}
