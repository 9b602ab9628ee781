//! Content hashes that tell whether anything has to be built again, and which builds belong together.

use crate::paths::Paths;
use crate::toolchain::Compiler;
use crate::tools::{BINARYEN, TRUNK, WASM_BINDGEN};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// What the page shares with its workers: everything but the rooms only the page or the command line sees.
/// A change in those leaves the workers, and the build id, as they are.
const NOT_IN_WORKERS: [&str; 4] = ["src/ui", "src/plot", "src/bin/app.rs", "src/bin/tunescape"];
/// Everything that ends up in `dist/`.
const PAGE_INPUTS: [&str; 8] = [
    "src",
    "www",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    "xtask/src",
    "xtask/Cargo.toml",
];

/// 64-bit FNV-1a: stable across compilers, and nothing here has to withstand an attacker.
#[derive(Debug, Clone, Copy)]
pub struct Hash(u64);

impl Hash {
    /// The hash of nothing.
    pub const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    /// Takes in some bytes and their number, so that neighbours cannot run into each other.
    pub fn add(&mut self, bytes: &[u8]) -> &mut Self {
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        self
    }

    /// Sixteen hexadecimal digits.
    pub fn hex(self) -> String {
        format!("{:016x}", self.0)
    }
}

/// The build id: baked into page and workers as `TUNESCAPE_BUILD`, put into worker URLs, compared in `Ready`.
///
/// # Errors
/// If a source file cannot be read.
pub fn build_id(paths: &Paths, plain: &Compiler, threads: &Compiler) -> Result<String> {
    let mut hash = Hash::new();
    hash.add(plain.version.as_bytes())
        .add(threads.version.as_bytes())
        .add(WASM_BINDGEN.version.as_bytes());
    let flags = fs::read(paths.root.join("xtask/src/workers.rs")).context("cannot read xtask/src/workers.rs")?;
    hash.add(&flags);
    add_files(&mut hash, paths, &["src", "Cargo.toml", "Cargo.lock"], &NOT_IN_WORKERS)?;
    Ok(hash.hex())
}

/// The hash of everything `dist/` is made of.
///
/// # Errors
/// If a source file cannot be read.
pub fn page_inputs(paths: &Paths, build_id: &str) -> Result<String> {
    let mut hash = Hash::new();
    hash.add(build_id.as_bytes())
        .add(TRUNK.version.as_bytes())
        .add(BINARYEN.as_bytes());
    add_files(&mut hash, paths, &PAGE_INPUTS, &[])?;
    Ok(hash.hex())
}

fn add_files(hash: &mut Hash, paths: &Paths, tops: &[&str], skip: &[&str]) -> Result<()> {
    let skip: Vec<PathBuf> = skip.iter().map(|path| paths.root.join(path)).collect();
    for top in tops {
        for file in files_below(&paths.root.join(top), &skip)? {
            let name = file
                .strip_prefix(&paths.root)
                .unwrap_or(&file)
                .to_string_lossy()
                .replace('\\', "/");
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            hash.add(name.as_bytes()).add(&bytes);
        }
    }
    Ok(())
}

/// All files below `top`, which may be a file itself, in a fixed order.
///
/// # Errors
/// If a directory cannot be read.
pub fn files_below(top: &Path, skip: &[PathBuf]) -> Result<Vec<PathBuf>> {
    if skip.iter().any(|path| path == top) || !top.exists() {
        return Ok(Vec::new());
    }
    if top.is_file() {
        return Ok(vec![top.to_path_buf()]);
    }
    let entries = fs::read_dir(top).with_context(|| format!("cannot list {}", top.display()))?;
    let mut children = entries
        .map(|entry| entry.map(|e| e.path()))
        .collect::<std::io::Result<Vec<_>>>()?;
    children.sort();
    let mut files = Vec::new();
    for child in children {
        files.extend(files_below(&child, skip)?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::Hash;

    #[test]
    fn neighbours_do_not_run_into_each_other() {
        assert_ne!(
            Hash::new().add(b"ab").add(b"c").hex(),
            Hash::new().add(b"a").add(b"bc").hex()
        );
        assert_eq!(Hash::new().add(b"ab").hex(), Hash::new().add(b"ab").hex());
    }
}
