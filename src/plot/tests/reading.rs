//! What a pointer reads, against what is drawn there.

use crate::mind::Mind;
use crate::plot::examples::{Example, all, example, make};
use crate::plot::{Chart, Focus, Frame, PLOTS, SVG_FINE, Theme, applies, brushed, describe, draw, finite, read, svg};
use crate::protocol::{Event, Grid, Map, Plane};
use crate::view::Layer;
use plotters::prelude::SVGBackend;

const SIZE: (u32, u32) = (720, 420);

fn frame() -> Frame {
    Frame {
        width: SIZE.0,
        height: SIZE.1,
        scale: 1.0,
        theme: Theme::Light,
    }
}

fn chart(kind: &str, example: &Example) -> Chart {
    let mut drawn = String::new();
    let backend = SVGBackend::with_string(&mut drawn, SIZE);
    draw(kind, backend, &example.view, &example.focus, &frame()).expect("a picture")
}

/// What is read at a pixel.
fn words(kind: &str, example: &Example, chart: &Chart, (x, y): (f64, f64)) -> String {
    let at = chart.data_at(x, y).expect("inside a panel");
    read(kind, &example.view, &example.focus, &at).expect("words")
}

#[test]
fn a_pointer_reads_something_true_to_itself_everywhere() {
    for example in all() {
        for plot in PLOTS {
            let chart = chart(plot.id, &example);
            for (x, y) in (0..SIZE.0)
                .step_by(37)
                .flat_map(|x| (0..SIZE.1).step_by(31).map(move |y| (x, y)))
            {
                let Some(at) = chart.data_at(f64::from(x), f64::from(y)) else {
                    continue;
                };
                let said = read(plot.id, &example.view, &example.focus, &at).unwrap_or_default();
                assert!(!said.contains("NaN"), "{} of {}: {said}", plot.id, example.name);
            }
        }
    }
}

#[test]
fn tests_of_each_new_best_lie_at_their_values() {
    let example = example("tested");
    let chart = chart("gaps", &example);
    // Two trials give the scale of the axis upwards, in an SVG without a heading: the picture on the page.
    let scored = |id: u32| finite(example.view.trial(0, id).expect("it")).expect("a value");
    let at = |id: u32| {
        let (.., x, y) = chart.points().find(|p| p.1 == id).expect("drawn");
        (x, y)
    };
    let (low, high) = (at(0), at(22));
    let slope = (high.1 - low.1) / (scored(22) - scored(0));
    let page = {
        let mut drawn = String::new();
        let fine = (SIZE.0 * SVG_FINE, SIZE.1 * SVG_FINE);
        let backend = SVGBackend::with_string(&mut drawn, fine);
        crate::plot::draw_fine("gaps", backend, &example.view, &example.focus, &frame(), SVG_FINE).expect("a picture");
        drawn
    };
    let document = roxmltree::Document::parse(&page).expect("well-formed XML");
    // A circle is a polygon of many corners, whose mean is its middle.
    let middle = |n: roxmltree::Node| {
        let points = n.attribute("points").filter(|_| n.has_tag_name("polygon"))?;
        let corners: Vec<(f64, f64)> = points
            .split_whitespace()
            .filter_map(|p| p.split_once(','))
            .filter_map(|(x, y)| Some((x.parse().ok()?, y.parse().ok()?)))
            .collect();
        let mean = |of: fn(&(f64, f64)) -> f64| corners.iter().map(of).sum::<f64>() / corners.len() as f64;
        Some((mean(|c| c.0) / f64::from(SVG_FINE), mean(|c| c.1) / f64::from(SVG_FINE)))
    };
    let circles: Vec<(f64, f64)> = document.descendants().filter_map(middle).collect();
    let tests = &example.view.held_out[0].tests;
    assert!(tests.len() > 3);
    for test in tests {
        let place = (at(test.trial).0, low.1 + slope * (test.value - scored(0)));
        let near = |c: &&(f64, f64)| (c.0 - place.0).abs() < 0.6 && (c.1 - place.1).abs() < 0.6;
        assert!(
            circles.iter().any(|c| near(&c)),
            "trial {} at {place:?}",
            test.trial + 1
        );
        let said = words("gaps", &example, &chart, place);
        let all = [scored(test.trial), test.value, test.low, test.high].map(crate::view::why::rounded);
        assert!(all.iter().all(|v| said.contains(v)), "{said}: {all:?}");
    }
    let said = describe("gaps", &example.view, &example.focus);
    assert!(
        said.contains("nothing was chosen by") && said.contains("worse than validation by 0.04"),
        "{said}"
    );
    let pending = format!("{} of {} tested so far", tests.len(), tests.len() + 1);
    assert!(said.contains(&pending), "{said}");
}

#[test]
fn what_is_brushed_away_can_be_found_in_no_picture() {
    let brushed_one = example("brushed");
    let all = Example {
        focus: Focus {
            brush: Vec::new(),
            ..brushed_one.focus.clone()
        },
        ..example("brushed")
    };
    let kept = brushed(&brushed_one.view, &brushed_one.focus.brush);
    let count = brushed_one.view.lanes[0].trials.iter().filter(|t| kept(t)).count();
    assert!(count > 2 && count < 20, "{count}");
    for kind in ["space", "best", "parallel", "scatter", "distribution", "folds", "gaps"] {
        let (few, many) = (chart(kind, &brushed_one), chart(kind, &all));
        assert!(few.points().count() < many.points().count(), "{kind}");
        for (lane, id, ..) in few.points() {
            assert!(
                kept(brushed_one.view.trial(lane, id).expect("it")),
                "{kind}: trial {id}"
            );
        }
        assert!(few.points().next().is_some(), "{kind}: nothing left");
        let frame = frame();
        let drawn = |e: &Example| svg(kind, &e.view, &e.focus, &frame).expect("a picture");
        assert_ne!(drawn(&brushed_one), drawn(&all), "{kind}");
    }
}

#[test]
fn distributions_and_curves_read_what_they_count() {
    let example = example("svm");
    let values = |lane: usize| example.view.lanes[lane].trials.iter().filter_map(finite);
    let distribution = chart("distribution", &example);
    for (lane, id, x, y) in distribution.points().step_by(7) {
        let said = words("distribution", &example, &distribution, (x, y));
        let own = finite(example.view.trial(lane, id).expect("it")).expect("a value");
        // The pixel is as exact as a hundred-thousandth of the range.
        let good = values(lane).filter(|v| *v >= own - 1e-6).count();
        let title = &example.view.lanes[lane].lane.title;
        let line = format!("{title}: {good} of {} trials", values(lane).count());
        assert!(said.contains(&line), "{said} lacks {line}");
    }
    let best = chart("best", &example);
    let (.., x, y) = best.points().last().expect("a point");
    let said = words("best", &example, &best, (x, y));
    assert_eq!(said.lines().count(), 1 + example.view.lanes.len(), "{said}");
    assert!(said.starts_with("after "), "{said}");
}

#[test]
fn cells_and_rows_read_their_own_numbers() {
    let example = example("learning curve");
    let confusion = chart("confusion", &example);
    let middle = |u: f64, v: f64| {
        // The panel's corners, found by where something can be read.
        let inside = |x: u32, y: u32| confusion.data_at(f64::from(x), f64::from(y)).is_some();
        let xs: Vec<u32> = (0..SIZE.0).filter(|x| inside(*x, SIZE.1 / 2)).collect();
        let ys: Vec<u32> = (0..SIZE.1).filter(|y| inside(SIZE.0 / 2, *y)).collect();
        let share = |of: &[u32], u: f64| f64::from(of[((of.len() - 1) as f64 * u) as usize]);
        (share(&xs, u), share(&ys, 1.0 - v))
    };
    for ((u, v), said) in [
        ((0.25, 0.75), "9 of 10 rows of a\ndecided: a"),
        ((0.75, 0.75), "1 of 10 rows of a\ndecided: b"),
        ((0.25, 0.25), "2 of 10 rows of b\ndecided: a"),
        ((0.75, 0.25), "8 of 10 rows of b\ndecided: b"),
    ] {
        assert_eq!(words("confusion", &example, &confusion, middle(u, v)), said);
    }
    let learning = chart("learning", &example);
    let y = f64::from(SIZE.1) / 2.0;
    let seen = (0..SIZE.0).filter_map(|x| {
        let at = learning.data_at(f64::from(x), y)?;
        read("learning", &example.view, &example.focus, &at)
    });
    let seen: Vec<String> = seen.collect();
    assert!(
        seen.iter()
            .any(|s| s.starts_with("epoch 20\n") && s.contains("rows learned from 0.055")),
        "{seen:?}"
    );
    let importance = chart("importance", &example);
    let rows = (0..SIZE.1).filter_map(|y| {
        let at = importance.data_at(f64::from(SIZE.0) / 2.0, f64::from(y))?;
        read("importance", &example.view, &example.focus, &at)
    });
    assert!(
        rows.into_iter()
            .any(|s| s == "gamma 61 ± 20 % of the variance\nby 5 values")
    );
}

#[test]
fn a_descent_reads_its_values_and_the_part_of_the_hypergradient_looked_at() {
    let example = example("went down");
    let chart = chart("belief", &example);
    let drawn: Vec<(u32, f64, f64)> = chart.points().map(|(_, id, x, y)| (id, x, y)).collect();
    // The one that failed has no height, and the last trial is the one that the belief leads to.
    let ids: Vec<u32> = drawn.iter().map(|d| d.0).collect();
    assert_eq!(ids, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12]);
    for (id, x, y) in drawn {
        let trial = example.view.trial(0, id).expect("it");
        let gradient = crate::plot::descent::gradient(&example.view, 0, id).expect("one");
        let said = words("belief", &example, &chart, (x, y));
        let rounded = crate::view::why::rounded;
        assert!(
            said.contains(&format!(
                "trial {}: {}",
                id + 1,
                rounded(finite(trial).expect("a value"))
            )),
            "{said}"
        );
        assert!(
            said.ends_with(&format!("along gamma: {}", rounded(gradient[1]))),
            "{said}"
        );
        assert_eq!(said.contains("too far"), id % 4 == 3, "{said}");
    }
}

#[test]
fn names_of_many_axes_are_broken_not_cut() {
    let long = example("integers by ordinal");
    let drawn = svg("parallel", &long.view, &long.focus, &Frame { width: 420, ..frame() }).expect("a picture");
    for part in ["n_", "estimators", "min_", "samples_", "leaf", "max_", "features"] {
        assert!(drawn.lines().any(|l| l.trim() == part || l.contains(part)), "{part}");
    }
    assert!(
        !drawn.contains("min_sam…") && !drawn.contains("max_fea…"),
        "no name is cut"
    );
}

#[test]
fn with_one_parameter_repeated_points_stay_at_their_values_and_a_pointer_reads_the_truth_alone() {
    let mut example = example("one parameter");
    let best = example.view.lanes[2].trials[7]
        .job
        .config
        .number("x")
        .expect("a number");
    let value = finite(example.view.trial(2, 7).expect("it")).expect("a value");
    for _ in 0..6 {
        make::add(&mut example.view, 2, &[best], |_| crate::trial::Outcome::of(value));
    }
    let chart = chart("space", &example);
    let at = |id: u32| chart.position(2, id).expect("drawn");
    for id in 9..15 {
        assert_eq!(at(id), at(7), "trial {id} has the same value at the same place");
    }
    let said = words("space", &example, &chart, at(7));
    let (truth, place) = said.split_once('\n').expect("two lines");
    assert!(place.starts_with("x = ") && !place.contains(','), "{said}");
    let truth: f64 = truth
        .strip_prefix("truth ")
        .expect("the truth")
        .parse()
        .expect("a number");
    assert!((truth - value).abs() < 0.5, "{truth} at a trial with {value}");
}

#[test]
fn the_truth_of_a_trained_model_is_drawn_where_it_is_known_and_wanted() {
    let mut example = example("one parameter");
    let slice = example.view.slice.as_mut().expect("a slice");
    slice.truth = None;
    let through = Some(slice.others());
    let chart = chart("belief", &example);
    // Every eighth place is known, in the middle a peak.
    let value = |i: usize| {
        if i.is_multiple_of(8) {
            5.0 - (i as f64 - 32.0).abs() / 8.0
        } else {
            f64::NAN
        }
    };
    let plane = Plane {
        grid: Grid {
            x: "x".into(),
            y: String::new(),
            columns: 65,
            rows: 1,
            through,
        },
        done: 9,
        values: (0..65).map(value).collect(),
    };
    let event = Event::Truth {
        run: example.view.run,
        plane: Box::new(plane),
    };
    example.view.fold(event);
    let svg = |example: &Example| svg("belief", &example.view, &example.focus, &frame()).expect("a picture");
    let without = svg(&example);
    let told = |example: &Example| describe("belief", &example.view, &example.focus);
    assert!(!told(&example).contains("truth"));
    example.focus.truth = true;
    assert_ne!(svg(&example), without);
    assert!(
        told(&example).contains("9 of 65 places of the truth are known so far"),
        "{}",
        told(&example)
    );
    // Its best is the least: at the ends.
    assert!(
        told(&example).contains("the truth is best at x = 0 with 1"),
        "{}",
        told(&example)
    );
    // From left to right the pointer is told what is known near it, and nothing between.
    let said =
        |x: u32| Some(chart.data_at(f64::from(x), 120.0)?).map(|at| read("belief", &example.view, &example.focus, &at));
    let all: Vec<String> = (0..SIZE.0).filter_map(said).flatten().collect();
    let peak = all.iter().find(|s| s.contains("truth 5")).expect("the peak");
    assert!(peak.starts_with("x = 0.5"), "{peak}");
    assert!(all.iter().any(|s| !s.contains("truth")), "most places are not known");
}

#[test]
fn every_bracket_has_its_name_and_its_numbers() {
    let mut count = 0;
    for example in all() {
        let Some(Mind::Rungs(brackets)) = example.view.slice.as_ref().map(|s| s.mind.clone()) else {
            continue;
        };
        for width in [340, 720, 1200] {
            let frame = Frame { width, ..frame() };
            let drawn = svg("belief", &example.view, &example.focus, &frame).expect("a picture");
            let document = roxmltree::Document::parse(&drawn).expect("well-formed XML");
            let texts: Vec<&str> = document.descendants().filter_map(|n| n.text()).map(str::trim).collect();
            // Where there is room for the latest ones only, those.
            let last = brackets.last().expect("a bracket");
            let named = texts.iter().any(|t| t.starts_with(&last.title));
            assert!(named, "{} at {width}: {:?} in {texts:?}", example.name, last.title);
            count += 1;
        }
    }
    assert!(count > 2, "{count} pictures");
}

#[test]
fn words_in_a_search_space_lie_where_nothing_is_drawn_if_a_corner_is_free() {
    let mut example = example("went down");
    example.focus.layer = Layer::Mean;
    let (lane, mind) = (
        example.focus.lane,
        example.view.slice.as_ref().expect("a slice").mind.clone(),
    );
    example.view.maps.push(Map {
        lane,
        trial: None,
        grid: Grid::default(),
        mind,
        next: None,
        values: Vec::new(),
    });
    let place = |example: &Example| {
        let drawn = svg("space", &example.view, &example.focus, &frame()).expect("a picture");
        let document = roxmltree::Document::parse(&drawn).expect("well-formed XML");
        let words = document
            .descendants()
            .find(|n| n.text().is_some_and(|t| t.trim() == "no such model"));
        let words = words.expect("the words");
        ["x", "y"].map(|side| {
            words
                .attribute(side)
                .and_then(|v| v.parse::<f64>().ok())
                .expect("a number")
        })
    };
    let free = place(&example);
    // Trials right there, at the left end of gamma and the upper one of C: another corner.
    for _ in 0..40 {
        make::add(&mut example.view, lane, &[0.97, 0.05], |_| {
            crate::trial::Outcome::of(0.5)
        });
    }
    assert_ne!(place(&example), free);
}

#[test]
fn lines_are_seen_on_a_dark_card() {
    let example = example("svm");
    let dark = Frame {
        theme: Theme::Dark,
        ..frame()
    };
    let drawn = svg("parallel", &example.view, &example.focus, &dark).expect("a picture");
    let light = |(r, g, b): (u8, u8, u8)| {
        let part = |c: u8| libm::pow((f64::from(c) / 255.0 + 0.055) / 1.055, 2.4);
        0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b) + 0.05
    };
    let card = light(dark.palette().card);
    let document = roxmltree::Document::parse(&drawn).expect("well-formed XML");
    let mut count = 0;
    for line in document
        .descendants()
        .filter(|n| n.attribute("opacity") == Some("0.85"))
    {
        let color = line.attribute("stroke").unwrap_or_default();
        let part = |i: usize| u8::from_str_radix(&color[i..i + 2], 16).expect("a colour");
        let contrast = light((part(1), part(3), part(5))) / card;
        assert!(contrast > 2.5, "{color} has {contrast}");
        count += 1;
    }
    assert!(count > 5, "{count} lines");
}

#[test]
fn folds_are_offered_where_there_are_several() {
    let mut view = example("one parameter").view;
    let mut offered = |folds: u32| {
        view.study.as_mut().expect("a study").folds = folds;
        applies("folds", &view, 0)
    };
    assert!(offered(5) && !offered(1));
}

#[test]
fn what_a_condition_forbids_is_shaded_and_highest_nowhere() {
    for example in all() {
        let Some(slice) = example.view.slice.as_ref().filter(|s| s.lane == example.focus.lane) else {
            continue;
        };
        let Mind::Posterior(posterior) = &slice.mind else {
            continue;
        };
        let finite = |i: &usize| posterior.acquisition[*i].is_finite();
        let by = |a: &usize, b: &usize| posterior.acquisition[*a].total_cmp(&posterior.acquisition[*b]);
        let Some(top) = (0..posterior.acquisition.len()).rev().filter(finite).max_by(by) else {
            continue;
        };
        let mut example = Example {
            view: example.view.clone(),
            ..example
        };
        let shown = |example: &Example| {
            let mut drawn = String::new();
            let backend = SVGBackend::with_string(&mut drawn, SIZE);
            draw("belief", backend, &example.view, &example.focus, &frame()).expect("a picture");
            drawn
        };
        let said = |example: &Example| describe("belief", &example.view, &example.focus);
        let before = (shown(&example), said(&example));
        let slice = example.view.slice.as_mut().expect("a slice");
        slice.forbidden = (0..slice.us.len()).map(|i| i + 2 >= top && i <= top + 2).collect();
        let u = slice.us[top];
        let after = (shown(&example), said(&example));
        assert!(
            !before.0.contains("not allowed") && !before.1.contains("not allowed"),
            "{}",
            example.name
        );
        assert!(
            after.0 != before.0 && after.1.contains("; shaded, not allowed: "),
            "{}: {}",
            example.name,
            after.1
        );
        let peak = |words: &str| {
            words
                .split("; ")
                .find(|w| w.contains(" is highest at "))
                .map(str::to_string)
        };
        assert_ne!(peak(&after.1), peak(&before.1), "{}", example.name);
        // A pointer is told so, and no acquisition.
        let chart = chart("belief", &example);
        let at = (0..SIZE.0)
            .filter_map(|x| chart.data_at(f64::from(x), 120.0))
            .min_by(|a, b| (a.x_unit - u).abs().total_cmp(&(b.x_unit - u).abs()));
        let words = read("belief", &example.view, &example.focus, &at.expect("inside a panel")).expect("words");
        assert!(
            words.contains("not allowed") && !words.contains("improvement"),
            "{}: {words}",
            example.name
        );
    }
}

#[test]
fn above_densities_stands_the_truth_and_a_pointer_reads_it() {
    let mut example = example("densities with candidates");
    let drawn = |example: &Example| svg("belief", &example.view, &example.focus, &frame()).expect("a picture");
    let told = |example: &Example| describe("belief", &example.view, &example.focus);
    assert!(drawn(&example).contains(": the truth dotted"));
    assert!(
        told(&example).contains("; the truth is best at C = "),
        "{}",
        told(&example)
    );
    let chart = chart("belief", &example);
    // Panels are read in the order in which they were drawn: densities, ratio, values.
    let of = |example: &Example, panel: usize| {
        let ys = (0..SIZE.1).filter_map(|y| chart.data_at(f64::from(SIZE.0) / 2.0, f64::from(y)));
        let at = ys.into_iter().find(|at| at.panel == panel).expect("the panel");
        read("belief", &example.view, &example.focus, &at).expect("words")
    };
    assert!(of(&example, 2).contains("\ntruth 0."), "{}", of(&example, 2));
    assert!(!of(&example, 1).contains("truth"), "{}", of(&example, 1));
    // Not known, not drawn.
    example.view.slice.as_mut().expect("a slice").truth = None;
    assert!(!drawn(&example).contains("truth") && !told(&example).contains("truth"));
    // A person asks for it, and the page knows that there is something to ask.
    assert!(example.view.slice.as_ref().expect("a slice").has_truth());
}
