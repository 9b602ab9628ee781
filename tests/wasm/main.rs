//! The engine inside a browser, without the page: the stored traces, to the byte, as `tests/golden.rs` holds them natively.
#![cfg(target_arch = "wasm32")]

use tunescape::study::Study;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

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

#[wasm_bindgen_test]
fn a_race_on_iris_gives_the_stored_bytes() {
    assert_eq!(
        trace("preset=race-iris&n=8&seed=3"),
        include_str!("../golden/race-iris.jsonl")
    );
}

#[wasm_bindgen_test]
fn a_noisy_function_gives_the_stored_bytes() {
    assert_eq!(
        trace("preset=forrester&fn=forrester(noise:0.3)&n=12"),
        include_str!("../golden/forrester.jsonl")
    );
}

#[wasm_bindgen_test]
fn a_generated_problem_gives_the_stored_bytes() {
    assert_eq!(
        trace("preset=classic-bayes&n=6&s=bayes(acq:ei),grid(order:random)"),
        include_str!("../golden/hypercube.jsonl")
    );
}

#[wasm_bindgen_test]
fn nonsense_is_refused_without_a_trap() {
    for text in ["data=nowhere", "%%%", "n=0&cv=80", "fn=branin&p.x1=5..1"] {
        let refused = match Study::prepare(text, || 0.0) {
            Ok(study) => study.prepared().refused.len(),
            Err(refused) => refused.len(),
        };
        assert!(refused > 0, "{text}");
    }
}
