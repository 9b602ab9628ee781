//! Hostile input: whatever is given to the CSV reader or to the study notation, nothing panics, what is refused is named, and what is
//! accepted reads back as it was meant. Every run tries the same cases.
#![cfg(feature = "engine")]

mod csv;
mod notation;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// So many cases, the same ones in every run.
fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        rng_seed: RngSeed::Fixed(20_260_101),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A change of a text, at a share of its length.
#[derive(Clone, Debug)]
enum Change {
    /// Everything from here on is lost.
    Cut,
    /// So many bytes are lost.
    Delete(usize),
    /// So many bytes come again.
    Repeat(usize),
    /// Something comes in between.
    Insert(Vec<u8>),
    /// A byte is another one.
    Turn(u8),
}

/// Up to four changes, `pieces` among what comes in between.
fn changes(pieces: &'static [&'static str]) -> impl Strategy<Value = Vec<(f64, Change)>> {
    let change = prop_oneof![
        1 => Just(Change::Cut),
        3 => (1..12usize).prop_map(Change::Delete),
        2 => (1..60usize).prop_map(Change::Repeat),
        6 => prop::sample::select(pieces).prop_map(|piece| Change::Insert(piece.as_bytes().to_vec())),
        1 => prop::collection::vec(any::<u8>(), 1..4).prop_map(Change::Insert),
        2 => any::<u8>().prop_map(Change::Turn),
    ];
    prop::collection::vec((0.0..1.0f64, change), 1..5)
}

/// `text` after `changes`.
fn changed(text: &str, changes: &[(f64, Change)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (share, change) in changes {
        let at = (share * bytes.len() as f64) as usize;
        let to = |n: &usize| (at + n).min(bytes.len());
        match change {
            Change::Cut => bytes.truncate(at),
            Change::Delete(n) => drop(bytes.drain(at..to(n))),
            Change::Repeat(n) => {
                let again = bytes[at..to(n)].to_vec();
                bytes.splice(at..at, again);
            }
            Change::Insert(piece) => drop(bytes.splice(at..at, piece.iter().copied())),
            Change::Turn(byte) => bytes.get_mut(at).into_iter().for_each(|old| *old = *byte),
        }
    }
    bytes
}
