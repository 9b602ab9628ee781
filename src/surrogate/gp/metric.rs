//! How points are compared: warped, and measured in lengthscales.

use super::hyper::Hyperparameters;
use super::kernel::{Axis, Kernel};
use super::kumaraswamy;
use super::likelihood::{add_squares, inverse_squares};

/// r² between points, and the kernel that makes a correlation of it.
#[derive(Clone)]
pub(super) struct Metric {
    pub(super) axes: Vec<Axis>,
    pub(super) kernel: &'static dyn Kernel,
    /// 1/ℓ² an axis.
    pub(super) weights: Vec<f64>,
    warps: Vec<[f64; 2]>,
}

impl PartialEq for Metric {
    fn eq(&self, other: &Metric) -> bool {
        let parts = |m: &Metric| (m.axes.clone(), m.weights.clone(), m.warps.clone());
        std::ptr::addr_eq(self.kernel, other.kernel) && parts(self) == parts(other)
    }
}

impl Metric {
    pub(super) fn new(axes: &[Axis], kernel: &'static dyn Kernel, hyper: &Hyperparameters) -> Metric {
        Metric {
            axes: axes.to_vec(),
            kernel,
            weights: inverse_squares(&hyper.lengthscales),
            warps: hyper.warps.clone(),
        }
    }

    fn warp(&self, axis: usize) -> Option<[f64; 2]> {
        self.warps.get(axis).copied().filter(|warp| *warp != [1.0, 1.0])
    }

    /// A point's coordinates, warped.
    pub(super) fn warped(&self, point: &[f64]) -> Vec<f64> {
        let one = |(axis, u): (usize, &f64)| self.warp(axis).map_or(*u, |warp| kumaraswamy::warp(warp, *u));
        point.iter().enumerate().map(one).collect()
    }

    /// The derivative of a warped coordinate by the coordinate `u`.
    pub(super) fn slope(&self, axis: usize, u: f64) -> f64 {
        self.warp(axis).map_or(1.0, |warp| kumaraswamy::slopes(warp, u).0)
    }

    /// r² between a warped point and those given axis by axis, as many as `row` is long.
    pub(super) fn squares(&self, warped: &[f64], columns: &[Vec<f64>], row: &mut [f64]) {
        row.fill(0.0);
        for (d, column) in columns.iter().enumerate() {
            add_squares(self.axes[d], self.weights[d], warped[d], column, row);
        }
    }
}
