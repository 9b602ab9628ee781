//! Data sets, splits, folds and metrics.
#![cfg(feature = "engine")]

use proptest::prelude::*;
use serde_json::Value as Json;
use tunescape::dataset::{Cv, DATASETS, Dataset, METRICS, Split, Table};
use tunescape::registry::{Settings, find};
use tunescape::seed::Seed;

/// The data set `id` with these settings.
fn built(id: &str, given: &[(&str, &str)], fresh: u64) -> Result<Dataset, String> {
    let entry = find(DATASETS, id).expect("a data set");
    let given: Vec<_> = given.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
    let (settings, refused) = Settings::check(id, entry.settings, &given);
    assert!(refused.is_empty(), "{refused:?}");
    (entry.build)(&settings, Seed(fresh))
}

fn hypercube(given: &[(&str, &str)], fresh: u64) -> Result<Dataset, String> {
    built("hypercube", given, fresh)
}

fn dataset(id: &str, given: &[(&str, &str)]) -> Dataset {
    built(id, given, 1).expect(id)
}

fn column(table: &Table, feature: usize) -> Vec<f64> {
    (0..table.rows()).map(|row| table.row(row)[feature]).collect()
}

fn feature(data: &Dataset, name: &str) -> usize {
    data.feature_names.iter().position(|n| n == name).expect(name)
}

#[test]
fn every_data_set_is_well_formed() {
    for entry in DATASETS {
        let data = (entry.build)(&Settings::defaults(entry.settings), Seed(1)).expect(entry.id);
        assert_eq!(data.id, entry.id);
        assert_eq!(data.feature_names.len(), data.rows.features(), "{}", entry.id);
        assert_eq!(data.class_names.len(), data.rows.classes(), "{}", entry.id);
        assert!(data.rows.class_counts().iter().all(|&c| c >= 10), "{}", entry.id);
        assert!(!entry.paper.is_empty() && !entry.about.is_empty(), "{}", entry.id);
        if data.fresh.is_none() {
            // The card says what the rows say.
            assert!(entry.about.contains(&data.rows.rows().to_string()), "{}", entry.id);
            assert!(entry.paper.contains("CC"), "{}: a licence", entry.id);
        }
        if let Some(fresh) = &data.fresh {
            let drawn = fresh.draw(500).expect(entry.id);
            assert_eq!((drawn.rows(), drawn.features()), (500, data.rows.features()));
        }
    }
}

#[test]
fn iris_is_the_corrected_iris() {
    let data = (DATASETS[0].build)(&Settings::default(), Seed(0)).expect("builds");
    assert_eq!(data.rows.class_counts(), [50, 50, 50]);
    assert_eq!(data.rows.row(34), [4.9, 3.1, 1.5, 0.2]);
    assert_eq!(data.rows.row(37), [4.9, 3.6, 1.4, 0.1]);
    let sums = [876.5, 458.6, 563.7, 179.9];
    for (f, sum) in sums.iter().enumerate() {
        assert!((column(&data.rows, f).iter().sum::<f64>() - sum).abs() < 1e-9, "{f}");
    }
}

#[test]
fn hypercube_is_what_it_says() {
    let data = hypercube(&[], 1).expect("builds");
    assert_eq!((data.rows.rows(), data.rows.features()), (1000, 20));
    let counts = data.rows.class_counts();
    assert!(counts[0].abs_diff(500) <= 15, "{counts:?}");
    for (kind, count) in [("informative", 2), ("redundant", 10), ("noise", 8)] {
        assert_eq!(data.feature_names.iter().filter(|n| n.starts_with(kind)).count(), count);
    }
    // A redundant feature is a linear combination of the informative ones: solve for it on three rows, and it holds on all.
    let (a, b) = (feature(&data, "informative 1"), feature(&data, "informative 2"));
    let residual = |target: usize| -> f64 {
        let row = |i: usize| [data.rows.row(i)[a], data.rows.row(i)[b], 1.0];
        let m = nalgebra::Matrix3::from_fn(|i, j| row(i)[j]);
        let v = nalgebra::Vector3::from_fn(|i, _| data.rows.row(i)[target]);
        let w = m.lu().solve(&v).expect("rows in general position");
        (0..1000)
            .map(|i| (row(i)[0] * w[0] + row(i)[1] * w[1] + w[2] - data.rows.row(i)[target]).abs())
            .fold(0.0, f64::max)
    };
    assert!(residual(feature(&data, "redundant 3")) < 1e-6);
    assert!(residual(feature(&data, "noise 3")) > 1.0);
}

#[test]
fn a_fresh_draw_is_the_same_problem_with_other_rows() {
    let (one, two) = (hypercube(&[], 1).expect("builds"), hypercube(&[], 2).expect("builds"));
    assert_eq!(one.rows.x(), two.rows.x());
    let draw = |data: &Dataset| data.fresh.as_ref().expect("generated").draw(1000).expect("draws");
    let (a, b) = (draw(&one), draw(&two));
    assert_ne!(a.x(), b.x());
    assert_ne!(a.x(), one.rows.x());
    // One nearest neighbour among the problem's own rows knows the classes of fresh rows: seen on its two informative features alone.
    let (f, g) = (feature(&one, "informative 1"), feature(&one, "informative 2"));
    let nearest = |row: &[f64]| {
        let far = |i: &usize| {
            let other = one.rows.row(*i);
            (row[f] - other[f]).abs() + (row[g] - other[g]).abs()
        };
        let best = (0..1000).min_by(|i, j| far(i).total_cmp(&far(j))).expect("rows");
        one.rows.y()[best]
    };
    let right = (0..1000).filter(|&i| nearest(a.row(i)) == a.y()[i]).count();
    assert!(right > 800, "{right}");
    let other = hypercube(&[("seed", "43")], 1).expect("builds");
    assert_ne!(other.rows.x(), one.rows.x());
}

#[test]
fn impossible_hypercubes_are_refused() {
    for (given, word) in [(vec![("d", "5")], "exceed d = 5"), (vec![("clusters", "3")], "corners")] {
        let error = hypercube(&given, 1).err().expect("refused");
        assert!(error.contains(word), "{error}");
    }
}

fn table(counts: &[usize]) -> Table {
    let y: Vec<u32> = counts
        .iter()
        .enumerate()
        .flat_map(|(k, &c)| vec![k as u32; c])
        .collect();
    Table::new((0..y.len()).map(|i| i as f64).collect(), y, 1, counts.len()).expect("a table")
}

fn spread(values: impl Iterator<Item = usize>) -> usize {
    let all: Vec<_> = values.collect();
    all.iter().max().expect("some") - all.iter().min().expect("some")
}

proptest! {
    #[test]
    fn folds_hold_every_row_once_and_classes_evenly(
        counts in prop::collection::vec(10..40usize, 1..5), folds in 2..10usize, repeats in 1..3usize, stratified: bool, seed: u64
    ) {
        let table = table(&counts);
        let all = Cv::Folds { folds, repeats, stratified }.draw(&table, &[], Seed(seed)).expect("draws");
        prop_assert_eq!(all.len(), folds * repeats);
        for repetition in all.chunks(folds) {
            let mut rows: Vec<usize> = repetition.iter().flat_map(|f| f.validate.clone()).collect();
            rows.sort_unstable();
            prop_assert_eq!(rows, (0..table.rows()).collect::<Vec<_>>());
            prop_assert!(spread(repetition.iter().map(|f| f.validate.len())) <= 1);
            for class in (0..counts.len()).filter(|_| stratified) {
                let of = |rows: &Vec<usize>| rows.iter().filter(|&&r| table.y()[r] as usize == class).count();
                prop_assert!(spread(repetition.iter().map(|f| of(&f.validate))) <= 1);
            }
            for fold in repetition {
                prop_assert_eq!(fold.train.len() + fold.validate.len(), table.rows());
                prop_assert!(fold.train.iter().all(|r| !fold.validate.contains(r)));
            }
        }
        prop_assert!(repeats == 1 || all[0] != all[folds]);
    }

    #[test]
    fn a_split_holds_out_its_share(counts in prop::collection::vec(10..40usize, 2..5), test in 0.1..0.8f64, stratified: bool, seed: u64) {
        let table = table(&counts);
        let n = table.rows() as f64;
        let fold = Split { test, stratified, grouped: false }.draw(&table, &[], Seed(seed)).expect("draws");
        prop_assert_eq!(fold.validate.len(), (test * n).ceil() as usize);
        prop_assert_eq!(fold.train.len() + fold.validate.len(), table.rows());
        for (k, &count) in counts.iter().enumerate().filter(|_| stratified) {
            let held = fold.validate.iter().filter(|&&r| table.y()[r] as usize == k).count() as f64;
            prop_assert!((held - count as f64 * fold.validate.len() as f64 / n).abs() < 1.0 + 1e-9);
        }
    }

    #[test]
    fn no_text_makes_the_notations_panic(text in ".{0,12}") {
        let _ = (Split::parse(&text), Cv::parse(&text));
    }
}

#[test]
fn the_notations_read_back_as_written() {
    for text in ["0.2", "0.25~stratified"] {
        assert_eq!(Split::parse(text).expect(text).to_string(), text);
    }
    for text in ["5", "5x3", "10~plain", "4x2~plain", "hold:0.2", "hold:0.3~plain", "loo"] {
        assert_eq!(Cv::parse(text).expect(text).to_string(), text);
    }
    for text in ["", "0", "1", "1.5", "-0.2", "nan", "0.2~x", "0.2~"] {
        assert!(Split::parse(text).expect_err(text).contains("accepted"));
    }
    for text in [
        "",
        "1",
        "0",
        "5x0",
        "5x",
        "x5",
        "5~x",
        "hold:2",
        "hold:0.2~stratified",
        "LOO",
        "-3",
        "1001",
    ] {
        assert!(Cv::parse(text).expect_err(text).contains("accepted"));
    }
}

#[test]
fn too_small_a_class_is_named() {
    let names = ["much".to_string(), "little".to_string()];
    let error = Cv::parse("5")
        .expect("folds")
        .draw(&table(&[20, 4]), &names, Seed(1))
        .expect_err("refused");
    assert!(error.contains("\"little\" has 4 rows"), "{error}");
    let error = Split::parse("0.5~stratified")
        .expect("a split")
        .draw(&table(&[20, 1]), &names, Seed(1));
    assert!(error.expect_err("refused").contains("\"little\""));
    assert!(
        Cv::parse("5~plain")
            .expect("folds")
            .draw(&table(&[20, 4]), &names, Seed(1))
            .is_ok()
    );
    assert_eq!(
        Cv::LeaveOneOut
            .draw(&table(&[3, 1]), &names, Seed(1))
            .expect("draws")
            .len(),
        4
    );
}

#[test]
fn metrics_are_those_of_scikit_learn() {
    let reference: Json = serde_json::from_str(include_str!("reference/forest.json")).expect("JSON");
    let metrics = &reference["metrics"];
    let p: Vec<f64> = serde_json::from_value::<Vec<Vec<f64>>>(metrics["p"].clone())
        .expect("rows")
        .concat();
    let y: Vec<u32> = serde_json::from_value(metrics["y"].clone()).expect("classes");
    let table = Table::new(vec![0.0; y.len()], y, 1, 3).expect("a table");
    for entry in METRICS {
        let (score, theirs) = (
            (entry.build.score)(&table, &p),
            metrics[entry.id].as_f64().expect(entry.id),
        );
        assert!(
            (score - theirs).abs() < 1e-12 * theirs.abs().max(1.0),
            "{}: {score} and {theirs}",
            entry.id
        );
        let (low, high) = (entry.build.interval)(&table, &p);
        assert!(low < score && score < high, "{}: {low} {score} {high}", entry.id);
        assert!(
            (entry.build.score)(&table, &vec![f64::NAN; p.len()]).is_nan(),
            "{}",
            entry.id
        );
    }
    let (low, high) = (METRICS[0].build.interval)(&table, &p);
    let wilson: [f64; 2] = serde_json::from_value(metrics["wilson"].clone()).expect("an interval");
    assert!(
        (low - wilson[0]).abs() < 1e-12 && (high - wilson[1]).abs() < 1e-12,
        "{low} {high}"
    );
}

#[test]
fn wine_is_the_wine_of_the_repository() {
    let wine = dataset("wine", &[]).rows;
    // Sums of the columns by tests/reference/wine.py.
    let sums = [
        2314.11,
        415.87,
        421.24,
        3470.1,
        17754.0,
        408.53,
        361.21,
        64.41,
        283.18,
        900.339_999,
        170.426,
        464.88,
        132_947.0,
    ];
    assert_eq!((wine.rows(), wine.features(), wine.classes()), (178, 13, 3));
    for (feature, sum) in sums.into_iter().enumerate() {
        let ours: f64 = (0..178).map(|row| wine.row(row)[feature]).sum();
        assert!((ours - sum).abs() < 1e-5, "{feature}: {ours} and {sum}");
    }
    assert_eq!(wine.row(0)[..3], [14.23, 1.71, 2.43]);
}

#[test]
fn generated_classes_are_where_they_should_be() {
    // Without noise the class can be told from the row by the formula.
    let quiet = [("noise", "0")];
    let rule = |id: &str, given: &[(&str, &str)], class: &dyn Fn(&[f64]) -> u32| {
        let table = dataset(id, given).rows;
        for row in 0..table.rows() {
            assert_eq!(class(table.row(row)), table.y()[row], "{id}: {:?}", table.row(row));
        }
    };
    let square = |x: &[f64]| x[0] * x[0] + x[1] * x[1];
    rule("circles", &quiet, &|x| u32::from(square(x) < 0.5));
    rule("moons", &quiet, &|x| u32::from((square(x) - 1.0).abs() > 1e-9));
    rule("xor", &quiet, &|x| u32::from((x[0] > 0.0) != (x[1] > 0.0)));
    rule("checkerboard", &quiet, &|x| {
        (x[0].floor() + x[1].floor()).rem_euclid(2.0) as u32
    });
    rule("needle", &[], &|x| u32::from(x[0] + x[1] > 0.0));
    rule("spirals", &quiet, &|x| {
        let t = 3.0 * std::f64::consts::PI * square(x).sqrt();
        u32::from(
            (x[0] - square(x).sqrt() * libm::cos(t)).abs() + (x[1] - square(x).sqrt() * libm::sin(t)).abs() > 1e-6,
        )
    });
}

#[test]
fn a_class_that_is_missing_in_a_fold_is_left_out_of_what_averages_over_classes() {
    let score = |id: &str, y: &[u32], p: &[f64]| {
        let table = Table::new(vec![0.0; y.len()], y.to_vec(), 1, 3).expect("a table");
        (METRICS.iter().find(|e| e.id == id).expect(id).build.score)(&table, p)
    };
    let p = [0.8, 0.2, 0.0, 0.3, 0.7, 0.0, 0.6, 0.4, 0.0];
    assert_eq!(score("balanced", &[0, 1, 1], &p), 0.75);
    assert_eq!(score("auc", &[0, 1, 1], &p), 1.0);
    assert!((score("f1", &[0, 1, 1], &p) - 2.0 / 3.0).abs() < 1e-12);
    assert!(
        score("auc", &[1, 1, 1], &p).is_nan(),
        "one class has nothing to be ranked against"
    );
}

fn groups_stay_together(table: &Table, fold: &tunescape::dataset::Fold) -> bool {
    let groups = table.groups().expect("groups");
    fold.validate
        .iter()
        .all(|&held| fold.train.iter().all(|&row| groups[row] != groups[held]))
}

proptest! {
    #[test]
    fn grouped_folds_hold_every_row_once_and_keep_groups_together(
        sizes in prop::collection::vec(1..9usize, 4..30), folds in 2..4usize, repeats in 1..3usize, seed: u64
    ) {
        let groups: Vec<u32> = sizes.iter().enumerate().flat_map(|(g, &n)| vec![7 * g as u32; n]).collect();
        let n = groups.len();
        let table = table(&[n]).grouped(groups).expect("a group a row");
        let all = Cv::Grouped { folds, repeats }.draw(&table, &[], Seed(seed)).expect("draws");
        prop_assert_eq!(all.len(), folds * repeats);
        for repetition in all.chunks(folds) {
            let mut rows: Vec<usize> = repetition.iter().flat_map(|f| f.validate.clone()).collect();
            rows.sort_unstable();
            prop_assert_eq!(rows, (0..n).collect::<Vec<_>>());
            prop_assert!(spread(repetition.iter().map(|f| f.validate.len())) <= *sizes.iter().max().expect("some"));
            prop_assert!(repetition.iter().all(|fold| groups_stay_together(&table, fold)));
        }
        let split = Split::parse("0.3~grouped").expect("a split").draw(&table, &[], Seed(seed)).expect("draws");
        prop_assert!(groups_stay_together(&table, &split) && !split.validate.is_empty() && !split.train.is_empty());
        let off = split.validate.len().abs_diff((0.3 * n as f64).ceil() as usize);
        prop_assert!(off <= *sizes.iter().max().expect("some"), "{} of {n}", split.validate.len());
    }
}

#[test]
fn groups_that_are_missing_or_too_few_are_named() {
    let cv = Cv::parse("5~grouped").expect("folds");
    let error = cv.draw(&table(&[20]), &[], Seed(1)).expect_err("refused");
    assert!(error.contains("no groups"), "{error}");
    let few = table(&[20])
        .grouped((0..20).map(|i| i / 10).collect())
        .expect("a group a row");
    assert!(
        cv.draw(&few, &[], Seed(1))
            .expect_err("refused")
            .contains("2 groups are fewer")
    );
    let one = table(&[20]).grouped(vec![3; 20]).expect("a group a row");
    assert!(
        Split::parse("0.2~grouped")
            .expect("a split")
            .draw(&one, &[], Seed(1))
            .is_err()
    );
    assert!(table(&[20]).grouped(vec![1]).is_err());
}

/// Sums of the values weighted by feature and by row, and of the classes by row, from scikit-learn's copies.
#[test]
fn packed_data_sets_are_those_of_scikit_learn() {
    for (id, by_feature, by_row, classes) in [
        ("digits", 18_222_371.0, 503_904_265.0, 7_272_861),
        ("cancer", 15_997_027.559_157_1, 290_893_084.613_409_2, 114_561),
    ] {
        let rows = dataset(id, &[]).rows;
        let (mut features, mut lines, mut of_class) = (0.0, 0.0, 0);
        for row in 0..rows.rows() {
            let weighted = |(f, v): (usize, &f64)| v * (f + 1) as f64;
            features += rows.row(row).iter().enumerate().map(weighted).sum::<f64>();
            lines += rows.row(row).iter().sum::<f64>() * (row + 1) as f64;
            of_class += rows.y()[row] as usize * (row + 1);
        }
        assert!((features - by_feature).abs() < 1e-9 * by_feature, "{id}: {features}");
        assert!((lines - by_row).abs() < 1e-9 * by_row, "{id}: {lines}");
        assert_eq!(of_class, classes, "{id}");
    }
    let cancer = dataset("cancer", &[]);
    assert_eq!(cancer.rows.row(5)[..4], [12.45, 15.7, 82.57, 477.1]);
    assert_eq!(
        (cancer.feature_names[10].as_str(), cancer.feature_names[29].as_str()),
        ("radius error", "worst fractal dimension")
    );
}

#[test]
fn penguins_are_the_measured_ones_with_their_gaps() {
    let data = dataset("penguins", &[]);
    assert_eq!(data.rows.class_counts(), [152, 68, 124]);
    let gaps = |f| column(&data.rows, f).iter().filter(|v| v.is_nan()).count();
    assert_eq!((0..6).map(gaps).collect::<Vec<_>>(), [2, 2, 2, 2, 0, 11]);
    let sum = |f| column(&data.rows, f).iter().filter(|v| !v.is_nan()).sum::<f64>();
    for (f, theirs) in [(0, 15021.3), (1, 5865.7), (2, 68713.0), (3, 1_437_000.0), (5, 168.0)] {
        assert!((sum(f) - theirs).abs() < 1e-6, "{f}: {}", sum(f));
    }
}

#[test]
fn a_hypercube_can_be_uneven_and_come_in_copies() {
    let uneven = hypercube(
        &[
            ("imbalance", "9"),
            ("classes", "3"),
            ("informative", "3"),
            ("flip", "0"),
            ("n", "1300"),
        ],
        1,
    )
    .expect("builds");
    assert_eq!(uneven.rows.class_counts(), [900, 300, 100]);
    let copies = hypercube(&[("copies", "4"), ("flip", "0")], 1).expect("builds").rows;
    let groups = copies.groups().expect("groups");
    let far = |a: usize, b: usize| -> f64 {
        copies
            .row(a)
            .iter()
            .zip(copies.row(b))
            .map(|(x, y)| (x - y) * (x - y))
            .sum()
    };
    let mut nearest_is_kin = 0;
    for row in 0..200 {
        let near = (0..copies.rows())
            .filter(|&o| o != row)
            .min_by(|&a, &b| far(row, a).total_cmp(&far(row, b)))
            .expect("rows");
        nearest_is_kin += usize::from(groups[near] == groups[row]);
        assert!((0..copies.rows()).all(|o| groups[o] != groups[row] || copies.y()[o] == copies.y()[row]));
    }
    assert!(nearest_is_kin > 180, "{nearest_is_kin}");
}
