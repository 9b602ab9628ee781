//! Trunk's build hook: the two builds of the worker, which Trunk cannot give flags of their own.

use crate::fingerprint::{self, Hash};
use crate::first_load;
use crate::install;
use crate::paths::Paths;
use crate::process::{run, say};
use crate::split;
use crate::toolchain::{Compiler, WASM};
use crate::tools::{BINARYEN, WASM_BINDGEN};
use crate::wasm_opt::{self, Level};
use anyhow::{Context, Result, anyhow, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

/// The build id's variable, read with `option_env!` where page and worker compare it.
pub const ENV_BUILD: &str = "TUNESCAPE_BUILD";

/// A shared memory has to state its largest size; above one GiB it can fail on phones.
const MAX_MEMORY: u32 = 1 << 30;
/// `+atomics` alone no longer makes the linker share the memory, nor export what a new thread needs.
const SHARED_EXPORTS: [&str; 5] = [
    "__heap_base",
    "__wasm_init_tls",
    "__tls_size",
    "__tls_align",
    "__tls_base",
];

/// What the module of one thread is compiled with, wherever it is built.
pub const SIMD: &str = "-Ctarget-feature=+simd128";

/// One build of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A rayon pool over shared memory: for isolated pages.
    Threads,
    /// For any host and any frame.
    Single,
}

impl Kind {
    /// Its directory below `worker/` in `dist/`.
    fn name(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Single => "single",
        }
    }

    fn feature(self) -> &'static str {
        match self {
            Self::Threads => "threads",
            Self::Single => "worker",
        }
    }

    fn target(self, paths: &Paths) -> PathBuf {
        match self {
            Self::Threads => paths.threads_target(),
            Self::Single => paths.wasm_target(),
        }
    }

    fn rustflags(self) -> Vec<String> {
        match self {
            Self::Single => vec![SIMD.to_string()],
            Self::Threads => {
                let shared = [
                    "--shared-memory".to_string(),
                    "--import-memory".to_string(),
                    format!("--max-memory={MAX_MEMORY}"),
                ];
                let exports = SHARED_EXPORTS.iter().map(|name| format!("--export={name}"));
                let links = shared.into_iter().chain(exports).map(|arg| format!("-Clink-arg={arg}"));
                std::iter::once("-Ctarget-feature=+atomics,+bulk-memory,+simd128".to_string())
                    .chain(links)
                    .collect()
            }
        }
    }
}

/// Flags that keep this machine's paths out of what is built.
///
/// # Errors
/// If the compiler does not say where it is.
pub fn path_flags(compiler: &Compiler) -> Result<Vec<String>> {
    let sysroot = compiler
        .bin
        .parent()
        .context("the compiler's directory has no parent")?;
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let mut flags = vec![format!("--remap-path-prefix={}=/rust", sysroot.display())];
    flags.extend(cargo_home.map(|home| format!("--remap-path-prefix={}=/cargo", home.display())));
    Ok(flags)
}

/// Flags of everything that visitors load: no paths, and no text that only a debugger reads. Nothing prints a `Debug` form, and of a
/// panic the message is told, not the place.
///
/// # Errors
/// As [`path_flags`].
pub fn shipped_flags(compiler: &Compiler) -> Result<Vec<String>> {
    let mut flags = path_flags(compiler)?;
    flags.extend(["-Zfmt-debug=none", "-Zlocation-detail=none"].map(str::to_string));
    Ok(flags)
}

/// Builds both workers into Trunk's staging directory.
///
/// # Errors
/// If it is not called by Trunk, something cannot be installed, or a build fails.
pub fn hook(paths: &Paths) -> Result<()> {
    let staging = PathBuf::from(
        std::env::var_os("TRUNK_STAGING_DIR").context("hook-workers is for Trunk to call: use `cargo xtask build`")?,
    );
    let (plain, threads) = install::compilers()?;
    install::build_tools(paths)?;
    let made = |kind: Kind, compiler: &Compiler| -> Result<()> {
        let key = key(paths, kind, &plain, &threads)?;
        let out = paths.target.join("workers").join(kind.name());
        if fs::read_to_string(out.join(KEY)).is_ok_and(|old| old == key) {
            say(&format!("the {} worker is up to date", kind.name()));
        } else {
            build(paths, kind, compiler, &out).with_context(|| format!("the {} worker was not built", kind.name()))?;
            fs::write(out.join(KEY), key)?;
        }
        copy(&out, &staging.join("worker").join(kind.name()))
    };
    // Side by side: most of a build is one long optimization, on one core.
    thread::scope(|scope| {
        let single = scope.spawn(|| made(Kind::Single, &plain));
        let with_threads = made(Kind::Threads, &threads);
        single
            .join()
            .map_err(|_| anyhow!("the single worker's build panicked"))?
            .and(with_threads)
    })
}

/// Names what a kept build was made from.
const KEY: &str = ".key";

fn key(paths: &Paths, kind: Kind, plain: &Compiler, threads: &Compiler) -> Result<String> {
    let mut hash = Hash::new();
    hash.add(fingerprint::build_id(paths, plain, threads)?.as_bytes())
        .add(kind.rustflags().join(" ").as_bytes())
        .add(shipped_flags(plain)?.join(" ").as_bytes());
    hash.add(std::env::var(ENV_BUILD).unwrap_or_default().as_bytes())
        .add(BINARYEN.as_bytes())
        .add(split::SOURCES.as_bytes())
        .add(BY_NAME.as_bytes());
    Ok(hash.hex())
}

/// The command that builds a part of the package, such as `--bin worker`, for the browser, as fast as workers have to be.
pub fn cargo(
    paths: &Paths,
    compiler: &Compiler,
    shared: bool,
    flags: &[String],
    part: [&str; 2],
    feature: &str,
) -> Command {
    let mut cargo = compiler.cargo(shared);
    cargo
        .args(["build", "--quiet", "--locked", "--package", "tunescape"])
        .args(part)
        .args(["--profile", "worker", "--target", WASM])
        .args(["--no-default-features", "--features", feature])
        .current_dir(&paths.root)
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\x1f"));
    cargo
}

fn build(paths: &Paths, kind: Kind, compiler: &Compiler, out: &Path) -> Result<()> {
    say(&format!(
        "building the {} worker with {}",
        kind.name(),
        compiler.version
    ));
    let target = kind.target(paths);
    let shared = kind == Kind::Threads;
    let mut flags = kind.rustflags();
    flags.extend(shipped_flags(compiler)?);
    let mut cargo = cargo(paths, compiler, shared, &flags, ["--bin", "worker"], kind.feature());
    run(cargo.env("CARGO_TARGET_DIR", &target))?;

    if out.exists() {
        fs::remove_dir_all(out).with_context(|| format!("cannot empty {}", out.display()))?;
    }
    let module = target.join(WASM).join("worker").join("worker.wasm");
    let bindgen = WASM_BINDGEN.found(paths).context("wasm-bindgen is not installed")?;
    run(Command::new(bindgen)
        .args([
            "--target",
            "web",
            "--no-typescript",
            "--out-name",
            "worker",
            "--out-dir",
        ])
        .arg(out)
        .arg(module))?;
    if shared {
        name_arguments(out)?;
    }
    let module = out.join("worker_bg.wasm");
    wasm_opt::optimize(paths, &module, Level::Fast, shared)?;
    split::split(
        &module,
        first_load::WORKER,
        &paths.whole().join(format!("{}.wasm", kind.name())),
    )
}

/// How the pool's crate hands a thread its module, and how wasm-bindgen wants it by now: the old way warns on every visitor's console.
const BY_PLACE: &str = "pkg.default(data.module, data.memory)";
const BY_NAME: &str = "pkg.default({ module_or_path: data.module, memory: data.memory })";

/// Has the pool's threads start by named arguments.
fn name_arguments(out: &Path) -> Result<()> {
    let mut found = 0;
    for file in fingerprint::files_below(&out.join("snippets"), &[])? {
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        if text.contains(BY_PLACE) {
            fs::write(&file, text.replace(BY_PLACE, BY_NAME))
                .with_context(|| format!("cannot write {}", file.display()))?;
            found += 1;
        }
    }
    ensure!(
        found > 0,
        "no snippet of the threads worker has \"{BY_PLACE}\": wasm-bindgen-rayon starts its threads in another way; see whether it still warns"
    );
    Ok(())
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    for file in fingerprint::files_below(from, &[from.join(KEY)])? {
        let place = to.join(file.strip_prefix(from)?);
        fs::create_dir_all(place.parent().context("a file without a directory")?)?;
        fs::copy(&file, &place).with_context(|| format!("cannot write {}", place.display()))?;
    }
    Ok(())
}
