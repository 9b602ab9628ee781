//! Every picture of every example, at every size, in both themes, must hold what all pictures promise.

mod reading;

use super::examples::{Example, all};
use super::*;

const SIZES: [(u32, u32); 5] = [(300, 220), (360, 640), (440, 300), (760, 294), (1200, 800)];

fn frames() -> impl Iterator<Item = Frame> {
    let one = |(width, height): (u32, u32)| {
        let of = move |scale: f64, theme: Theme| Frame {
            width: (f64::from(width) * scale) as u32,
            height: (f64::from(height) * scale) as u32,
            scale,
            theme,
        };
        [of(1.0, Theme::Light), of(2.0, Theme::Dark), of(3.0, Theme::Light)]
    };
    SIZES.into_iter().flat_map(one)
}

fn each(check: impl Fn(&Entry<Draw>, &Example, &Frame, &str)) {
    for example in all() {
        for plot in PLOTS {
            for frame in frames() {
                let place = format!(
                    "{} of {}, {}×{} at {}",
                    plot.id, example.name, frame.width, frame.height, frame.scale
                );
                check(plot, &example, &frame, &place);
            }
        }
    }
}

/// A text of an SVG with the box it takes by the table, in CSS pixels.
struct Label {
    text: String,
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

fn labels(svg: &str, frame: &Frame) -> Vec<Label> {
    let document = roxmltree::Document::parse(svg).expect("well-formed XML");
    let unit = f64::from(SVG_FINE) * frame.scale;
    let label = |node: roxmltree::Node| {
        let number = |name: &str| {
            node.attribute(name)
                .and_then(|v| v.parse::<f64>().ok())
                .expect("a number")
                / unit
        };
        let text = node.text().unwrap_or("").trim().to_string();
        let size = number("font-size");
        let bold = if node.attribute("font-weight").is_some() {
            1.1
        } else {
            1.0
        };
        let width = text::width(&text, size) * bold;
        let (before, after) = match node.attribute("text-anchor") {
            Some("middle") => (width / 2.0, width / 2.0),
            Some("end") => (width, 0.0),
            _ => (0.0, width),
        };
        let (x, y) = (number("x"), number("y"));
        assert!(size > 10.9, "{text} is set in {size}");
        // plotters lowers the baseline by 0.76 em; ascenders and descenders reach about 0.74 and 0.22.
        let (above, below) = (0.02 * size, 0.98 * size);
        if node.attribute("transform").is_some() {
            Label {
                text,
                left: x + above,
                right: x + below,
                top: y - after,
                bottom: y + before,
            }
        } else {
            Label {
                text,
                left: x - before,
                right: x + after,
                top: y + above,
                bottom: y + below,
            }
        }
    };
    document
        .descendants()
        .filter(|n| n.has_tag_name("text"))
        .map(label)
        .collect()
}

#[test]
fn every_picture_is_well_formed_and_its_texts_are_inside_and_apart() {
    each(|plot, example, frame, place| {
        let svg = svg(plot.id, &example.view, &example.focus, frame).expect(place);
        let (width, height) = (
            f64::from(frame.width) / frame.scale,
            f64::from(frame.height) / frame.scale,
        );
        let labels = labels(&svg, frame);
        assert!(!labels.is_empty(), "{place} says nothing");
        for l in &labels {
            let inside = l.left > -0.6 && l.top > -0.6 && l.right < width + 0.6 && l.bottom < height + 0.6;
            assert!(
                inside,
                "{place}: \"{}\" leaves the frame: {} {} {} {}",
                l.text, l.left, l.top, l.right, l.bottom
            );
        }
        for (i, a) in labels.iter().enumerate() {
            for b in &labels[..i] {
                let apart = a.left > b.right - 0.5
                    || b.left > a.right - 0.5
                    || a.top > b.bottom - 1.5
                    || b.top > a.bottom - 1.5;
                assert!(apart, "{place}: \"{}\" overlaps \"{}\"", a.text, b.text);
            }
        }
    });
}

#[test]
fn every_coordinate_is_near_the_frame() {
    each(|plot, example, frame, place| {
        let svg = svg(plot.id, &example.view, &example.focus, frame).expect(place);
        let document = roxmltree::Document::parse(&svg).expect("well-formed XML");
        let limit = f64::from(frame.width.max(frame.height) * SVG_FINE);
        for node in document
            .descendants()
            .filter(|n| n.is_element() && !n.has_tag_name("svg"))
        {
            for name in ["x", "y", "cx", "cy", "points", "x1", "y1"] {
                let numbers = node
                    .attribute(name)
                    .unwrap_or("")
                    .split([' ', ','])
                    .filter_map(|v| v.parse::<f64>().ok());
                for v in numbers {
                    assert!((-limit * 0.25..limit * 1.25).contains(&v), "{place}: {name} = {v}");
                }
            }
        }
    });
}

#[test]
fn every_drawn_trial_is_hit_and_every_panel_is_read() {
    each(|plot, example, frame, place| {
        let mut drawn = String::new();
        let backend = SVGBackend::with_string(&mut drawn, (frame.width, frame.height));
        let chart = draw(plot.id, backend, &example.view, &example.focus, frame).expect(place);
        for (lane, trial, x, y) in chart.points() {
            let found = chart.hit(x, y).expect(place);
            let same = chart
                .points()
                .any(|p| (p.0, p.1) == found && libm::hypot(p.2 - x, p.3 - y) < 1e-9);
            assert!(same, "{place}: {found:?} instead of {:?}", (lane, trial));
            assert!(chart.position(lane, trial).is_some());
        }
        if let Some((_, _, x, y)) = chart.points().find(|p| chart.data_at(p.2, p.3).is_some()) {
            let read = chart.data_at(x, y).expect(place);
            assert!(
                !read.x_name.is_empty() && !read.x_text.is_empty() && !read.y_text.is_empty(),
                "{place}: {read:?}"
            );
        }
        assert_eq!(chart.hit(-1e6, -1e6), None);
    });
}

#[test]
fn the_space_picture_draws_every_trial_of_its_strategy() {
    for example in all().iter().filter(|e| e.name != "unknown parameter") {
        let frame = Frame {
            width: 440,
            height: 300,
            scale: 1.0,
            theme: Theme::Light,
        };
        let mut drawn = String::new();
        let backend = SVGBackend::with_string(&mut drawn, (440, 300));
        let chart = draw("space", backend, &example.view, &example.focus, &frame).expect(example.name);
        let kept = brushed(&example.view, &example.focus.brush);
        let lane = example.view.lanes.get(example.focus.lane);
        let trials = lane.map_or(0, |l| l.trials.iter().filter(|t| kept(t)).count());
        assert_eq!(chart.points().count(), trials, "{}", example.name);
        for (_, _, x, y) in chart.points() {
            assert!(
                (0.0..440.0).contains(&x) && (0.0..300.0).contains(&y),
                "{}: {x} {y}",
                example.name
            );
        }
    }
}

#[test]
fn the_words_name_the_strategy_and_the_best_value() {
    for example in all() {
        for plot in PLOTS {
            let words = describe(plot.id, &example.view, &example.focus);
            assert!(
                words.ends_with('.') && !words.contains("NaN"),
                "{}: {words}",
                example.name
            );
            let Some(lane) = example.view.lanes.get(example.focus.lane) else {
                continue;
            };
            assert!(
                words.contains(name(&example.view, example.focus.lane)),
                "{}: {words}",
                example.name
            );
            if let Some((value, _)) = best::standing(lane, example.view.direction()) {
                assert!(
                    words.contains(&crate::view::why::rounded(value)),
                    "{}: {words}",
                    example.name
                );
            }
        }
    }
}

#[test]
fn strategies_keep_their_colour_and_differ_from_each_other() {
    for example in all() {
        for theme in [Theme::Light, Theme::Dark] {
            let looks: Vec<Look> = (0..example.view.lanes.len())
                .map(|i| look(&example.view, i, theme))
                .collect();
            for (i, a) in looks.iter().enumerate() {
                assert!(
                    looks[..i].iter().all(|b| a.color != b.color && a.marker != b.marker),
                    "{}",
                    example.name
                );
                if example.view.lanes[i].lane.id == "grid" {
                    assert_eq!(a.marker, Marker::Square);
                }
            }
        }
    }
}

#[test]
fn the_first_axes_are_numbers_without_conditions() {
    let axes = |wanted: &str| {
        let example = all().into_iter().find(|e| e.name == wanted).expect(wanted);
        default_axes(&example.view)
    };
    assert_eq!(axes("svm"), ("C".into(), Some("gamma".into())));
    assert_eq!(axes("twin"), ("n_estimators".into(), Some("max_features".into())));
    assert_eq!(axes("one parameter"), ("x".into(), None));
    assert_eq!(axes("fixed"), ("x".into(), Some("z".into())));
    assert_eq!(axes("empty"), (String::new(), None));
}

#[test]
fn an_unknown_picture_is_refused_by_name() {
    let frame = Frame {
        width: 300,
        height: 200,
        scale: 1.0,
        theme: Theme::Light,
    };
    let refused = svg("pie", &View::new(0), &Focus::default(), &frame).expect_err("no such picture");
    assert!(refused.contains("pie") && refused.contains("belief"), "{refused}");
    assert_eq!(describe("pie", &View::new(0), &Focus::default()), "");
}

#[test]
fn thousands_of_trials_are_dots_and_the_best_lines() {
    let mut example = all().into_iter().find(|e| e.name == "prepared").expect("prepared");
    super::examples::make::fill(&mut example.view, 2000, &|v, _, c| {
        super::examples::make::accuracy_of(v, c)
    });
    let frame = Frame {
        width: 440,
        height: 300,
        scale: 1.0,
        theme: Theme::Light,
    };
    let draw = |kind: &str| svg(kind, &example.view, &example.focus, &frame).expect("a picture");
    let space = draw("space");
    // The best and the chosen trial keep their markers.
    assert!(space.matches("<polygon").count() < 12, "no marker for each");
    assert!(space.matches("<rect").count() > 1000, "dots");
    let parallel = draw("parallel");
    let lines = parallel.matches("<polyline").count();
    assert!((1000..1100).contains(&lines), "{lines} lines");
    assert!(parallel.contains("the best 1000 of 2000 lines"));
}

#[test]
fn no_axis_goes_beyond_what_a_value_can_be() {
    let example = all().into_iter().find(|e| e.name == "svm").expect("svm");
    let mut study = example.view.study.clone().expect("a study");
    study.bounds = (Some(0.0), Some(1.0));
    let ends = |axis: &axis::Axis| (axis.number(0.0).expect("a number"), axis.number(1.0).expect("a number"));
    for values in [[1.0, 1.0], [0.0, 0.0], [0.02, 0.99], [0.5, 0.5], [0.97, 0.98]] {
        let (low, high) = ends(&axis::Axis::measured(&study, values));
        assert!(0.0 <= low && high <= 1.0, "{values:?}: {low} to {high}");
        assert!(low <= values[0] && values[1] <= high, "{values:?}: {low} to {high}");
        assert!(high - low > 0.005, "{values:?}: {low} to {high}");
    }
    // A model may believe in more: that is in sight, and not labelled.
    let believed = axis::Axis::believed(&study, [0.7, 1.4]);
    assert!(ends(&believed).1 > 1.4);
    let room = ticks::Room {
        length: 300.0,
        across: false,
        size: 11.0,
        overhang: (4.0, 4.0),
    };
    let labels: Vec<String> = believed.ticks(&room).into_iter().map(|t| t.label).collect();
    assert!(labels.len() >= 2, "{labels:?}");
    assert!(
        labels.iter().all(|l| l.parse::<f64>().is_ok_and(|v| v <= 1.0)),
        "{labels:?}"
    );
    // Without bounds there is room at both ends.
    study.bounds = (None, None);
    assert!(ends(&axis::Axis::measured(&study, [1.0, 1.0])).1 > 1.0);
}

#[test]
fn a_curve_that_stays_at_the_best_there_is_ends_its_axis() {
    let mut example = all().into_iter().find(|e| e.name == "prepared").expect("prepared");
    example.view.study.as_mut().expect("a study").bounds = (Some(0.0), Some(1.0));
    let mut nearly = example.view.clone();
    super::examples::make::fill(&mut example.view, 8, &|_, _, _| crate::trial::Outcome::of(1.0));
    let frame = Frame {
        width: 440,
        height: 300,
        scale: 1.0,
        theme: Theme::Light,
    };
    let best = svg("best", &example.view, &example.focus, &frame).expect("a picture");
    assert!(best.contains("1.00"), "the bound is labelled");
    for beyond in ["1.02", "1.05", "1.10"] {
        assert!(!best.contains(beyond), "{beyond}");
    }
    // Two means of the same folds: what differs in the last digit alone is the same.
    super::examples::make::fill(&mut nearly, 12, &|_, i, _| {
        crate::trial::Outcome::of([0.983, 0.991_666_666_666_666_6, 0.991_666_666_666_666_7][(i as usize).div_ceil(6)])
    });
    let best = svg("best", &nearly, &example.focus, &frame).expect("a picture");
    assert!(
        best.contains("0.984") && !best.contains("begins at"),
        "a window as wide as the curve is high"
    );
}
