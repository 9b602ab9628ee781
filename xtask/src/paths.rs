//! Where things are: the repository, its target directory, and the user's tool cache.

use anyhow::{Context, Result};
use std::env;
use std::path::PathBuf;

/// The directories every command works with, all absolute.
#[derive(Debug, Clone)]
pub struct Paths {
    /// The repository's top level.
    pub root: PathBuf,
    /// Cargo's target directory for native builds; wasm builds go below it.
    pub target: PathBuf,
    /// Installed tools, one directory `NAME-VERSION` each, shared by all checkouts.
    pub tools: PathBuf,
}

impl Paths {
    /// Reads them from the environment that `cargo run` sets.
    ///
    /// # Errors
    /// If neither a cache nor a home directory is known.
    pub fn find() -> Result<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .context("the xtask crate has no parent directory")?
            .to_path_buf();
        // Below Trunk's hooks CARGO_TARGET_DIR is the wasm one: the outer xtask passes the native one on.
        let target = env::var_os(ENV_TARGET)
            .or_else(|| env::var_os("CARGO_TARGET_DIR"))
            .map_or_else(|| root.join("target"), |dir| root.join(dir));
        let cache = env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .filter(|dir| dir.is_absolute())
            .or_else(|| env::home_dir().map(|home| home.join(".cache")))
            .context("no cache directory: set HOME or XDG_CACHE_HOME")?;
        Ok(Self {
            root,
            target,
            tools: cache.join("tunescape").join("tools"),
        })
    }

    /// What is served and deployed.
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Target directory of the wasm builds without shared memory: the page and the single-thread worker.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// Target directory of the threaded worker, whose standard library is built with atomics.
    pub fn threads_target(&self) -> PathBuf {
        self.target.join("wasm-threads")
    }

    /// Modules as they were before they were split, with the names of their functions.
    pub fn whole(&self) -> PathBuf {
        self.target.join("whole")
    }
}

/// Carries [`Paths::target`] through Trunk to its hooks.
pub const ENV_TARGET: &str = "TUNESCAPE_NATIVE_TARGET";
