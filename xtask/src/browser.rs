//! Node scripts that lead a browser through the built page, in `tests/browser/`.

use crate::install;
use crate::paths::Paths;
use crate::test::node_modules;
use crate::tools;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// What such scripts need.
pub struct Browser {
    node: PathBuf,
    folder: PathBuf,
    dist: PathBuf,
    chromium: PathBuf,
}

impl Browser {
    /// Finds it, or installs it.
    ///
    /// # Errors
    /// If something cannot be installed.
    pub fn find(paths: &Paths) -> Result<Browser> {
        let folder = paths.root.join("tests").join("browser");
        node_modules(&folder)?;
        let node = tools::node().context("Node is not installed")?;
        Ok(Browser {
            node,
            folder,
            dist: paths.dist(),
            chromium: install::chromium()?,
        })
    }

    /// Node in the folder of the scripts, told where the page and Chromium are.
    pub fn node(&self) -> Command {
        let mut command = Command::new(&self.node);
        command
            .current_dir(&self.folder)
            .env("TUNESCAPE_DIST", &self.dist)
            .env("TUNESCAPE_CHROMIUM", &self.chromium);
        command
    }
}
