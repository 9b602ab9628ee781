//! Finding a compiler that can build for the browser, without asking the network.
//!
//! Two roads lead there. Where rustup can download, the pinned nightly with the standard library's source builds the
//! threaded worker and stable builds the rest. Debian packages a compiler with that source (`rustc-web`), which builds
//! everything. Unstable flags are unlocked with `RUSTC_BOOTSTRAP` on either.

use crate::process::{capture, which};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The nightly that rustup is asked for: from the weeks of Rust 1.96, which is what Debian's package holds.
pub const NIGHTLY: &str = "nightly-2026-05-20";
/// The only target outside the machine.
pub const WASM: &str = "wasm32-unknown-unknown";
/// Where Debian's packages put their compiler.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
/// `rust-version` of the workspace, as its minor number.
const OLDEST_MINOR: u32 = 95;

/// A compiler and what it can do for the browser.
#[derive(Debug, Clone)]
pub struct Compiler {
    /// Where it was found, in words.
    pub origin: String,
    /// Directory of `rustc` and `cargo`.
    pub bin: PathBuf,
    /// `rustc --version`.
    pub version: String,
    minor: u32,
    /// It holds a ready standard library for the browser.
    pub has_target: bool,
    /// It holds the standard library's source.
    pub has_source: bool,
    /// It brings its own wasm linker.
    bundled_linker: bool,
    /// Else the linker found beside it.
    pub linker: Option<PathBuf>,
}

/// Which compiler builds what.
#[derive(Debug, Clone)]
pub struct Compilers {
    /// For the page and the single-thread worker.
    pub plain: Option<Compiler>,
    /// For the threaded worker, with a standard library built for shared memory.
    pub threads: Option<Compiler>,
}

impl Compiler {
    fn probe(origin: &str, rustc: &Path) -> Option<Self> {
        let sysroot = PathBuf::from(capture(Command::new(rustc).args(["--print", "sysroot"]))?);
        let bin = sysroot.join("bin");
        let verbose = capture(Command::new(bin.join("rustc")).arg("-vV"))?;
        let field = |name: &str| verbose.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
        let release = field("release:")?;
        let lib = sysroot.join("lib").join("rustlib");
        let bundled_linker = lib.join(field("host:")?).join("bin").join("rust-lld").is_file();
        bin.join("cargo").is_file().then(|| Self {
            origin: origin.to_string(),
            version: verbose.lines().next().unwrap_or_default().to_string(),
            minor: release
                .split('.')
                .nth(1)
                .and_then(|minor| minor.parse().ok())
                .unwrap_or(0),
            has_target: lib.join(WASM).join("lib").is_dir(),
            has_source: lib.join("src/rust/library/Cargo.lock").is_file()
                || lib.join("src/rust/library/std/Cargo.toml").is_file(),
            bundled_linker,
            linker: if bundled_linker {
                None
            } else {
                wasm_ld(field("LLVM version:"))
            },
            bin,
        })
    }

    /// New enough, and able to link.
    pub fn usable(&self) -> bool {
        self.minor >= OLDEST_MINOR && (self.bundled_linker || self.linker.is_some())
    }

    /// Whether the standard library has to be built along, for a build with or without shared memory.
    pub fn builds_std(&self, threads: bool) -> bool {
        threads || !self.has_target
    }

    /// Sets everything that makes `command`, and all it starts, build with this compiler.
    pub fn apply(&self, command: &mut Command, threads: bool) {
        // Ahead of rustup's proxies: else a dependency's own toolchain file makes one fail in the middle of a build.
        let mut path = vec![self.bin.clone()];
        path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
        if let Ok(joined) = std::env::join_paths(path) {
            command.env("PATH", joined);
        }
        command
            .env("RUSTC", self.bin.join("rustc"))
            .env("CARGO", self.bin.join("cargo"))
            .env_remove("RUSTUP_TOOLCHAIN");
        if let Some(linker) = &self.linker {
            command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
        }
        // Unlocks the flags that make a program small, on a stable compiler too.
        command.env("RUSTC_BOOTSTRAP", "1");
        if self.builds_std(threads) {
            command.env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort");
        }
    }

    /// A cargo command with this compiler and everything it needs.
    pub fn cargo(&self, threads: bool) -> Command {
        let mut command = Command::new(self.bin.join("cargo"));
        self.apply(&mut command, threads);
        command
    }
}

impl Compilers {
    /// Looks at what is installed; asks no network.
    pub fn find() -> Self {
        let all = candidates();
        let usable = || all.iter().filter(|compiler| compiler.usable());
        Self {
            plain: usable()
                .find(|c| c.has_target)
                .or_else(|| usable().find(|c| c.has_source))
                .cloned(),
            threads: usable().find(|c| c.has_source).cloned(),
        }
    }
}

/// Every compiler worth looking at: the one in use, the pinned nightly, and the system's.
pub fn candidates() -> Vec<Compiler> {
    let running = std::env::var_os("RUSTC").unwrap_or_else(|| OsString::from("rustc"));
    let mut found = Vec::new();
    found.extend(Compiler::probe("the Rust in use", Path::new(&running)));
    if let Some(rustc) = capture(Command::new("rustup").args(["which", "--toolchain", NIGHTLY, "rustc"])) {
        found.extend(Compiler::probe("rustup's pinned nightly", Path::new(&rustc)));
    }
    found.extend(Compiler::probe("the system's package", Path::new(DEBIAN_RUSTC)));
    let mut seen = Vec::new();
    found.retain(|compiler: &Compiler| {
        let fresh = !seen.contains(&compiler.bin);
        seen.push(compiler.bin.clone());
        fresh
    });
    found
}

/// LLVM's wasm linker: of the compiler's own LLVM release where possible, else whatever is on the path.
fn wasm_ld(llvm: Option<&str>) -> Option<PathBuf> {
    let major = llvm.and_then(llvm_major).unwrap_or(22);
    let own = PathBuf::from(format!("/usr/lib/llvm-{major}/bin/wasm-ld"));
    let versioned = format!("wasm-ld-{major}");
    if own.is_file() {
        Some(own)
    } else {
        which(&[&versioned, "wasm-ld"])
    }
}

fn llvm_major(version: &str) -> Option<u32> {
    version.split('.').next()?.trim().parse().ok()
}

/// The package with the linker that fits Debian's compiler, once that is installed.
pub fn debian_linker_package() -> String {
    let verbose = capture(Command::new(DEBIAN_RUSTC).arg("-vV")).unwrap_or_default();
    let llvm = verbose.lines().find_map(|line| line.strip_prefix("LLVM version:"));
    format!("lld-{}", llvm.and_then(llvm_major).unwrap_or(22))
}
