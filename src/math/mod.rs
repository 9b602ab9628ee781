//! Linear algebra, optimizers and special functions, the same bits on every target.
//!
//! Only `+ − × ÷ √` and `libm` are used, every sum has a written order, and nothing is fused: that is what makes a trace of a study in the
//! browser equal to the native one.
#![forbid(unsafe_code)]

pub mod cholesky;
pub mod eigen;
pub mod exp;
pub mod first_best;
mod joe_kuo;
pub mod lbfgs;
pub mod normal;
pub mod product;
pub mod rows;
pub mod scalar;
pub mod signed_rank;
pub mod sobol;
pub mod student;
pub mod tree;
