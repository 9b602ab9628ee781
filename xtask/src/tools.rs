//! The programs beside the compiler, each pinned, kept in the user's cache or found on the machine.

use crate::paths::Paths;
use crate::process::which;
use std::path::PathBuf;

/// A tool that `cargo install` builds into the cache.
#[derive(Debug)]
pub struct CargoTool {
    /// The package.
    pub package: &'static str,
    /// Its exact version.
    pub version: &'static str,
    /// The program wanted from it.
    pub program: &'static str,
    /// Build with the package's own lock file.
    pub locked: bool,
    /// How long that takes on two cores.
    pub takes: &'static str,
}

/// Bundles the page.
pub const TRUNK: CargoTool = CargoTool {
    package: "trunk",
    version: "0.21.14",
    program: "trunk",
    locked: true,
    takes: "5 to 10 minutes",
};

/// Writes the JavaScript around a wasm module. Has to be the very version of the `wasm-bindgen` crate.
/// Its own lock file names a version that does not build here.
pub const WASM_BINDGEN: CargoTool = CargoTool {
    package: "wasm-bindgen-cli",
    version: "0.2.130",
    program: "wasm-bindgen",
    locked: false,
    takes: "2 to 4 minutes",
};

/// Version of the npm package `binaryen`, whose `wasm-opt` runs in Node.
pub const BINARYEN: &str = "132.0.0";

/// Passes Node's place on to Trunk's hooks, where the compiler's directory comes first on the path.
pub const ENV_NODE: &str = "TUNESCAPE_NODE";

impl CargoTool {
    /// Its `cargo install --root`.
    pub fn home(&self, paths: &Paths) -> PathBuf {
        paths.tools.join(format!("{}-{}", self.package, self.version))
    }

    /// Directory of its programs.
    pub fn bin(&self, paths: &Paths) -> PathBuf {
        self.home(paths).join("bin")
    }

    /// The wanted program, if installed.
    pub fn found(&self, paths: &Paths) -> Option<PathBuf> {
        Some(
            self.bin(paths)
                .join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX)),
        )
        .filter(|file| file.is_file())
    }
}

/// The npm prefix that holds binaryen.
pub fn binaryen_home(paths: &Paths) -> PathBuf {
    paths.tools.join(format!("binaryen-{BINARYEN}"))
}

/// The script of `wasm-opt`, if installed.
pub fn wasm_opt(paths: &Paths) -> Option<PathBuf> {
    Some(binaryen_home(paths).join("node_modules/binaryen/bin/wasm-opt")).filter(|file| file.is_file())
}

/// Node.
pub fn node() -> Option<PathBuf> {
    std::env::var_os(ENV_NODE)
        .map(PathBuf::from)
        .or_else(|| which(&["node", "nodejs"]))
}

/// A Chromium or a relative of it.
pub fn chromium() -> Option<PathBuf> {
    std::env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .or_else(|| which(&["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]))
}

/// A Firefox.
pub fn firefox() -> Option<PathBuf> {
    std::env::var_os("FIREFOX")
        .map(PathBuf::from)
        .or_else(|| which(&["firefox", "firefox-esr"]))
}

/// The WebDriver of that Chromium, for wasm-bindgen's own test runner.
pub fn chromedriver() -> Option<PathBuf> {
    std::env::var_os("CHROMEDRIVER")
        .map(PathBuf::from)
        .or_else(|| which(&["chromedriver"]))
}
