//! Data to learn from: one file a data set, splits, and what predictions are measured by.
#![forbid(unsafe_code)]

mod blobs;
mod cancer;
mod checkerboard;
mod circles;
mod csv;
mod cv;
mod digits;
mod generated;
mod hypercube;
mod iris;
mod memo;
mod metric;
mod moons;
mod needle;
mod packed;
mod penguins;
mod spirals;
mod split;
mod table;
mod unpack;
mod wine;
mod xor;

pub use csv::{Csv, MOST_BYTES as MOST_CSV_BYTES};
pub use cv::Cv;
pub use memo::{Key, MOST_BYTES, bytes as remembered_bytes};
pub use metric::{METRICS, Metric};
pub use packed::{Fetch, fetch_with};
pub use split::{Fold, Split};
pub use table::{Column, Table};

use crate::registry::{Entry, Settings};
use crate::seed::Seed;
use std::sync::Arc;

/// A data set.
#[derive(Clone)]
pub struct Dataset {
    /// Id of its entry.
    pub id: &'static str,
    /// The rows.
    pub rows: Arc<Table>,
    /// A name for each feature.
    pub feature_names: Vec<String>,
    /// A name for each class.
    pub class_names: Vec<String>,
    /// Where a problem is generated: new rows of it.
    pub fresh: Option<Arc<dyn Fresh>>,
}

/// A problem that can be drawn from again.
pub trait Fresh: Send + Sync {
    /// New rows, independent of the data set's own.
    ///
    /// # Errors
    /// If there are too many rows for a table.
    fn draw(&self, rows: usize) -> Result<Table, String>;
}

/// Builds a data set from its settings. The seed serves fresh draws only: the rows themselves depend on the settings alone, so that
/// "the same data" means the same in every study.
pub type Build = fn(&Settings, Seed) -> Result<Dataset, String>;

/// Every data set.
pub static DATASETS: &[Entry<Build>] = &[
    iris::ENTRY,
    wine::ENTRY,
    cancer::ENTRY,
    digits::ENTRY,
    penguins::ENTRY,
    moons::ENTRY,
    circles::ENTRY,
    spirals::ENTRY,
    blobs::ENTRY,
    xor::ENTRY,
    checkerboard::ENTRY,
    hypercube::ENTRY,
    needle::ENTRY,
];
