//! Feature values in at most 255 bins, and missing ones in a bin of their own.

/// The bin of a missing value.
pub(super) const MISSING: u8 = u8::MAX;

/// Places in a histogram of one feature.
pub(super) const PLACES: usize = 256;

/// Every value's bin, feature by feature.
pub(super) struct Bins {
    rows: usize,
    columns: Vec<u8>,
    /// The largest value of every bin but the last.
    thresholds: Vec<Vec<f64>>,
    missing: Vec<bool>,
}

impl Bins {
    /// The row-major `x` in up to `most` bins a feature, at most 255: one for every distinct value, or else for as many equal shares of the
    /// rows. NaN is missing.
    pub fn of(x: &[f64], features: usize, most: usize) -> Bins {
        let rows = x.len() / features;
        let mut columns = Vec::with_capacity(x.len());
        let (mut thresholds, mut missing) = (Vec::new(), Vec::new());
        let mut sorted = Vec::with_capacity(rows);
        for feature in 0..features {
            let column = || x.iter().skip(feature).step_by(features).copied();
            sorted.clear();
            sorted.extend(column().filter(|v| !v.is_nan()));
            sorted.sort_unstable_by(f64::total_cmp);
            let own = ends(&sorted, most);
            columns.extend(column().map(|value| bin(value, &own)));
            thresholds.push(own);
            missing.push(sorted.len() < rows);
        }
        Bins {
            rows,
            columns,
            thresholds,
            missing,
        }
    }

    /// Other rows in the same bins.
    pub fn like(&self, x: &[f64]) -> Bins {
        let features = self.features();
        let column = |feature| x.iter().skip(feature).step_by(features).copied();
        let bins = |feature: usize| column(feature).map(move |value| bin(value, &self.thresholds[feature]));
        Bins {
            rows: x.len() / features,
            columns: (0..features).flat_map(bins).collect(),
            thresholds: self.thresholds.clone(),
            missing: self.missing.clone(),
        }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn features(&self) -> usize {
        self.thresholds.len()
    }

    /// The bin of every row.
    pub fn column(&self, feature: usize) -> &[u8] {
        &self.columns[feature * self.rows..][..self.rows]
    }

    /// Number of bins, without the one of missing values.
    pub fn count(&self, feature: usize) -> usize {
        self.thresholds[feature].len() + 1
    }

    pub fn has_missing(&self, feature: usize) -> bool {
        self.missing[feature]
    }

    /// The largest value of a bin: infinite for the last one.
    pub fn threshold(&self, feature: usize, bin: u8) -> f64 {
        self.thresholds[feature]
            .get(usize::from(bin))
            .copied()
            .unwrap_or(f64::INFINITY)
    }

    pub fn bytes(&self) -> usize {
        self.columns.len() + self.thresholds.iter().map(|t| t.len() * 8).sum::<usize>()
    }
}

fn bin(value: f64, thresholds: &[f64]) -> u8 {
    if value.is_nan() {
        return MISSING;
    }
    thresholds.partition_point(|threshold| *threshold < value) as u8
}

/// Where bins end: midway between neighbouring values.
fn ends(sorted: &[f64], most: usize) -> Vec<f64> {
    // Below the upper value whatever the rounding.
    let middle = |a: f64, b: f64| {
        let middle = a / 2.0 + b / 2.0;
        if middle >= b || middle < a { a } else { middle }
    };
    let changes = sorted.windows(2).filter(|pair| pair[0] < pair[1]);
    if changes.clone().count() < most {
        return changes.map(|pair| middle(pair[0], pair[1])).collect();
    }
    let quantile = |i: usize| {
        let place = i as f64 * (sorted.len() - 1) as f64 / most as f64;
        let (low, high) = (libm::floor(place) as usize, libm::ceil(place) as usize);
        middle(sorted[low], sorted[high])
    };
    let mut ends: Vec<f64> = (1..most).map(quantile).collect();
    ends.dedup();
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_have_a_bin_each_and_many_share_them_evenly() {
        let bins = Bins::of(&[3.0, 1.0, f64::NAN, 3.0, 2.0], 1, 255);
        assert_eq!(bins.column(0), [2, 0, MISSING, 2, 1]);
        assert_eq!(
            (bins.threshold(0, 0), bins.threshold(0, 1), bins.threshold(0, 2)),
            (1.5, 2.5, f64::INFINITY)
        );
        assert!(bins.has_missing(0));
        let x: Vec<f64> = (0..1000).map(|i| f64::from(i * 617 % 1000)).collect();
        let bins = Bins::of(&x, 1, 10);
        let mut counts = [0; 10];
        bins.column(0).iter().for_each(|&b| counts[usize::from(b)] += 1);
        assert!(counts.iter().all(|c| (99..=101).contains(c)), "{counts:?}");
        for (value, bin) in x.iter().zip(bins.column(0)) {
            assert_eq!(*value <= bins.threshold(0, 4), *bin <= 4);
        }
    }
}
