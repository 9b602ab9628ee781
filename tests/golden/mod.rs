//! The stored traces and how they are made, for the native and the wasm tests alike.

use tunescape::study::Study;

/// The studies, and the trace stored of each.
const GOLDEN: &[(&str, &str)] = &[
    ("preset=race-iris&n=8&seed=3", include_str!("race-iris.jsonl")),
    (
        "preset=forrester&fn=forrester(noise:0.3)&n=12",
        include_str!("forrester.jsonl"),
    ),
    (
        "preset=classic-bayes&n=6&s=bayes(acq:ei),grid(order:random)",
        include_str!("hypercube.jsonl"),
    ),
];

fn trace(text: &str) -> String {
    let mut study = Study::prepare(text, || 0.0).unwrap_or_else(|refused| panic!("{text}: {refused:?}"));
    let mut lines = String::new();
    while !study.is_finished() {
        for trial in study.step(true) {
            lines += &trial.line;
            lines.push('\n');
        }
    }
    lines
}

/// Runs every study and compares, line by line so that the first difference is named.
pub fn traces_are_as_stored() {
    for (text, stored) in GOLDEN {
        let now = trace(text);
        for (line, (a, b)) in stored.lines().zip(now.lines()).enumerate() {
            assert_eq!(b, a, "{text}, line {}", line + 1);
        }
        assert_eq!(&now, stored, "{text}");
    }
}
