use super::*;
use crate::space::Value;
use crate::spec::StudyText;
use crate::trial::Origin;

fn study(text: &str) -> Study {
    let study = Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
    assert_eq!(study.prepared.refused, vec![], "{text}");
    study
}

fn lines(study: &mut Study, ahead: bool) -> Vec<String> {
    let mut lines = Vec::new();
    while !study.is_finished() {
        lines.extend(study.step(ahead).into_iter().map(|t| t.line));
    }
    lines
}

#[test]
fn evaluating_ahead_changes_no_byte_of_the_trace() {
    let text = "fn=branin&s=grid,random&n=12&seed=3";
    let (a, b) = (lines(&mut study(text), true), lines(&mut study(text), false));
    assert_eq!(a.len(), 24);
    assert_eq!(a, b);
}

#[test]
fn a_restored_study_goes_on_as_if_it_had_never_stopped() {
    let text = "fn=branin&s=random,grid(levels:3)&n=8&seed=5";
    let whole = lines(&mut study(text), true);
    for cut in [0, 1, 7, 16] {
        let mut second = study(text);
        let (trials, refused) = second.restore(whole[..cut].iter().map(|l| TrialLine::read(l)).collect(), None);
        assert_eq!((trials.len(), refused), (cut, vec![]));
        assert_eq!(lines(&mut second, true), whole[cut..]);
    }
}

#[test]
fn a_line_that_a_browser_has_read_is_restored_to_the_byte() {
    // These seeds put a runner-up and a nominee on the border of the range: written 0.0 and 1.0, read as 0 and 1 by a browser.
    for (text, part) in [
        ("fn=forrester&s=bayes&n=8&seed=4", "runners_up"),
        ("fn=forrester&s=portfolio&n=10&seed=3", "nominees"),
    ] {
        let whole = lines(&mut study(text), true);
        let read: Vec<String> = whole
            .iter()
            .map(|l| l.replace(":0.0}", ":0}").replace(":1.0}", ":1}"))
            .collect();
        let is_lost = |(a, b): (&String, &String)| {
            let tail = |line: &String| line.split(part).nth(1).map(str::to_string);
            tail(a) != tail(b)
        };
        assert!(read.iter().zip(&whole).any(is_lost), "nothing to lose in {text}");
        let mut second = study(text);
        let (trials, _) = second.restore(read.iter().map(|l| TrialLine::read(l)).collect(), None);
        let restored: Vec<String> = trials.into_iter().map(|t| t.line).collect();
        assert_eq!(restored, whole);
    }
}

#[test]
fn a_trial_that_killed_its_worker_is_failed_and_not_tried_again() {
    let mut s = study("fn=forrester&s=random&n=4&seed=5");
    let (trials, _) = s.restore(
        vec![],
        Some(Crashed {
            lane: 0,
            id: 0,
            config: None,
        }),
    );
    assert!(matches!(&trials[0].outcome, Outcome::Failed { failed } if failed.starts_with("crashed")));
    assert_eq!(lines(&mut s, true).len(), 3);
}

#[test]
fn a_persons_trial_that_killed_its_worker_is_theirs_and_failed() {
    let mut s = study("fn=branin&s=random&n=3");
    s.invite();
    let config = Config(vec![("x1".into(), Value::Float(1.5)), ("x2".into(), Value::Float(2.5))]);
    let crashed = Crashed {
        lane: 0,
        id: 0,
        config: Some(config.clone()),
    };
    let (trials, _) = s.restore(vec![], Some(crashed));
    assert_eq!(
        (&trials[0].job.config, &trials[0].job.origin),
        (&config, &Origin::Person)
    );
    assert!(trials[0].outcome.value().is_none() && !s.waits(), "the turn is over");
}

#[test]
fn what_is_refused_is_named_and_the_rest_counts() {
    for (text, what) in [
        ("fn=branin&n=0", "n=0"),
        ("fn=branin&n=100001", "n=100001"),
        ("fn=branin&n=abc", "n=abc"),
        ("fn=branin&p.zzz=1..2", "p.zzz=1..2"),
        ("fn=branin&p.x1=5..1", "p.x1=5..1"),
        ("fn=branin&s=random(a:1)", "s=random(a:1)"),
        (
            "fn=branin&s=random,bayes(acq:ei,acq:pi)",
            "s=random,bayes(acq:ei,acq:pi)",
        ),
        ("fn=branin&seed=-1", "seed=-1"),
        ("fn=branin(noise:x)", "fn=branin(noise:x)"),
        ("fn=branin&data=iris", "data"),
        ("fn=branin&cv=5", "cv=5"),
        ("fn=branin&split=0.2", "split=0.2"),
        ("preset=forrester&metric=logloss", "metric=logloss"),
        ("preset=race-iris&fn=branin&fidelity=rows", "fidelity=rows"),
    ] {
        let s = Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
        let whats: Vec<&str> = s.prepared.refused.iter().map(|r| r.what.as_str()).collect();
        assert_eq!(whats, [what], "{text}");
    }
}

#[test]
fn a_finite_space_ends_by_itself_and_says_why() {
    let mut s = study("fn=branin&p.x1=1|2&p.x2=1..3~step:1&s=random,grid&n=50");
    assert_eq!(s.prepared.configurations, Some(6));
    assert_eq!(lines(&mut s, true).len(), 12);
    assert!(s.lanes.iter().all(|l| l.finished.is_some()));
    assert_eq!(s.report(0).expect("a report").ties, 1);
}

#[test]
fn a_changed_box_may_leave_the_optimum_out() {
    assert!(study("fn=branin").prepared.optimum.is_some());
    assert_eq!(study("fn=branin&p.x1=4..9").prepared.optimum, None);
}

#[test]
fn every_preset_is_accepted_and_its_trials_carry_their_origin() {
    for preset in PRESETS {
        let mut s = study(&format!("preset={}&n=3", preset.id));
        for lane in &s.prepared.lanes.clone() {
            assert!(lane.trials <= 3);
        }
        let trials = s.step(false);
        assert!(
            !trials.is_empty() && !matches!(trials[0].job.origin, Origin::Person),
            "{}",
            preset.id
        );
    }
}

/// Parameter names, each with what it is active under.
fn searched(text: &str) -> Vec<String> {
    let space = study(text).prepared.space;
    let conditions = |p: &crate::space::Param| {
        p.when
            .iter()
            .map(|c| {
                let values: Vec<String> = c.values.iter().map(ToString::to_string).collect();
                format!(" if {}={}", c.parent, values.join("|"))
            })
            .collect::<String>()
    };
    space
        .params()
        .iter()
        .map(|p| format!("{}{}", p.name, conditions(p)))
        .collect()
}

#[test]
fn steps_and_a_model_are_one_space() {
    let small = "data=iris&s=random&n=3&p.n_estimators=10..20";
    assert_eq!(
        searched(&format!("{small}&prep=scale,polynomial,pca")),
        [
            "n_estimators",
            "scale.method",
            "polynomial.degree",
            "polynomial.interactions if polynomial.degree=2",
            "pca.components"
        ]
    );
    // Settings fix; what hangs on what is fixed is decided; domains given of a step are exactly what is searched of it.
    assert_eq!(
        searched(&format!("{small}&prep=scale(method:robust),polynomial(degree:2)")),
        ["n_estimators", "polynomial.interactions"]
    );
    assert_eq!(
        searched(&format!("{small}&prep=polynomial(degree:1)")),
        ["n_estimators"]
    );
    assert_eq!(
        searched(&format!(
            "{small}&prep=polynomial&p.polynomial.interactions={{true,false}}"
        )),
        ["n_estimators", "polynomial.interactions"]
    );
    assert_eq!(
        searched(&format!(
            "{small}&prep=polynomial&p.polynomial.interactions={{true,false}}&p.polynomial.degree=1..2"
        )),
        [
            "n_estimators",
            "polynomial.degree",
            "polynomial.interactions if polynomial.degree=2"
        ]
    );
    assert_eq!(searched(&format!("{small}&prep=none")), ["n_estimators"]);
    for wrong in [
        "prep=scale(method:odd)",
        "prep=scale,scale",
        "prep=magic",
        "prep=scale(colour:red)",
        "model=forest(n_estimators:0)",
        "prep=",
    ] {
        let s = Study::prepare(&format!("data=iris&s=random&n=2&{wrong}"), || 0.0).expect("a study");
        assert_eq!(s.prepared.refused[0].what, wrong);
    }
    for (wrong, word) in [
        ("prep=scale(method:none)&p.scale.method={robust}", "has fixed it"),
        ("prep=scale&p.scale.x=1..2", "scale.method"),
    ] {
        let s = Study::prepare(&format!("{small}&{wrong}"), || 0.0).expect("a study");
        assert!(s.prepared.refused[0].why.contains(word), "{:?}", s.prepared.refused);
    }
    let refused = Study::prepare(
        &format!("{small}&prep=polynomial(degree:1)&p.polynomial.interactions={{true,false}}"),
        || 0.0,
    );
    assert!(
        refused.err().expect("refused")[0]
            .why
            .contains("only where polynomial.degree is 2")
    );
    let mut s = study(&format!("{small}&prep=scale,select,polynomial,pca"));
    assert!(
        s.prepared
            .facts
            .iter()
            .any(|(name, value)| name == "Preparation" && value.starts_with("Scaling → Feature selection"))
    );
    let trials = lines(&mut s, true);
    assert!(
        trials.len() == 3 && trials.iter().all(|line| !line.contains("failed")),
        "{trials:?}"
    );
}

#[test]
fn several_models_are_one_conditional_space() {
    let text =
        "data=iris&model=knn,svm(kernel:rbf),naive_bayes&s=random,tpe&n=12&cv=3&seed=2&prep=scale(method:standard)";
    let names = searched(text);
    assert_eq!(names[0], "model");
    assert!(
        names[1..]
            .iter()
            .all(|n| n.contains(" if model=") && !n.contains("svm.kernel")),
        "{names:?}"
    );
    assert!(
        names.iter().any(|n| n.starts_with("svm.gamma if model=svm")),
        "{names:?}"
    );
    // Domains given of one model are exactly what is searched of it; the others stay whole.
    let given = searched(&format!("{text}&p.svm.C=0.1..10~log"));
    assert_eq!(
        given.iter().filter(|n| n.starts_with("svm.")).collect::<Vec<_>>(),
        ["svm.C if model=svm"]
    );
    assert_eq!(
        given.iter().filter(|n| n.starts_with("knn.")).count(),
        names.iter().filter(|n| n.starts_with("knn.")).count()
    );
    let mut s = study(text);
    let mut chosen = Vec::new();
    while !s.is_finished() {
        for trial in s.step(true) {
            let config = &trial.job.config;
            let model = config.get("model").expect("a model").to_string();
            assert!(trial.outcome.value().is_some(), "{}", trial.line);
            assert!(
                config
                    .0
                    .iter()
                    .all(|(name, _)| name == "model" || name.starts_with(&format!("{model}."))),
                "{config}"
            );
            chosen.push(model);
        }
    }
    chosen.sort();
    chosen.dedup();
    assert_eq!(chosen, ["knn", "naive_bayes", "svm"]);
    // The same configuration scores as it does where its model stands alone.
    let alone = lines(
        &mut study("data=iris&model=knn&p.n_neighbors==7&s=random&n=1&cv=3&seed=2"),
        true,
    );
    let joint = lines(
        &mut study("data=iris&model=svm,knn&p.knn.n_neighbors==7&s=random&n=9&cv=3&seed=2"),
        true,
    );
    let value = |line: &str| {
        line.split("\"value\":")
            .nth(1)
            .map(|rest| rest.split(',').next().unwrap_or("").to_string())
    };
    let of_knn: Vec<_> = joint
        .iter()
        .filter(|line| line.contains("\"model\":\"knn\""))
        .map(|line| value(line))
        .collect();
    assert!(
        !of_knn.is_empty() && of_knn.iter().all(|v| *v == value(&alone[0])),
        "{of_knn:?} {alone:?}"
    );
    // Fidelity is the share of the rows, the only one that they have in common.
    let s = Study::prepare(&format!("{text}&fidelity=model"), || 0.0).expect("a study");
    assert!(s.prepared.refused[0].why.contains("accepted: rows"));
    for wrong in [
        "model=knn,knn",
        "model=knn,oracle",
        "model=knn(n_neighbors:0),svm",
        "model=knn,",
    ] {
        let s = Study::prepare(&format!("data=iris&s=random&n=2&{wrong}"), || 0.0).expect("a study");
        assert_eq!(s.prepared.refused[0].what, wrong);
    }
}

#[test]
fn one_that_matters_is_found_by_random_points_rather_than_by_a_grid() {
    let mut random_wins = 0;
    for seed in 1..=20 {
        let mut s = study(&format!("preset=one-parameter-matters&reps=1&seed={seed}"));
        lines(&mut s, true);
        let best = |lane: usize| {
            let history = s.history(lane).expect("a lane");
            history
                .jobs()
                .iter()
                .map(|job| s.objective.truth(&job.config).expect("cheap"))
                .fold(f64::MAX, f64::min)
        };
        random_wins += u32::from(best(1) < best(0));
    }
    assert!(random_wins >= 12, "{random_wins} of 20");
}

#[test]
fn what_another_would_choose_is_what_it_does_choose_and_disturbs_nothing() {
    let run = |text: &str, asked: bool| {
        let mut study = Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{refused:?}"));
        let mut lines = Vec::new();
        while !study.is_finished() {
            if asked {
                let _ = study.what_if(0, None, "bayes(acq:pi)");
            }
            lines.extend(study.step(false));
        }
        (study, lines)
    };
    let text = "fn=branin&s=bayes&n=9&seed=5";
    let (study, plain) = run(text, false);
    let (_, asked) = run(text, true);
    assert_eq!(plain, asked);
    // The strategy itself, asked in place of its own trial, chooses that trial's point.
    let same = study.what_if(0, Some(7), "bayes");
    assert_eq!(same.answer.as_ref(), Ok(&plain[7].job));
    let refused = |trial, call: &str| study.what_if(0, trial, call).answer.err().unwrap_or_default();
    assert!(refused(Some(99), "bayes").contains("99"));
    assert!(refused(None, "zzz").contains("zzz"));
    // An answer says which question it belongs to, also where it is a refusal.
    let unfit = study.what_if(0, Some(7), "pbt");
    assert_eq!((unfit.trial, unfit.asked.as_str()), (Some(7), "pbt"));
    assert_eq!(unfit.answer.err().as_deref(), study.prepared().unfit("pbt"));
}

#[test]
fn which_strategies_cannot_run_is_known_before_and_the_text_names_those_that_do() {
    for (text, out) in [
        ("fn=branin", &["pbt", "folds"][..]),
        ("fn=branin&p.x1=1|2|3", &["gradient", "pbt", "folds"]),
        ("data=iris&model=mlp", &["gradient", "pbt"]),
        (
            "data=iris&model=mlp&p.learning_rate=1e-4..0.1~log&cv=hold:0.2",
            &["gradient", "folds"],
        ),
        ("data=iris&model=logistic&metric=logloss&p.C=1e-3..100~log", &["pbt"]),
    ] {
        let known = study(&format!("{text}&s=random&n=2")).prepared.unfit.clone();
        let ids: Vec<&str> = known.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(ids, out, "{text}: {known:?}");
        // What is said of them is what is said when they are chosen all the same.
        for id in ["gradient", "pbt", "folds", "auto", "median", "hyperband", "grid"] {
            let text = format!("{text}&s=random,{id}&n=2");
            let s = Study::prepare(&text, || 0.0).unwrap_or_else(|refused| panic!("{refused:?}"));
            let refused = s.prepared.refused.first();
            let why = s.prepared.unfit(id);
            assert_eq!(refused.map(|r| r.what.as_str()), why.map(|_| id), "{text}");
            // A descent may lack more than one thing, of which each time one is named.
            if id != "gradient" {
                assert_eq!(refused.map(|r| r.why.as_str()), why, "{text}");
            }
            let named = if why.is_some() {
                "random".to_string()
            } else {
                format!("random,{id}")
            };
            assert_eq!(
                StudyText::parse(&s.prepared.text).0.get("s"),
                Some(named.as_str()),
                "{text}"
            );
        }
    }
}

#[test]
fn every_strategy_says_what_it_needs() {
    let space = study("fn=branin&s=random&n=2").objective.space().clone();
    for entry in crate::strategy::STRATEGIES {
        let settings = crate::registry::Settings::defaults(entry.settings);
        let plan = crate::strategy::Plan::new(crate::seed::Seed(1), 10);
        let built = (entry.build)(&space, &settings, &plan).unwrap_or_else(|why| panic!("{why}"));
        let listed = crate::strategy::NEEDS.iter().find(|(id, _)| *id == entry.id);
        assert_eq!(listed.map(|n| n.1).unwrap_or_default(), built.need(), "{}", entry.id);
    }
}

#[test]
fn a_slice_says_which_positions_are_forbidden_and_passes_through_the_runners_up() {
    let mut s = study("fn=branin&s=bayes&n=9&p.x1=0..5&p.x2=0.1..10~log&where=x1%2Bx2<=4");
    lines(&mut s, false);
    let slice = s.believe(0, Some(8), "x1", None).expect("a slice");
    let x2 = slice.through.number("x2").expect("a number");
    let x1 = &s.prepared.space.params()[0].domain;
    for (i, u) in slice.us.iter().enumerate() {
        let at = x1.at_unit(*u).number().expect("a number");
        assert_eq!(slice.is_forbidden(i), at + x2 > 4.0, "{at} + {x2}");
    }
    // On a map such cells have no belief.
    let map = s.map(0, None, ("x1", "x2"), None, 20).expect("a map");
    let corner = map.grid.len() - 1;
    assert!(map.values[corner].is_nan() && map.values[0].is_finite());
    let mut s = study("preset=forrester&s=bayes&n=10&reps=1");
    lines(&mut s, false);
    let slice = s.believe(0, Some(9), "x", None).expect("a slice");
    assert!(slice.forbidden.is_empty());
    let job = s.history(0).expect("a lane").jobs()[9].clone();
    let crate::trial::Origin::Model(m) = &job.origin else {
        panic!("{:?}", job.origin)
    };
    let crate::mind::Mind::Posterior(p) = &slice.mind else {
        panic!("no posterior")
    };
    let mut peaks: Vec<(&Config, f64)> = m.runners_up.iter().map(|r| (&r.config, r.value)).collect();
    assert!(!peaks.is_empty());
    peaks.push((&job.config, m.value));
    for (config, value) in peaks {
        let u = s.prepared.space.params()[0].domain.to_unit(config.get("x").expect("x"));
        let i = slice
            .us
            .iter()
            .position(|w| *w == u)
            .unwrap_or_else(|| panic!("{config} is no position"));
        assert!(
            (p.acquisition[i] - value).abs() <= 1e-9 * value.abs(),
            "{config}: {} {value}",
            p.acquisition[i]
        );
    }
}

#[test]
fn who_goes_on_from_a_trial_finds_the_point_that_was_shown() {
    let prepare = |s: &str| {
        let text = format!("fn=branin&s={s}&n=9&seed=5");
        Study::prepare(&text, || 0.0).unwrap_or_else(|refused| panic!("{refused:?}"))
    };
    let mut study = prepare("random,bayes");
    let mut trials = Vec::new();
    while !study.is_finished() {
        trials.extend(study.step(false));
    }
    for call in ["bayes(acq:ucb,kappa:3)", "tpe", "de", "bayes(acq:logei)"] {
        let shown = study.what_if(1, Some(7), call);
        let mut fork = prepare(call);
        assert_eq!(shown.call, fork.prepared().lanes[0].label);
        let own = trials.iter().filter(|t| t.lane == 1 && t.job.id < 7);
        let line = |t: &Trial| {
            let renamed = t
                .line
                .replace("\"strategy\":\"bayes\"", &format!("\"strategy\":\"{}\"", shown.call));
            serde_json::from_str(&renamed).map_err(|e| e.to_string())
        };
        let (taken, refused) = fork.restore(own.map(line).collect(), None);
        assert_eq!((taken.len(), refused), (7, vec![]), "{call}");
        assert_eq!(Ok(&fork.step(false)[0].job), shown.answer.as_ref(), "{call}");
    }
}

#[test]
fn decisions_are_those_of_the_model_that_is_tested() {
    for text in [
        "data=iris&model=tree&metric=accuracy&s=random&n=3",
        "data=moons(n:80)&model=knn&metric=accuracy&s=random&n=3",
        "data=penguins&model=forest&metric=accuracy&s=random&n=2",
        "data=iris&model=mlp&metric=accuracy&s=halving&n=2",
    ] {
        let mut study = Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{refused:?}"));
        while !study.is_finished() {
            study.step(false);
        }
        let judged = study
            .judge(0, None, false)
            .unwrap_or_else(|why| panic!("{text}: {why}"));
        let test = study
            .report(0)
            .and_then(|r| r.test)
            .unwrap_or_else(|| panic!("{text}: no test"));
        assert!(
            !judged.curve && judged.learning.is_none(),
            "{text}: nobody asked for a curve"
        );
        let n = judged.classes.len();
        let right: u32 = (0..n).map(|k| judged.counts[k * n + k]).sum();
        let all: u32 = judged.counts.iter().sum();
        assert_eq!((all, judged.held_out), (test.3, true), "{text}");
        assert!((f64::from(right) / f64::from(all) - test.0).abs() < 1e-12, "{text}");
        let regions = &judged.regions;
        assert_eq!(regions.cells.len(), regions.columns * regions.columns);
        assert!(regions.cells.iter().all(|c| (*c as usize) < n));
        // A model that learned anything decides for more than one class somewhere.
        let first = regions.cells[0];
        assert!(regions.cells.iter().any(|c| *c != first), "{text}");
        assert_eq!(
            regions.names[0].contains("component"),
            !text.contains("moons"),
            "{text}"
        );
    }
    let study = Study::prepare("fn=branin&s=random&n=2", || 0.0).unwrap_or_else(|refused| panic!("{refused:?}"));
    assert!(
        study
            .judge(0, None, true)
            .is_err_and(|why| why.contains("no such trial"))
    );
}

#[test]
fn a_learning_curve_ends_where_the_trial_on_its_first_fold_does() {
    for (text, unit, stages) in [
        ("data=iris&model=mlp(epochs:12)&prep=scale&s=random&n=3", "epoch", 12),
        (
            "data=moons(n:80)&model=boosting(max_iter:90)&s=random&n=2",
            "iteration",
            60,
        ),
        ("data=iris&model=mlp,boosting&s=random&n=2", "", 0),
        (
            "data=iris&model=mlp(epochs:9)&p.learning_rate=0.001..0.1~log&s=pbt(population:4)&n=12",
            "epoch",
            9,
        ),
        ("data=iris&model=knn&s=random&n=2", "", 0),
    ] {
        let text = format!("{text}&metric=logloss");
        let mut study = Study::prepare(&text, || 0.0).unwrap_or_else(|refused| panic!("{refused:?}"));
        assert_eq!(study.prepared.refused, [], "{text}");
        assert_eq!(study.prepared.staged, !text.contains("knn"), "{text}");
        while !study.is_finished() {
            study.step(false);
        }
        let jobs = study.lanes[0].history.jobs().to_vec();
        let mut falls = false;
        for job in jobs.iter().filter(|job| job.fidelity >= 1.0) {
            let judged = study
                .judge(0, Some(job.id), true)
                .unwrap_or_else(|why| panic!("{text}: {why}"));
            let Some(learning) = judged.learning else {
                assert!(text.contains("knn"), "{text}");
                continue;
            };
            if stages > 0 {
                assert_eq!((&learning.unit[..], learning.stages.len()), (unit, stages), "{text}");
            }
            let outcome = study.lanes[0].history.outcome(job.id);
            let Some(Outcome::Value(score)) = outcome else {
                panic!("{text}: {outcome:?}")
            };
            let end = learning.stages.last().map(|s| s.2);
            assert_eq!(end, Some(score.folds[0]), "{text}: trial {}", job.id);
            let (first, last) = (learning.stages[0], learning.stages[learning.stages.len() - 1]);
            falls |= last.1 < first.1;
        }
        assert_eq!(falls, !text.contains("knn"), "{text}");
    }
}

#[test]
fn a_point_of_ones_own_is_a_trial_that_is_learned_from() {
    let mut study =
        Study::prepare("fn=branin&s=bayes&n=8&seed=5", || 0.0).unwrap_or_else(|refused| panic!("{refused:?}"));
    for _ in 0..4 {
        study.step(false);
    }
    let space = study.prepared().space.clone();
    let config = space.at_unit(&[0.5428, 0.1517]);
    let trial = study.attempt(0, &config).unwrap_or_else(|why| panic!("{why}"));
    assert_eq!((trial.job.id, &trial.job.origin), (4, &Origin::Person));
    let lines: Vec<String> = vec![trial.line.clone()];
    assert!(lines[0].contains("person"));
    while !study.is_finished() {
        study.step(false);
    }
    assert_eq!(study.history(0).map(|h| h.next_id()), Some(8));
    assert!(study.attempt(0, &config).is_err(), "nothing is left to spend");
    let outside = Config(vec![
        ("x1".into(), Value::Float(99.0)),
        ("x2".into(), Value::Float(0.0)),
    ]);
    let refused = study.attempt(0, &outside).err().unwrap_or_default();
    assert!(refused.contains("x1"), "{refused}");
}

#[test]
fn what_goes_on_is_told_before_and_after_a_run() {
    use crate::protocol::Event;
    use crate::view::{View, story::story};
    let told = |text: &str| {
        let mut s = study(text);
        let mut view = View::new(1);
        assert_eq!(story(&view), None);
        view.fold(Event::Prepared {
            run: 1,
            study: Box::new(s.prepared().clone()),
        });
        let before = story(&view).unwrap_or_default();
        while !s.is_finished() {
            let trials = s.step(true);
            view.fold(Event::Trials { run: 1, trials });
        }
        (before, story(&view).unwrap_or_default(), view)
    };
    let (before, after, view) = told("data=iris&model=tree&p.max_depth=1..4&s=random,grid&n=3&seed=1");
    assert!(
        before.starts_with("2 strategies look for the settings with which Decision tree predicts Iris best."),
        "{before}"
    );
    let (leader, n) = (view.leader().unwrap_or_default(), view.order.len());
    let title = &view.lanes[leader].lane.title;
    assert!(
        after.starts_with(&format!(
            "{title} leads after {n} trials: its best cross-validated accuracy is 0.9"
        )),
        "{after}"
    );
    let (before, ..) = told("data=wine&model=tree,knn&s=random&n=2");
    assert!(
        before.contains("looks for the settings with which Decision tree or k nearest neighbours predicts Wine best"),
        "{before}"
    );
    let (before, after, _) = told("fn=branin&s=random&n=3");
    assert!(
        before.contains("looks for the lowest point of Branin (2-D), by its value at up to 3 points"),
        "{before}"
    );
    assert!(after.starts_with("The best branin value after 3 trials is "), "{after}");
}

#[test]
fn of_an_edit_only_what_it_makes_wrong_is_named_with_what_is_accepted() {
    let base = "data=iris&model=forest(n_estimators:5)&cv=3&n=4&s=grid";
    let refusals = |edit: &str| -> Vec<(String, String)> {
        let refused = Study::refusals(&format!("{base}&{edit}"), base, None, || 0.0);
        refused.into_iter().map(|r| (r.what, r.why)).collect()
    };
    assert_eq!(refusals("p.max_depth=1..6"), vec![]);
    let [(what, why)] = &refusals("p.max_depth=abc")[..] else {
        panic!("one refusal")
    };
    assert_eq!(what, "p.max_depth=abc");
    assert!(why.contains("abc") && why.contains("accepted: "), "{why}");
    // What the text in force has wrong already is no matter of the edit.
    let wrong = "data=iris&model=forest&cv=xyz&metric=zzz&n=4&s=grid";
    let of = |text: &str| Study::refusals(text, wrong, None, || 0.0);
    assert_eq!(of(&wrong.replace("n=4", "n=5")), vec![]);
    let named: Vec<String> = of(&wrong.replace("cv=xyz", "cv=0"))
        .into_iter()
        .map(|r| r.what)
        .collect();
    assert_eq!(named, ["cv=0"]);
    // Where no study is in force at all, too.
    let none = "fn=branin&s=random&p.x1=5..1&p.x2=zzz(";
    let mended = Study::refusals("fn=branin&s=random&p.x1=1..5&p.x2=zzz(", none, None, || 0.0);
    assert_eq!(mended, vec![]);
}

/// What is refused of a text, each with why.
fn refusals(text: &str) -> Vec<(String, String)> {
    let refused = match Study::prepare(text, || 0.0) {
        Ok(s) => s.prepared.refused,
        Err(refused) => refused,
    };
    refused.into_iter().map(|r| (r.what, r.why)).collect()
}

#[test]
fn whatever_a_model_takes_can_be_searched() {
    for text in [
        "model=forest(n_estimators:3)&p.class_weight={none,balanced}",
        "model=extra(n_estimators:3)&p.class_weight={none,balanced}",
        "model=tree&p.class_weight={none,balanced}&p.splitter={best,random}",
        "model=boosting(max_iter:3)&p.early_stopping={true,false}&p.max_depth=none|3|5&p.max_bins=16..255&p.validation_fraction=0.1..0.3",
        "model=svm&p.probability==false&p.coef0=0..1&p.class_weight={none,balanced}",
        "model=forest(n_estimators:3),svm&p.forest.class_weight={none,balanced}&p.svm.probability={true,false}",
    ] {
        let mut s = study(&format!("data=iris&cv=2&s=random&n=3&{text}"));
        let trials = lines(&mut s, true);
        assert!(trials.iter().all(|line| !line.contains("failed")), "{trials:?}");
    }
    for (text, why) in [
        (
            "p.class_weight={none,heavy}",
            "cannot be heavy; accepted: none, balanced",
        ),
        ("p.colour={red,blue}", "bootstrap, class_weight"),
    ] {
        let refused = refusals(&format!("data=iris&model=forest&s=random&n=2&{text}"));
        assert!(
            refused.len() == 1 && refused[0].0 == text && refused[0].1.ends_with(why),
            "{refused:?}"
        );
    }
}

#[test]
fn the_catalog_names_what_models_take_further_and_where_functions_are_smallest() {
    let catalog = super::catalog();
    for model in &catalog.models {
        assert!(
            model.further.iter().all(|(_, accepted)| !accepted.is_empty()),
            "{model:?}"
        );
    }
    let of = |id: &str, name: &str| {
        let model = catalog.models.iter().find(|m| m.id == id).expect("a model");
        model
            .further
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, accepted)| accepted.clone())
    };
    assert_eq!(of("forest", "class_weight").as_deref(), Some("none, balanced"));
    assert_eq!(
        of("boosting", "max_depth").as_deref(),
        Some("none or a whole number from 1")
    );
    assert!(of("svm", "coef0").is_some() && of("svm", "C").is_none());
    for (entry, function) in catalog.functions.iter().zip(crate::objective::function::FUNCTIONS) {
        let optimum = entry.optimum.as_ref().expect("an optimum");
        let params = function
            .build
            .params(&crate::registry::Settings::defaults(function.settings));
        let space = crate::space::Space::new(params, Vec::new()).expect("a space");
        assert!(
            optimum.at.iter().all(|at| space.check(at).as_ref() == Ok(at)),
            "{optimum:?}"
        );
        assert_eq!(study(&format!("fn={}", entry.id)).prepared.optimum, Some(optimum.value));
    }
}

#[test]
fn whole_ends_are_of_all_numbers_where_the_parameter_takes_them() {
    for (text, domains) in [
        ("model=logistic&p.C=1..5", vec!["1.0..5.0"]),
        ("model=logistic&p.C=1..5~log", vec!["1.0..5.0~log"]),
        ("model=logistic&p.C=1|5", vec!["1|5"]),
        ("model=svm&p.coef0=0..1", vec!["0.0..1.0"]),
        (
            "model=tree&p.min_samples_split=2..30&p.max_depth=1..9",
            vec!["2..30", "1..9"],
        ),
        (
            "model=knn&prep=pca&p.n_neighbors=1..5&p.pca.components=1..3",
            vec!["1..5", "1..3"],
        ),
        (
            "fn=branin&p.x1=-5..10&p.x2=0..4~step:2",
            vec!["-5.0..10.0", "0.0..4.0~step:2"],
        ),
        ("fn=mixed&p.units=1..3", vec!["{bowl,wave}", "1..3"]),
    ] {
        let s = study(&format!("{text}&s=random&n=2"));
        let found: Vec<String> = s.prepared.space.params().iter().map(|p| p.domain.to_string()).collect();
        assert_eq!(found[..domains.len()], domains[..], "{text}");
    }
    let why = &refusals("model=logistic&p.C=0..1~log&s=random")[0].1;
    assert!(why.contains("a positive low end"), "{why}");
}

#[test]
fn a_share_of_the_rows_is_searched_for_a_share_of_the_neighbours() {
    for text in [
        "model=knn&p.n_neighbors=20..30",
        "model=knn(n_neighbors:30),naive_bayes",
        "model=knn&prep=scale&fidelity=rows",
    ] {
        let trials = lines(&mut study(&format!("data=iris&{text}&s=hyperband&n=9")), true);
        assert!(trials.iter().any(|line| line.contains("\"fidelity\":0.")), "{trials:?}");
        assert!(trials.iter().all(|line| !line.contains("failed")), "{trials:?}");
    }
    // What all rows are too few for is too much for a share of them, too.
    let trials = lines(
        &mut study("data=iris&model=knn(n_neighbors:97),tree&s=hyperband&n=9"),
        true,
    );
    let knn = trials.iter().filter(|line| line.contains("\"model\":\"knn\""));
    assert!(
        knn.clone().count() > 1 && knn.clone().all(|line| line.contains("accepted: up to 96")),
        "{trials:?}"
    );
}

#[test]
fn a_refusal_is_of_the_word_that_is_to_blame() {
    for (text, what, why) in [
        (
            "model=knn&cv=loo&metric=auc",
            "cv=loo",
            "fold 1 holds one class only, and ROC AUC needs 2; accepted: stratified folds",
        ),
        (
            "model=knn&cv=60~plain&metric=auc",
            "cv=60~plain",
            "holds one class only",
        ),
        (
            "model=knn&split=0.2~grouped",
            "split=0.2~grouped",
            "the data have no groups",
        ),
        ("model=knn&cv=5~grouped", "cv=5~grouped", "the data have no groups"),
        (
            "prep=pca(components:20)",
            "prep=pca(components:20)",
            "cannot be 20 of 4 features; accepted: up to 4",
        ),
        (
            "prep=scale,pca(components:20)",
            "prep=scale,pca(components:20)",
            "cannot be 20 of 4 features",
        ),
        (
            "prep=pca&p.pca.components==20",
            "p.pca.components==20",
            "cannot be 20 of 4 features",
        ),
        (
            "prep=pca&p.pca.components=20|30",
            "p.pca.components=20|30",
            "cannot be 20 of 4 features",
        ),
        (
            "model=logistic&s=gradient&metric=accuracy",
            "gradient",
            "accepted: metric=logloss; and ",
        ),
    ] {
        let strategy = if text.contains("s=gradient") { "" } else { "&s=random" };
        let refused = refusals(&format!("data=iris&n=2&{text}{strategy}"));
        assert_eq!(
            refused.iter().map(|(what, _)| what.as_str()).collect::<Vec<_>>(),
            [what]
        );
        assert!(refused[0].1.contains(why), "{refused:?}");
    }
    // Nothing that was put in place of another word is anybody's mistake, and one fold is no advice.
    let refused = refusals("data=iris&model=tree&split=0.99&s=random&n=2");
    assert!(refused.len() == 1 && refused[0].0 == "cv=5", "{refused:?}");
    assert!(!refused[0].1.contains("at most 1"), "{refused:?}");
}

#[test]
fn a_test_of_one_class_says_so() {
    let mut s = study("data=iris&model=tree&p.max_depth=1..3&split=0.005&metric=auc&s=random&n=1");
    lines(&mut s, true);
    let why = s.report(0).and_then(|r| r.test_failed).expect("a reason");
    assert!(
        why.contains("the 1 rows held out are of one class only, and ROC AUC needs 2"),
        "{why}"
    );
}

#[test]
fn a_domain_that_a_function_cannot_take_is_refused_by_name_and_leaves_the_rest() {
    let study = Study::prepare("fn=branin&p.x2={a,b}&p.x1=0..5&s=random&n=2", || 0.0).expect("a study");
    let prepared = study.prepared();
    let [refused] = &prepared.refused[..] else {
        panic!("one refusal, not {:?}", prepared.refused)
    };
    assert_eq!(
        (refused.what.as_str(), refused.why.as_str()),
        ("p.x2={a,b}", "x2 of branin takes numbers only")
    );
    let domains: Vec<String> = prepared.space.params().iter().map(|p| p.domain.to_string()).collect();
    assert_eq!(domains, ["0.0..5.0", "0.0..15.0"]);
}

#[test]
fn a_study_says_what_its_table_is_and_the_catalog_what_is_chosen() {
    let of = |text: &str| Study::prepare(text, || 0.0).expect("a study").prepared().clone();
    let penguins = of("data=penguins&model=knn&s=random&n=1");
    let table = penguins.table.expect("a table");
    let classes: Vec<u32> = table.classes.iter().map(|c| c.1).collect();
    assert_eq!((table.rows, classes.len(), penguins.raw), (344, 3, true));
    assert_eq!(classes.iter().sum::<u32>(), table.rows);
    let iris = of("data=iris&model=knn&s=random&n=1");
    assert_eq!((iris.table.map(|t| t.features), iris.raw), (Some(4), false));
    let branin = of("fn=branin&s=random&n=1");
    assert_eq!((branin.table, branin.raw), (None, false));

    let catalog = super::catalog();
    let mlp = catalog.models.iter().find(|e| e.id == "mlp").expect("a network");
    let values = || mlp.params.iter().zip(&mlp.defaults);
    assert!(values().any(|((name, _), value)| name == "epochs" && value == "60"));
    assert_eq!(mlp.params.len(), mlp.defaults.len());
}

#[test]
fn every_model_and_step_can_be_taken_away_as_code() {
    use crate::spec::StudyText;
    use crate::view::code::scikit_learn;
    let code = |text: &str| scikit_learn(&StudyText::parse(text).0, false, &Config::default());
    for entry in crate::model::MODELS {
        let code = code(&format!("data=iris&model={}", entry.id));
        assert!(code.is_some_and(|c| c.contains("model = ")), "{}", entry.id);
    }
    for entry in crate::model::STEPS {
        let code = code(&format!("data=iris&model=knn&prep={}", entry.id));
        assert!(code.is_some_and(|c| c.contains("make_pipeline(")), "{}", entry.id);
    }
}
