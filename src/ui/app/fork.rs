//! Going on from a trial with another strategy: a second run, beside the first one's ghost.

use super::App;
use super::runs::Taken;
use crate::question::{Question, join};
use crate::spec::{Call, StudyText};
use crate::ui::notice::Notice;
use crate::view::Ghost;
use js_sys::{JSON, Reflect};
use std::rc::Rc;

impl App {
    /// Begins a run in which the strategy last asked what it would choose stands in place of the one whose trial that was. What was known
    /// then is known to it, too; all others go on as they did.
    pub(super) fn fork(&mut self) {
        let Some((question, taken, words)) = self.forked() else {
            return;
        };
        self.remember_run();
        self.question = question;
        self.write_address();
        self.begin_with(Some(taken));
        self.notify(Notice::info("fork", &words));
    }

    fn forked(&self) -> Option<(Question, Taken, String)> {
        let view = self.view.borrow();
        let choice = view.choice.as_ref().filter(|c| c.answer.is_ok())?;
        let (lane, label) = (choice.lane, choice.call.as_str());
        let study = view.study.as_ref()?;
        let text = StudyText::parse(&study.text).0;
        let calls = Call::parse_list(text.get("s")?).ok()?;
        let strategies = calls.len();
        // The same strategy twice would be two under other names: the fork takes the other one's place.
        let is_other = |i: &usize| *i == lane || view.lanes.get(*i).is_none_or(|l| l.lane.label != label);
        let stay: Vec<usize> = (0..calls.len()).filter(is_other).collect();
        let fork = Call::parse(label).ok()?;
        let calls: Vec<Call> = stay
            .iter()
            .map(|&i| if i == lane { fork.clone() } else { calls[i].clone() })
            .collect();
        let from = choice
            .trial
            .unwrap_or_else(|| view.lanes.get(lane).map_or(0, |l| l.trials.len() as u32));
        let end = view
            .order
            .iter()
            .position(|o| *o == (lane, from))
            .unwrap_or(view.order.len());
        let known = view.order[..end]
            .iter()
            .filter(|(l, _)| stay.contains(l) || *l >= strategies);
        let line = |&(l, id): &(usize, u32)| {
            let line = &view.trial(l, id)?.line;
            if l == lane {
                renamed(line, label)
            } else {
                Some(line.clone())
            }
        };
        let lines = known.map(line).collect::<Option<Vec<String>>>()?;
        let of = view.lanes.get(lane)?.clone();
        let words = format!(
            "From trial {} on, {label} goes on in place of {}, whose run is shown faint beside it. Undo under What is searched leads back.",
            from + 1,
            of.lane.label
        );
        let place = stay.iter().position(|i| *i == lane)?;
        let mut question = self.question.clone();
        question.edit(&[("s".into(), Some(join(&calls)))], &self.catalog);
        let taken = Taken {
            lines,
            table: None,
            ghost: Some(Rc::new(Ghost { lane: place, from, of })),
        };
        Some((question, taken, words))
    }
}

/// A trial's line under another strategy's name.
fn renamed(line: &str, label: &str) -> Option<String> {
    let parsed = JSON::parse(line).ok()?;
    Reflect::set(&parsed, &"strategy".into(), &label.into()).ok()?;
    JSON::stringify(&parsed).ok()?.as_string()
}
