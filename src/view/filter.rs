//! What the table of trials is narrowed to: words that a row has, and comparisons such as `value<0.1 max_depth>3`, all of which hold.

use super::{View, score, why};
use crate::number;
use crate::protocol::Trial;
use crate::space::Value;
use crate::trial::Outcome;

/// Longer ones first: `<=` is not `<`.
const SIGNS: &[(&str, Sign)] = &[
    ("<=", Sign::Most),
    (">=", Sign::Least),
    ("!=", Sign::Not),
    ("≤", Sign::Most),
    ("≥", Sign::Least),
    ("≠", Sign::Not),
    ("<", Sign::Below),
    (">", Sign::Above),
    ("=", Sign::Is),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Sign {
    Most,
    Least,
    Not,
    Below,
    Above,
    Is,
}

/// What a comparison is about.
#[derive(Clone, Debug, PartialEq)]
enum Subject {
    Trial,
    Strategy,
    Value,
    Train,
    Param(String),
}

#[derive(Clone, Debug, PartialEq)]
enum Term {
    Word(String),
    Compare(Subject, Sign, String),
}

/// A filter as it was typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    terms: Vec<Term>,
    /// What of it cannot be understood, in words: it narrows nothing.
    pub wrong: Option<String>,
}

impl Filter {
    /// Reads what was typed. What is not finished, as `value<`, narrows nothing yet.
    pub fn read(typed: &str, view: &View) -> Filter {
        let mut filter = Filter::default();
        let joined = joined(typed);
        for term in joined.split_whitespace() {
            let Some((name, sign, right)) = compared(term) else {
                if !term.eq_ignore_ascii_case("and") {
                    filter.terms.push(Term::Word(term.to_lowercase()));
                }
                continue;
            };
            let Some(subject) = subject(name, view) else {
                filter.wrong.get_or_insert_with(|| unknown(name, view));
                continue;
            };
            if right.is_empty() {
                continue;
            }
            let is_ordered = !matches!(sign, Sign::Is | Sign::Not);
            if is_ordered && number::read(right).is_none() {
                let why = || format!("{term}: a number is wanted after the sign, not \"{right}\"");
                filter.wrong.get_or_insert_with(why);
                continue;
            }
            filter.terms.push(Term::Compare(subject, sign, right.to_lowercase()));
        }
        filter
    }

    /// Whether all of it holds for a trial.
    pub fn keeps(&self, view: &View, trial: &Trial) -> bool {
        let has_words = self.terms.iter().any(|t| matches!(t, Term::Word(_)));
        let row = if has_words { row(view, trial) } else { String::new() };
        self.terms.iter().all(|term| match term {
            Term::Word(word) => row.contains(word),
            Term::Compare(subject, sign, right) => holds(view, trial, subject, *sign, right),
        })
    }
}

/// The text without the blanks around signs.
fn joined(typed: &str) -> String {
    let is_sign = |c: char| "<>=!≤≥≠".contains(c);
    let mut text = String::new();
    for c in typed.chars() {
        if is_sign(c) {
            text.truncate(text.trim_end().len());
        } else if c.is_whitespace() && text.ends_with(is_sign) {
            continue;
        }
        text.push(c);
    }
    text
}

/// Name, sign and what stands behind it.
fn compared(term: &str) -> Option<(&str, Sign, &str)> {
    let (at, sign) = SIGNS
        .iter()
        .filter_map(|s| Some((term.find(s.0)?, s)))
        .reduce(|first, next| if next.0 < first.0 { next } else { first })?;
    Some((&term[..at], sign.1, &term[at + sign.0.len()..]))
}

fn names(view: &View) -> impl Iterator<Item = &str> {
    let params = view.study.iter().flat_map(|s| s.space.params());
    params.filter(|p| !p.domain.is_fixed()).map(|p| p.name.as_str())
}

fn is_trained(view: &View) -> bool {
    view.study.as_ref().is_some_and(|s| !s.cheap)
}

fn subject(name: &str, view: &View) -> Option<Subject> {
    // A parameter may be called as a column is.
    let param = |same: &dyn Fn(&str) -> bool| names(view).find(|n| same(n)).map(|n| Subject::Param(n.into()));
    param(&|n| n == name)
        .or_else(|| param(&|n| n.eq_ignore_ascii_case(name)))
        .or_else(|| match name.to_ascii_lowercase().as_str() {
            "trial" => Some(Subject::Trial),
            "strategy" => Some(Subject::Strategy),
            "value" => Some(Subject::Value),
            "train" if is_trained(view) => Some(Subject::Train),
            _ => None,
        })
}

fn unknown(name: &str, view: &View) -> String {
    let columns = if is_trained(view) {
        ["trial", "strategy", "value", "train"].as_slice()
    } else {
        ["trial", "strategy", "value"].as_slice()
    };
    let all: Vec<&str> = columns.iter().copied().chain(names(view)).collect();
    format!("Nothing is called \"{name}\"; accepted: {}", all.join(", "))
}

fn holds(view: &View, trial: &Trial, subject: &Subject, sign: Sign, right: &str) -> bool {
    let number = |v: Option<f64>, shown: String| decided(v, &shown, sign, right);
    match subject {
        Subject::Trial => number(Some(f64::from(trial.job.id) + 1.0), String::new()),
        Subject::Value => number(trial.outcome.value(), value_text(trial)),
        Subject::Train => {
            let train = score(trial).and_then(|s| s.train);
            number(train, train.map_or(String::new(), why::rounded))
        }
        Subject::Strategy => {
            let lane = view.lanes.get(trial.lane).map(|l| &l.lane);
            let is = lane.is_some_and(|l| l.label.to_lowercase() == right || l.id == right);
            match sign {
                Sign::Is => is,
                Sign::Not => !is,
                _ => false,
            }
        }
        // Where a parameter plays no part nothing is true of it.
        Subject::Param(name) => trial
            .job
            .config
            .get(name)
            .is_some_and(|v: &Value| number(v.number(), v.short())),
    }
}

/// Compares a number with what was typed; what is no number is the same or not. A number is also the same as what the table shows of it.
fn decided(left: Option<f64>, shown: &str, sign: Sign, right: &str) -> bool {
    let same = || shown.to_lowercase() == right;
    match (left, number::read(right)) {
        (Some(a), Some(b)) => match sign {
            Sign::Most => a <= b,
            Sign::Least => a >= b,
            Sign::Below => a < b,
            Sign::Above => a > b,
            Sign::Is => a == b || number::read(shown) == Some(b),
            Sign::Not => a != b && number::read(shown) != Some(b),
        },
        _ => match sign {
            Sign::Is => same(),
            Sign::Not => !same(),
            _ => false,
        },
    }
}

/// A trial's value, or what failed.
pub fn value_text(trial: &Trial) -> String {
    score(trial).map_or("failed".into(), |s| why::rounded(s.value))
}

/// Everything a row says.
fn row(view: &View, trial: &Trial) -> String {
    let title = view.lanes.get(trial.lane).map_or("", |l| l.lane.label.as_str());
    let row = format!(
        "{} {title} {} {} {}",
        trial.job.id + 1,
        trial.job.config.short().replace(" = ", "="),
        value_text(trial),
        reason(trial)
    );
    row.to_lowercase()
}

/// Why it was tried, or how it failed.
pub fn reason(trial: &Trial) -> String {
    match &trial.outcome {
        Outcome::Failed { failed } => format!("failed: {failed}"),
        Outcome::Value(_) => why::short(&trial.job.origin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Event, Lane, Prepared};
    use crate::space::{Config, Domain, Param, Space};
    use crate::trial::{Direction, Job, Origin};

    /// Trials of x = 1, 2, 3 with the values 0.3, 0.2, 0.1, and a failed one whose `kernel` is another.
    fn view() -> View {
        let words = |words: &[&str]| Domain::Categorical(words.iter().map(|w| Value::Text((*w).into())).collect());
        let params = vec![
            Param::new("x", Domain::float(0.0, 9.0)),
            Param::new("kernel", words(&["rbf", "linear"])),
        ];
        let mut view = View::new(1);
        let lane = Lane {
            id: "random".into(),
            label: "random".into(),
            title: "Random search".into(),
            trials: 4,
        };
        let space = Space::new(params, Vec::new()).unwrap();
        let study = Prepared::example(space, Direction::Minimize, vec![lane], 4);
        view.fold(Event::Prepared {
            run: 1,
            study: Box::new(study),
        });
        for id in 0..4 {
            let x = f64::from(id) + 1.0;
            let kernel = if id == 3 { "linear" } else { "rbf" };
            let outcome = if id == 3 {
                Outcome::Failed {
                    failed: "no luck".into(),
                }
            } else {
                Outcome::of(0.4 - 0.1 * x)
            };
            let config = Config(vec![
                ("x".into(), Value::Float(x)),
                ("kernel".into(), Value::Text(kernel.into())),
            ]);
            view.lanes[0].trials.push(Trial {
                lane: 0,
                job: Job {
                    id,
                    config,
                    fidelity: 1.0,
                    parent: None,
                    origin: Origin::Random {
                        without_replacement: false,
                    },
                },
                outcome,
                seconds: 0.0,
                line: String::new(),
            });
        }
        view
    }

    fn kept(typed: &str) -> Vec<u32> {
        let view = view();
        let filter = Filter::read(typed, &view);
        assert_eq!(filter.wrong, None, "{typed}");
        let trials = view.lanes[0].trials.iter();
        trials
            .filter(|t| filter.keeps(&view, t))
            .map(|t| t.job.id + 1)
            .collect()
    }

    #[test]
    fn comparisons_hold_together_and_beside_words() {
        assert_eq!(kept(""), [1, 2, 3, 4]);
        assert_eq!(kept("value<0.25"), [2, 3]);
        assert_eq!(kept("value < 0.25 and x >= 3"), [3]);
        assert_eq!(kept("VALUE≤0.2"), [2, 3]);
        assert_eq!(kept("kernel=linear"), [4]);
        assert_eq!(kept("kernel != linear x<=2"), [1, 2]);
        assert_eq!(kept("trial>2"), [3, 4]);
        assert_eq!(kept("strategy=random luck"), [4]);
        // As shown, not to the last digit.
        assert_eq!(kept("value=0.1"), [3]);
        assert_eq!(kept("rbf x=2"), [2]);
    }

    #[test]
    fn what_is_not_finished_narrows_nothing_and_what_is_unknown_is_named() {
        assert_eq!(kept("value<"), [1, 2, 3, 4]);
        let view = view();
        let said = |typed: &str| Filter::read(typed, &view).wrong.unwrap_or_default();
        assert_eq!(
            said("depth>3 x>1"),
            "Nothing is called \"depth\"; accepted: trial, strategy, value, x, kernel"
        );
        assert_eq!(
            said("x>many"),
            "x>many: a number is wanted after the sign, not \"many\""
        );
    }
}
