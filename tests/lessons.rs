//! The lessons in `www/lessons/`: each can be read, its studies run as written, and the numbers it tells are those of the runs.

use std::fs;
use std::path::PathBuf;
use tunescape::protocol::Event;
use tunescape::study::{Repetition, Study};
use tunescape::view::View;
use tunescape::view::lesson::{Lesson, filled, is_over, measure};

fn lessons() -> Vec<(String, Lesson)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/lessons");
    let files = fs::read_dir(&folder).expect("the folder of lessons");
    let mut all: Vec<_> = files
        .map(|file| {
            let path = file.expect("a file").path();
            let text = fs::read_to_string(&path).expect("a lesson");
            let name = path.display().to_string();
            let lesson = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{name}: {e}"));
            (name, lesson)
        })
        .collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(!all.is_empty());
    all
}

/// The study as the page runs it, to its end, with all its seeds.
fn run(text: &str) -> View {
    let mut study = Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
    assert!(
        study.prepared().refused.is_empty(),
        "{text}: {:?}",
        study.prepared().refused
    );
    let mut view = View::new(0);
    view.fold(Event::Prepared {
        run: 0,
        study: Box::new(study.prepared().clone()),
    });
    assert!(!is_over(&view));
    while !study.is_finished() {
        let trials = study.step(true);
        view.fold(Event::Trials { run: 0, trials });
    }
    view.fold(Event::Rests { run: 0, finished: true });
    if let Some(mut repetition) = Repetition::after(&study) {
        assert!(!is_over(&view), "{text}: its other seeds are still to come");
        repetition.finish().expect("the other seeds");
        view.fold(Event::Comparison {
            run: 0,
            comparison: Box::new(repetition.standing()),
        });
    }
    assert!(is_over(&view));
    view
}

#[test]
fn every_question_is_answered_by_the_run_and_every_number_is_known() {
    for (name, lesson) in lessons() {
        assert!(
            lesson.link.starts_with("https://") && !lesson.steps[0].study.is_empty(),
            "{name}"
        );
        let mut view = View::new(0);
        for step in &lesson.steps {
            if !step.study.is_empty() {
                view = run(&step.study);
            }
            let told = filled(&view, &step.text);
            assert!(!told.contains(['{', '–']), "{name}: {told}");
            let Some(question) = &step.question else { continue };
            let right = question.right(&view);
            assert!(
                right.is_some(),
                "{name}: {:?} is among no choice",
                measure(&view, &question.measure)
            );
            let told = filled(&view, &question.reveal);
            assert!(!told.contains(['{', '–']), "{name}: {told}");
        }
    }
}

#[test]
fn the_lesson_on_grids_tells_what_the_paper_does() {
    let view = run("fn=one-matters&s=grid(levels:3),random&n=9&seed=1&reps=10");
    assert_eq!(measure(&view, "distinct:0:important"), Some(3.0));
    assert_eq!(measure(&view, "times:0:important"), Some(3.0));
    assert_eq!(measure(&view, "distinct:1:important"), Some(9.0));
    assert!(measure(&view, "wins:1:0").is_some_and(|wins| wins >= 7.0));
    assert_eq!(
        filled(&view, "{seeds} seeds, {distinct:0:none} and {nothing}"),
        "10 seeds, – and –"
    );
    assert_eq!(filled(&view, "an open { stays"), "an open { stays");
}
