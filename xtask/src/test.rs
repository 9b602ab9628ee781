//! `cargo xtask test`.
use crate::paths::Paths;
use anyhow::Result;
use std::process::ExitCode;
pub fn command(_paths: &Paths, _args: &[String]) -> Result<ExitCode> { Ok(ExitCode::SUCCESS) }
