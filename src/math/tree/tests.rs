use super::*;
use crate::seed::Seed;

type Cell = Counts<1, 16>;
type Gini = Classes<'static, 1, 16>;

fn grown(x: &[f64], features: usize, y: &[usize], limits: Limits) -> Vec<Node<Cell>> {
    grown_by(x, features, y, limits, Seed(1))
}

fn grown_by(x: &[f64], features: usize, y: &[usize], limits: Limits, seed: Seed) -> Vec<Node<Cell>> {
    grown_in(x, features, y, limits, seed)
}

fn grown_in<const L: usize, const B: usize>(
    x: &[f64],
    features: usize,
    y: &[usize],
    limits: Limits,
    seed: Seed,
) -> Vec<Node<Counts<L, B>>> {
    let codes = Codes::of(x, features);
    let mut scratch = Scratch::new(&codes);
    scratch.rows.extend(0..y.len() as u32);
    for (cell, &class) in scratch.cells.iter_mut().zip(y) {
        *cell = Counts::row(class, 1);
    }
    let mut nodes = Vec::new();
    let target: Classes<L, B> = Classes(Criterion::Gini);
    grow(&codes, &target, &limits, seed, &mut scratch, &mut nodes);
    nodes
}

const FREE: Limits = Limits {
    depth: u32::MAX,
    split: 2,
    leaf: 1,
    features: usize::MAX,
    random: false,
};

#[test]
fn a_split_lies_midway_between_neighbours() {
    let nodes = grown(&[1.0, 2.0, 4.0, 8.0], 1, &[0, 0, 1, 1], FREE);
    assert_eq!(nodes.len(), 3);
    assert_eq!((nodes[0].feature, nodes[0].threshold, nodes[0].right), (0, 3.0, 2));
    assert_eq!((nodes[1].cell.class(0), nodes[2].cell.class(1)), (2, 2));
}

#[test]
fn a_split_without_gain_is_still_made() {
    // Exclusive or: no first split helps, the second ones do.
    let x = [0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0];
    let nodes = grown(&x, 2, &[0, 1, 1, 0], FREE);
    assert_eq!(nodes.len(), 7);
}

#[test]
fn drawing_goes_on_past_constant_features() {
    let x = [5.0, 5.0, 5.0, 0.0, 5.0, 5.0, 5.0, 1.0];
    for draws in 1..=4 {
        let limits = Limits {
            features: draws,
            ..FREE
        };
        // Several seeds: one may draw the feature that varies first.
        for seed in 0..20 {
            let nodes = grown_by(&x, 4, &[0, 1], limits, Seed(seed));
            assert_eq!(nodes[0].feature, 3, "{draws} {seed}");
        }
    }
}

#[test]
fn children_keep_the_smallest_size() {
    let x: Vec<f64> = (0..20).map(f64::from).collect();
    let y: Vec<usize> = (0..20).map(|i| i % 3 % 2).collect();
    for leaf in 1..8 {
        let nodes = grown(&x, 1, &y, Limits { leaf, ..FREE });
        assert!(nodes.iter().all(|n| n.cell.rows() >= leaf), "{leaf}");
        assert!(nodes.len() > 1);
    }
}

#[test]
fn routing_ends_where_the_limits_say() {
    let x: Vec<f64> = (0..64).map(|i| f64::from(i * 37 % 64)).collect();
    let y: Vec<usize> = (0..64).map(|i| i * i % 7 % 3).collect();
    let full = grown(&x, 1, &y, FREE);
    for (depth, split) in [(0, 2), (1, 2), (3, 2), (9, 10), (2, 20)] {
        let short = grown(&x, 1, &y, Limits { depth, split, ..FREE });
        let leaves = |nodes: &[Node<Cell>], cut| {
            let mut of_row = vec![Counts::default(); 64];
            Router::default().route::<Gini>(nodes, 0, cut, &x, 1, |cell, rows| {
                rows.iter().for_each(|&r| of_row[r as usize] = *cell);
            });
            of_row
        };
        let free = Cut {
            depth: u32::MAX,
            split: 2,
        };
        let cut = Cut { depth, split };
        assert_eq!(leaves(&full, cut), leaves(&short, free), "{depth} {split}");
        let mut open = Vec::new();
        assert_eq!(
            work::<Gini>(&full, 0, cut, &mut open),
            work::<Gini>(&short, 0, free, &mut open)
        );
    }
}

#[test]
fn entropy_of_counts_is_that_of_shares() {
    let table = n_log_n(10);
    let target: Classes<2, 16> = Classes(Criterion::Entropy(&table));
    let cell = |counts: [u32; 4]| {
        (0..4).fold(Counts::default(), |sum, k| {
            Classes::<2, 16>::plus(sum, Counts::row(k, counts[k]))
        })
    };
    let entropy = |counts: [u32; 4]| -> f64 {
        let total: u32 = counts.iter().sum();
        let share = counts
            .iter()
            .filter(|c| **c > 0)
            .map(|&c| f64::from(c) / f64::from(total));
        share.map(|p| -p * libm::log(p)).sum()
    };
    let (a, b) = ([1, 2, 0, 3], [0, 0, 4, 0]);
    let expected = -(6.0 * entropy(a) + 4.0 * entropy(b));
    assert!((target.score(&cell(a), &cell(b)) - expected).abs() < 1e-12);
    assert!(target.is_pure(&cell(b)) && !target.is_pure(&cell(a)));
}

#[test]
fn a_bootstrap_draws_as_many_rows_as_there_are() {
    let mut weights = vec![0; 10_000];
    bootstrap(&mut Seed(3).fast_rng(), &mut weights);
    assert_eq!(weights.iter().sum::<u32>(), 10_000);
    let missing = weights.iter().filter(|w| **w == 0).count();
    // (1 − 1/n)ⁿ → 1/e = 0.3679; s.e. 0.0031 here.
    assert!((missing as f64 / 10_000.0 - 0.3679).abs() < 0.015, "{missing}");
}

/// Σ lₖ² / l + Σ rₖ² / r of the split at `threshold`, as a fraction, and the rows of the smaller side.
fn exact_score(x: &[f64], y: &[usize], threshold: f64) -> (u128, u128, u32) {
    let (mut left, mut right) = ([0u128; 3], [0u128; 3]);
    for (value, &class) in x.iter().zip(y) {
        let side = if *value <= threshold { &mut left } else { &mut right };
        side[class] += 1;
    }
    let [l, r] = [left, right].map(|side| side.iter().sum::<u128>());
    let [a, b] = [left, right].map(|side| side.iter().map(|n| n * n).sum::<u128>());
    (a * r + b * l, l * r, l.min(r) as u32)
}

#[test]
fn no_split_is_better_than_the_one_that_is_made() {
    let mut rng = Seed(5).fast_rng();
    let mut draw = |n: u32| f64::from(below(&mut rng, n));
    // Nodes of few rows and of many; features whose values are all distinct, some equal, few; strong ones and noise; two classes and three.
    for case in 0..60 {
        let rows = [20, 33, 70, 200, 333, 700][case % 6];
        let classes = 2 + case / 6 % 2;
        let leaf = [1, 1, 2, 9][case % 4];
        let levels = [1 << 30, 500, 50, 1 << 30][case / 2 % 4];
        let y: Vec<usize> = (0..rows).map(|_| draw(classes as u32) as usize).collect();
        let shift = f64::from(levels) * [0.0, 0.1, 0.6][case / 3 % 3];
        let x: Vec<f64> = y
            .iter()
            .flat_map(|&class| [draw(levels) + shift * class as f64, draw(levels), 7.0])
            .collect();
        let nodes = grown(&x, 3, &y, Limits { leaf, ..FREE });
        let root = &nodes[0];
        let column = |feature: usize| x.iter().skip(feature).step_by(3).copied().collect::<Vec<f64>>();
        let (score, sides, least) = exact_score(&column(root.feature.into()), &y, root.threshold);
        assert!(least >= leaf, "{case}");
        for feature in 0..3 {
            let column = column(feature);
            for &threshold in &column {
                let (other, other_sides, least) = exact_score(&column, &y, threshold);
                assert!(
                    least < leaf || other * sides <= score * other_sides,
                    "{case} {threshold}"
                );
            }
        }
    }
}

#[test]
fn a_tree_of_more_rows_than_ranks_is_the_same_however_its_counts_are_packed() {
    const ROWS: usize = 70_000;
    let mut rng = Seed(8).fast_rng();
    let y: Vec<usize> = (0..ROWS).map(|_| below(&mut rng, 2) as usize).collect();
    let x: Vec<f64> = y
        .iter()
        .flat_map(|&class| {
            [1 << 30, 40_000, 70].map(|n| f64::from(below(&mut rng, n)) + f64::from(n / 9) * class as f64)
        })
        .collect();
    let limits = Limits { features: 2, ..FREE };
    let nodes = grown_in::<1, 21>(&x, 3, &y, limits, Seed(2));
    let wide = grown_in::<2, 32>(&x, 3, &y, limits, Seed(2));
    let shape = |feature: u16, threshold: f64, right: u32| (feature, threshold.to_bits(), right);
    assert!(nodes.len() > 1000);
    assert_eq!(
        nodes
            .iter()
            .map(|n| shape(n.feature, n.threshold, n.right))
            .collect::<Vec<_>>(),
        wide.iter()
            .map(|n| shape(n.feature, n.threshold, n.right))
            .collect::<Vec<_>>()
    );
    // Every leaf counts the rows that end in it.
    let free = Cut {
        depth: u32::MAX,
        split: 2,
    };
    let mut seen = 0;
    Router::default().route::<Classes<1, 21>>(&nodes, 0, free, &x, 3, |cell, rows| {
        let of = |class| rows.iter().filter(|&&row| y[row as usize] == class).count() as u32;
        assert_eq!(
            [cell.rows(), cell.class(0), cell.class(1)],
            [rows.len() as u32, of(0), of(1)]
        );
        seen += rows.len();
    });
    assert_eq!(seen, ROWS);
}
