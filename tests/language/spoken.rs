//! What strategies say of their trials, and pictures of what they show, in real runs.

use super::lookup::Names;
use std::cell::RefCell;
use std::collections::BTreeSet;
use tunescape::plot::{self, Focus, Frame, PLOTS, Theme};
use tunescape::protocol::Event;
use tunescape::space::{Domain, Space};
use tunescape::study::Study;
use tunescape::view::{Layer, View, story::story, why};

/// Studies in which, together, every strategy works, each on more than one kind of space.
const STUDIES: &[&str] = &[
    "fn=branin&s=grid,random,sobol,halton,lhs,bayes&n=12",
    "fn=branin&s=bayes(acq:ei),bayes(acq:pi),bayes(acq:ucb),bayes(acq:thompson),bayes(acq:mes),bayes(acq:kg)&n=8",
    "fn=branin&s=turbo,smac,tpe,cmaes,de,evolution&n=45",
    "fn=branin&s=annealing,nelder_mead,gradient,portfolio,portfolio(choose:bandit),auto&n=40",
    "fn=mixed&s=bayes,smac,tpe,cmaes,de,nelder_mead&n=24",
    "fn=mixed&s=annealing,evolution,turbo,auto,de(variant:rand),random&n=24",
    "fn=branin&s=halving,asha,hyperband,bohb,dehb,median&n=14",
    "fn=branin&s=gradient(method:adam),cmaes(restarts:ipop),bayes(hyper:slice),bayes(repeats:2),nelder_mead,annealing&n=70",
    "fn=branin(noise:3)&s=bayes,auto,bayes(repeats:3)&n=20",
    "fn=ackley(d:9)&s=auto,turbo,smac&n=24",
    "fn=rastrigin&s=gradient(steps:2),gradient,cmaes&n=60",
    "fn=branin&prior.x1=normal(0.4,0.1)&s=bayes,tpe,random&n=14",
    "fn=branin&s=random,bayes,random&n=30&stop=stagnation(trials:4)",
    "fn=branin&s=random,bayes&n=30&stop=cost(limit:5)",
    "fn=forrester&s=bayes,random&n=25&stop=regret",
    "data=iris&model=tree&p.max_depth=1..3&s=grid,random,tpe,bayes,smac,auto&n=8",
    "data=iris&model=tree&p.max_depth=1..3&s=hyperband,asha,evolution,de,annealing,turbo&n=9",
    "data=iris&model=mlp(epochs:4)&p.learning_rate=1e-4..1e-1~log&p.units=2..6&s=pbt,folds,bohb,median,auto&n=8",
    "data=wine&model=forest(n_estimators:4)&p.max_depth=1..6&p.min_samples_leaf=1..9&s=bayes(acq:eips),folds,smac&n=8&metric=accuracy",
    "data=iris&model=forest(n_estimators:3),tree,knn&s=auto,random&n=8&metric=f1&cv=3x2",
    "data=wine&prep=scale,pca&model=knn&s=random&n=3&cv=hold:0.3",
    "data=wine&model=logistic&s=gradient,random&n=4&metric=logloss&cv=5~plain",
    "data=moons(n:60)&model=boosting(max_iter:5)&s=random&n=3&cv=loo&split=0",
    "data=cancer&model=naive_bayes&s=random&n=3&cv=2",
    "data=penguins&model=tree&s=random&n=3",
    "data=hypercube(n:200)&model=tree&s=bayes&n=4",
];

/// A text and where it was heard.
pub struct Said {
    pub place: String,
    pub text: String,
}

/// The names in a space and in the labels beside it.
pub fn names_of(space: &Space, names: &mut Names) {
    for param in space.params() {
        names.add(&param.name);
        if let Domain::Ordinal(values) | Domain::Categorical(values) = &param.domain {
            values.iter().for_each(|v| names.add(&v.to_string()));
        }
        names.add(&param.domain.to_string());
    }
}

/// Texts of a picture, drawn and told, as it asks for their words.
pub fn picture(kind: &str, view: &View, focus: &Focus) -> Vec<String> {
    let frame = Frame {
        width: 900,
        height: 500,
        scale: 1.0,
        theme: Theme::Light,
    };
    plot::text::speak(|text| {
        HEARD.with_borrow_mut(|heard| heard.push(text.to_string()));
        // What was said once is not asked for again.
        text.replace(|c: char| c.is_ascii_alphabetic(), "说")
    });
    plot::svg(kind, view, focus, &frame).expect("a picture");
    HEARD.take()
}

thread_local! {
    static HEARD: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

/// Everything that is said in the studies, each text once.
pub fn all(names: &mut Names) -> Vec<Said> {
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    for study in STUDIES {
        let mut say = |of: &str, text: String| {
            if seen.insert(text.clone()) {
                let place = format!("{study}, {of}");
                out.push(Said { place, text });
            }
        };
        hear(study, names, &mut say);
    }
    out
}

fn hear(text: &str, names: &mut Names, say: &mut impl FnMut(&str, String)) {
    let mut study = Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
    let mut view = View::new(0);
    let prepared = study.prepared().clone();
    names_of(&prepared.space, names);
    say("value", prepared.value_title.clone());
    for (name, value) in &prepared.facts {
        say("fact", name.clone());
        if name != "Formula" {
            say(name, value.clone());
        }
    }
    for lane in &prepared.lanes {
        names.add(&lane.label);
        say("strategy", lane.title.clone());
    }
    view.fold(Event::Prepared {
        run: 0,
        study: Box::new(prepared.clone()),
    });
    pictures(&mut study, &mut view, "before the run", say);
    while !study.is_finished() {
        let trials = study.step(false);
        for trial in &trials {
            say("short", why::short(&trial.job.origin));
            say("sentence", why::sentence(&trial.job.origin));
            if let tunescape::trial::Outcome::Failed { failed } = &trial.outcome {
                say("failure", failed.clone());
            }
        }
        view.fold(Event::Trials { run: 0, trials });
    }
    for lane in 0..prepared.lanes.len() {
        if let Some(report) = study.report(lane) {
            report.finished.iter().for_each(|why| say("end", why.clone()));
            view.fold(Event::Report {
                run: 0,
                report: Box::new(report),
            });
        }
    }
    pictures(&mut study, &mut view, "after the run", say);
}

/// Every picture of every strategy, with all that the page asks for beside.
fn pictures(study: &mut Study, view: &mut View, when: &str, say: &mut impl FnMut(&str, String)) {
    let (x, y) = plot::default_axes(view);
    story(view).into_iter().for_each(|text| say("story", text));
    for lane in 0..view.lanes.len() {
        if let Ok(slice) = study.believe(lane, None, &x, None) {
            slice.mind.words().into_iter().for_each(|why| say("mind", why));
            let slice = Box::new(slice);
            view.fold(Event::Belief { run: 0, slice });
        }
        if let Ok(importance) = study.importance(lane, None) {
            view.fold(Event::Importance { run: 0, importance });
        }
        if let Ok(judged) = study.judge(lane, None, true) {
            let judged = Box::new(judged);
            view.fold(Event::Judged { run: 0, judged });
        }
        let map = y.as_ref().and_then(|y| study.map(lane, None, (&x, y), None, 8).ok());
        if let Some(map) = map {
            let map = Box::new(map);
            view.fold(Event::Map { run: 0, map });
        }
        for kind in PLOTS
            .iter()
            .map(|p| p.id)
            .filter(|kind| plot::applies(kind, view, lane))
        {
            let layers: &[Layer] = if kind == "space" {
                &[Layer::Plain, Layer::Mean, Layer::Sd, Layer::Acquisition]
            } else {
                &[Layer::Plain]
            };
            for layer in layers {
                let focus = Focus {
                    lane,
                    x: x.clone(),
                    y: y.clone(),
                    layer: *layer,
                    samples: true,
                    ..Focus::default()
                };
                for text in picture(kind, view, &focus) {
                    say(&format!("{kind} of {} {when}", view.lanes[lane].lane.id), text);
                }
            }
        }
    }
}
