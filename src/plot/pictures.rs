//! The pictures there are, a line each.

use super::chart::{Chart, Readout};
use super::pen::Pen;
use super::{
    Focus, belief, best, confusion, decisions, describe, distribution, folds, gaps, importance, learning, parallel,
    regions, scatter, space,
};
use crate::registry::{Entry, find, ids};
use crate::view::View;

/// How one picture is drawn and told.
pub struct Draw {
    pub(super) paint: fn(&mut Pen, &View, &Focus, &mut Chart),
    pub(super) tell: fn(&View, &Focus) -> String,
    /// What lies under a pointer.
    pub(super) read: fn(&View, &Focus, &Readout) -> Option<String>,
}

/// The pictures there are.
pub static PLOTS: &[Entry<Draw>] = &[
    Entry {
        id: "space",
        title: "Where it looked",
        about: "The trials of one strategy over two parameters, with their projections on both margins: how many distinct values of each parameter were tried. Later ones are larger. With one parameter, its value goes up. Beneath, by choice, the objective itself, or the mean, uncertainty, acquisition or error of the strategy's own model; with an ellipse where it draws its points from a normal distribution.",
        formula: "",
        paper: "James Bergstra and Yoshua Bengio, Random Search for Hyper-Parameter Optimization, JMLR 13, 2012, figure 1",
        settings: &[],
        build: Draw {
            paint: space::draw,
            tell: describe::space,
            read: space::read,
        },
    },
    Entry {
        id: "best",
        title: "Best so far",
        about: "The best value of every strategy after each trial. Where the optimum is known, the distance from it on a logarithmic scale.",
        formula: "best(t) = min or max of value(1), …, value(t)",
        paper: "",
        settings: &[],
        build: Draw {
            paint: best::draw,
            tell: describe::best,
            read: best::read,
        },
    },
    Entry {
        id: "belief",
        title: "What it believes",
        about: "A strategy's own model along one parameter, through one configuration: mean and a band of two standard deviations, and beneath it the acquisition function, whose maximum is the next trial.",
        formula: "mean(x) ± 2 sd(x); argmax of acquisition(x)",
        paper: "Eric Brochu, Vlad M. Cora and Nando de Freitas, A Tutorial on Bayesian Optimization of Expensive Cost Functions, 2010, figure 1",
        settings: &[],
        build: Draw {
            paint: belief::draw,
            tell: describe::belief,
            read: belief::read,
        },
    },
    Entry {
        id: "parallel",
        title: "Parallel coordinates",
        about: "An axis for each parameter and one for the value, a line for each trial of one strategy, bright where it is good.",
        formula: "",
        paper: "Alfred Inselberg, The Plane with Parallel Coordinates, The Visual Computer 1, 1985",
        settings: &[],
        build: Draw {
            paint: parallel::draw,
            tell: parallel::tell,
            read: parallel::read,
        },
    },
    Entry {
        id: "importance",
        title: "What matters",
        about: "How much of the values' variance over the whole space each parameter explains by itself, by a forest fitted to the trials; the line is the spread over its trees. A parameter that plays no part in a trial counts as if it were in the middle of its range.",
        formula: "Vᵢ / V with Vᵢ = Var of E[y | xᵢ]",
        paper: "Hutter, Hoos & Leyton-Brown 2014, An Efficient Approach for Assessing Hyperparameter Importance",
        settings: &[],
        build: Draw {
            paint: importance::draw,
            tell: importance::tell,
            read: importance::read,
        },
    },
    Entry {
        id: "scatter",
        title: "One at a time",
        about: "Every parameter against the value, all trials of one strategy; early ones are pale.",
        formula: "",
        paper: "",
        settings: &[],
        build: Draw {
            paint: scatter::draw,
            tell: scatter::tell,
            read: scatter::read,
        },
    },
    Entry {
        id: "distribution",
        title: "Distribution",
        about: "For every strategy the share of its trials that are at least as good as a value: the empirical distribution function.",
        formula: "F(v) = share of trials with value ≤ v, or ≥ v where larger is better",
        paper: "",
        settings: &[],
        build: Draw {
            paint: distribution::draw,
            tell: distribution::tell,
            read: distribution::read,
        },
    },
    Entry {
        id: "folds",
        title: "Folds",
        about: "The folds of the best trials with their mean and its standard error. The band holds what is not worse than the best by more than its error; the green ring is the cheapest to train among those; a square is around what the strategy's model recommends, where that is another one than the best.",
        formula: "se = sd of the folds / √folds",
        paper: "Breiman, Friedman, Olshen & Stone 1984, Classification and Regression Trees, section 3.4.3: the 1 SE rule",
        settings: &[],
        build: Draw {
            paint: folds::draw,
            tell: folds::tell,
            read: folds::read,
        },
    },
    Entry {
        id: "gaps",
        title: "Overfitting",
        about: "Training and validation score of every trial, and the test score of each one that was the best when it came in: trained on all rows that trials see, scored on rows that no trial sees. The test is found out afterwards, and nothing is chosen by it. A gap between training and validation tells how much is learned by heart; one between validation and test, how much the choice of the best flattered it.",
        formula: "",
        paper: "",
        settings: &[],
        build: Draw {
            paint: gaps::draw,
            tell: gaps::tell,
            read: gaps::read,
        },
    },
    Entry {
        id: "learning",
        title: "Learning curve",
        about: "The log loss of the model of the best trial, or of the one chosen, after every epoch or iteration of its training on the first fold: on the rows it learns from, and on those held out. Where the second turns up while the first still falls, it learns by heart.",
        formula: "log loss = mean of -ln p(true class)",
        paper: "",
        settings: &[],
        build: Draw {
            paint: learning::draw,
            tell: learning::tell,
            read: learning::read,
        },
    },
    Entry {
        id: "confusion",
        title: "Confusion",
        about: "What the model of the best trial, or of the one chosen, takes each class for, on rows that no trial has seen: a row of cells for each class, a column for each decision. Off the diagonal are the mistakes.",
        formula: "",
        paper: "",
        settings: &[],
        build: Draw {
            paint: confusion::draw,
            tell: confusion::tell,
            read: confusion::read,
        },
    },
    Entry {
        id: "regions",
        title: "Decisions",
        about: "Where the model of the best trial, or of the one chosen, decides for which class: over both features where there are two, else over the plane through the mean along the first two principal components of the standardized features. Points are rows that no trial has seen, a ring marks a mistake; a row off the plane may be decided otherwise than what lies beneath it.",
        formula: "",
        paper: "Hastie, Tibshirani & Friedman 2009, The Elements of Statistical Learning, chapter 2",
        settings: &[],
        build: Draw {
            paint: regions::draw,
            tell: regions::tell,
            read: regions::read,
        },
    },
    Entry {
        id: "decisions",
        title: "Whose proposals",
        about: "A strategy that has others at hand: for each trial the one whose proposal was taken, a row each. A portfolio that draws by gains shows the chance that each had, and as dots the proposals not taken.",
        formula: "",
        paper: "Hoffman, Brochu & de Freitas 2011, Portfolio allocation for Bayesian optimization, UAI",
        settings: &[],
        build: Draw {
            paint: decisions::draw,
            tell: decisions::tell,
            read: decisions::read,
        },
    },
];

/// Whether the picture `kind` has something to draw of a strategy by its kind, whatever it has tried: only one that has others at hand
/// decides between them, and only trained models have decisions, and only those validated more than once have folds.
pub fn applies(kind: &str, view: &View, lane: usize) -> bool {
    match kind {
        "folds" => view.study.as_ref().is_none_or(|s| s.folds > 1),
        "gaps" | "confusion" | "regions" => view.study.as_ref().is_none_or(|s| !s.cheap),
        "decisions" => decisions::any(view, lane),
        "learning" => view.study.as_ref().is_some_and(|s| s.staged),
        _ => true,
    }
}

pub(super) fn entry(kind: &str) -> Result<&'static Entry<Draw>, String> {
    find(PLOTS, kind).ok_or_else(|| format!("there is no picture \"{kind}\"; accepted: {}", ids(PLOTS)))
}
