//! Weights and learning rates of CMA-ES by dimension and population (Hansen 2016, table 1, with negative weights).

/// What a generation's ranks weigh, and how fast it is learned from.
#[derive(Clone, Debug)]
pub(super) struct Rates {
    /// λ: points a generation.
    pub(super) population: usize,
    /// wᵢ by rank: those of the better half sum to 1, the others are negative.
    pub(super) weights: Vec<f64>,
    /// μ_eff = 1 / Σ wᵢ² over the better half.
    pub(super) effective: f64,
    /// c_σ and d_σ of the step size's path.
    pub(super) step: f64,
    pub(super) damping: f64,
    /// c_c of the covariance's path.
    pub(super) path: f64,
    /// c₁ and c_μ.
    pub(super) rank_one: f64,
    pub(super) rank_mu: f64,
}

impl Rates {
    /// In `dimensions` dimensions with `population` points.
    pub(super) fn new(dimensions: usize, population: usize) -> Rates {
        let n = dimensions.max(1) as f64;
        let raw: Vec<f64> = (1..=population)
            .map(|i| libm::log((population as f64 + 1.0) / 2.0) - libm::log(i as f64))
            .collect();
        let parents = population / 2;
        let sums = |part: &[f64]| (part.iter().sum::<f64>(), part.iter().map(|w| w * w).sum::<f64>());
        let (sum, squares) = sums(&raw[..parents]);
        let (negative, negative_squares) = sums(&raw[parents..]);
        let effective = sum * sum / squares;
        let rank_one = 2.0 / ((n + 1.3) * (n + 1.3) + effective);
        let rank_mu = (2.0 * (0.25 + effective + 1.0 / effective - 2.0) / ((n + 2.0) * (n + 2.0) + effective))
            .min(1.0 - rank_one);
        // How much the worse half may weigh: not more than keeps the covariance positive definite.
        let negative_effective = negative * negative / negative_squares.max(1e-300);
        let least = (1.0 + rank_one / rank_mu)
            .min(1.0 + 2.0 * negative_effective / (effective + 2.0))
            .min((1.0 - rank_one - rank_mu) / (n * rank_mu))
            .max(0.0);
        let weigh = |w: &f64| if *w >= 0.0 { w / sum } else { least * w / -negative };
        let step = (effective + 2.0) / (n + effective + 5.0);
        Rates {
            population,
            weights: raw.iter().map(weigh).collect(),
            step,
            damping: 1.0 + step + 2.0 * (libm::sqrt((effective - 1.0) / (n + 1.0)) - 1.0).max(0.0),
            path: (4.0 + effective / n) / (n + 4.0 + 2.0 * effective / n),
            effective,
            rank_one,
            rank_mu,
        }
    }

    /// μ: the size of the better half.
    pub(super) fn parents(&self) -> usize {
        self.population / 2
    }
}
