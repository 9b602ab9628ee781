//! Stored traces: a change of any bit, on any target, is seen. The browser tests hold both wasm builds to the native traces.
//!
//! After a change that is meant to alter traces, write them again with
//! `tunescape run STUDY --json | grep '"type":"trial"' > tests/golden/NAME.jsonl`, and say so in the changelog.

use tunescape::study::Study;

/// Name of the stored file and the study it is of.
const GOLDEN: &[(&str, &str)] = &[
    ("race-iris", "preset=race-iris&n=8&seed=3"),
    ("forrester", "preset=forrester&fn=forrester(noise:0.3)&n=12"),
    (
        "hypercube",
        "preset=classic-bayes&n=6&s=bayes(acq:ei),grid(order:random)",
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

#[test]
fn traces_are_as_stored() {
    for (name, text) in GOLDEN {
        let path = format!("{}/tests/golden/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
        let stored = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path}: {e}"));
        let now = trace(text);
        for (line, (a, b)) in stored.lines().zip(now.lines()).enumerate() {
            assert_eq!(b, a, "{name}, line {}", line + 1);
        }
        assert_eq!(now.lines().count(), stored.lines().count(), "{name}");
    }
}
