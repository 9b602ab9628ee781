//! The best of many scores.

/// The place of the first of the largest `scores`, and that score, if it is more than `least`.
///
/// A better one than before is rare, so it is looked for only in those eights that have one: whether they do takes no branch.
#[inline(always)]
pub fn first_best(scores: &[f64], least: f64) -> Option<(usize, f64)> {
    let (mut best, mut most) = (None, least);
    for (eight, scores) in scores.chunks(8).enumerate() {
        if scores.iter().fold(false, |any, score| any | (*score > most)) {
            for (place, &score) in scores.iter().enumerate() {
                if score > most {
                    (best, most) = (Some((eight * 8 + place, score)), score);
                }
            }
        }
    }
    best
}
