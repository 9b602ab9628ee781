//! Kernels of one row with many, and a bounded memory of them.

use crate::dataset::Table;
use crate::math::exp::exp;
use crate::math::rows::{add_rows, dot};

#[derive(Clone, Copy)]
pub(super) enum Kernel {
    /// x·x'.
    Linear,
    /// exp(−gamma |x − x'|²).
    Rbf { gamma: f64 },
    /// (gamma x·x' + offset)^degree.
    Polynomial { gamma: f64, offset: f64, degree: u32 },
}

impl Kernel {
    /// The kernel of two points by their product and their squared lengths.
    #[inline(always)]
    fn of(self, product: f64, a: f64, b: f64) -> f64 {
        match self {
            Kernel::Linear => product,
            Kernel::Rbf { gamma } => {
                let square = a + b - 2.0 * product;
                exp(-gamma * if square < 0.0 { 0.0 } else { square })
            }
            Kernel::Polynomial { gamma, offset, degree } => {
                let base = gamma * product + offset;
                (0..degree).fold(1.0, |power, _| power * base)
            }
        }
    }
}

/// Rows, feature by feature, so that kernels with all of them are computed side by side.
pub(super) struct Points {
    columns: Vec<f64>,
    squares: Vec<f64>,
    features: usize,
}

impl Points {
    /// The rows of a table at `members`.
    pub fn new(table: &Table, members: &[usize]) -> Points {
        let columns = (0..table.features())
            .flat_map(|feature| members.iter().map(move |&row| table.row(row)[feature]))
            .collect();
        Points {
            columns,
            squares: members.iter().map(|&row| dot(table.row(row), table.row(row))).collect(),
            features: table.features(),
        }
    }

    pub fn len(&self) -> usize {
        self.squares.len()
    }

    fn column(&self, feature: usize) -> &[f64] {
        &self.columns[feature * self.len()..(feature + 1) * self.len()]
    }

    fn row(&self, row: usize) -> impl Iterator<Item = f64> {
        self.columns.iter().skip(row).step_by(self.len().max(1)).copied()
    }

    /// The kernel of `x` with every point.
    pub fn kernels(&self, kernel: Kernel, x: &[f64], result: &mut [f64]) {
        result.fill(0.0);
        add_rows(result, x, |feature| self.column(feature));
        let square = dot(x, x);
        // The choice of the kernel outside of the loop, so that the loop is straight.
        match kernel {
            Kernel::Linear => {}
            Kernel::Rbf { gamma } => self.map(Kernel::Rbf { gamma }, square, result),
            Kernel::Polynomial { gamma, offset, degree } => {
                self.map(Kernel::Polynomial { gamma, offset, degree }, square, result);
            }
        }
    }

    #[inline(always)]
    fn map(&self, kernel: Kernel, square: f64, result: &mut [f64]) {
        for (value, other) in result.iter_mut().zip(&self.squares) {
            *value = kernel.of(*value, square, *other);
        }
    }
}

/// Rows that are looked at side by side.
pub(super) const LANES: usize = 4;

/// All kernels together take at most about this many bytes.
const MOST_BYTES: usize = 64 << 20;

/// Rows of the kernel matrix, those used last. All are filled up with zeros to a multiple of [`LANES`].
pub(super) struct Cache<'a> {
    kernel: Kernel,
    points: &'a Points,
    /// The kernel of every point with itself.
    pub diagonal: Vec<f64>,
    values: Vec<f64>,
    /// The slot of every row, or `u32::MAX`.
    slots: Vec<u32>,
    /// The row of every slot, and when it was last used.
    owners: Vec<(usize, u64)>,
    most: usize,
    time: u64,
    /// Rows computed so far.
    pub computed: u64,
    x: Vec<f64>,
}

impl<'a> Cache<'a> {
    pub fn new(kernel: Kernel, points: &'a Points) -> Cache<'a> {
        let n = points.len();
        let mut diagonal: Vec<f64> = points.squares.iter().map(|&s| kernel.of(s, s, s)).collect();
        diagonal.resize(n.next_multiple_of(LANES), 0.0);
        Cache {
            kernel,
            points,
            diagonal,
            values: Vec::new(),
            slots: vec![u32::MAX; n],
            owners: Vec::new(),
            most: (MOST_BYTES / 8 / n.max(1)).clamp(2, n.max(2)),
            time: 0,
            computed: 0,
            x: Vec::new(),
        }
    }

    /// Operations that a row takes.
    pub fn price(&self) -> u64 {
        (self.points.len() * (self.points.features + 1)) as u64
    }

    /// Makes row `i` present; the row used last before it stays.
    pub fn fetch(&mut self, i: usize) {
        self.time += 1;
        if let Some((_, used)) = self.owners.get_mut(self.slots[i] as usize) {
            *used = self.time;
            return;
        }
        let length = self.diagonal.len();
        let slot = if self.owners.len() < self.most {
            self.owners.push((i, 0));
            self.values.resize(self.owners.len() * length, 0.0);
            self.owners.len() - 1
        } else {
            let oldest = (0..self.owners.len())
                .min_by_key(|&slot| self.owners[slot].1)
                .unwrap_or(0);
            self.slots[self.owners[oldest].0] = u32::MAX;
            oldest
        };
        self.owners[slot] = (i, self.time);
        self.slots[i] = slot as u32;
        self.computed += 1;
        self.x.clear();
        self.x.extend(self.points.row(i));
        let row = &mut self.values[slot * length..][..self.points.len()];
        self.points.kernels(self.kernel, &self.x, row);
    }

    /// A row that was fetched.
    pub fn row(&self, i: usize) -> &[f64] {
        let length = self.diagonal.len();
        &self.values[self.slots[i] as usize * length..][..length]
    }
}
