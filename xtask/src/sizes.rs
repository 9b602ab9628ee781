//! What a visitor fetches, compressed as hosts do: at first, and later when it is needed.

use crate::fingerprint::files_below;
use crate::tools;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::Command;

/// Prints the sizes of the files it is given, each by brotli and by gzip, at their highest levels.
const SCRIPT: &str = "const z=require('zlib'),f=require('fs');for(const p of process.argv.slice(1)){const b=f.readFileSync(p);\
                      console.log(z.brotliCompressSync(b).length,z.gzipSync(b,{level:9}).length)}";

/// Bytes by brotli and by gzip.
type Size = (u64, u64);

/// The parts of `dist` with their compressed sizes, in words.
///
/// # Errors
/// If Node, which compresses, is missing, or a file cannot be read.
pub fn in_words(dist: &Path) -> Result<String> {
    let files = files_below(dist, &[])?;
    let node = tools::node().context("Node is not installed: it compresses, to tell sizes")?;
    let output = Command::new(node).args(["-e", SCRIPT]).args(&files).output()?;
    ensure!(output.status.success(), "Node could not compress what was built");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    let read = |line: &str| -> Option<Size> {
        let (brotli, gzip) = line.split_once(' ')?;
        Some((brotli.parse().ok()?, gzip.parse().ok()?))
    };
    let sizes: Vec<Size> = printed.lines().filter_map(read).collect();
    ensure!(
        sizes.len() == files.len(),
        "Node printed {} sizes of {}",
        sizes.len(),
        files.len()
    );

    let sum = |part: Part| {
        let of = |(file, size): (&std::path::PathBuf, &Size)| {
            (part_of(&file.strip_prefix(dist).ok()?.to_string_lossy().replace('\\', "/")) == part).then_some(*size)
        };
        files.iter().zip(&sizes).filter_map(of).fold((0, 0), add)
    };
    let (page, threads, single) = (sum(Part::Page), sum(Part::Threads), sum(Part::Single));
    let next = sum(Part::Next);
    Ok(format!(
        "brotli / gzip: until the page can be used {} with threads, {} without: page {}, worker {} or {}; next, ahead of a run, {} or {}; \
         when needed {}",
        kilobytes(add(page, threads)),
        kilobytes(add(page, single)),
        kilobytes(page),
        kilobytes(threads),
        kilobytes(single),
        kilobytes(add(next, sum(Part::ThreadsNext))),
        kilobytes(add(next, sum(Part::SingleNext))),
        kilobytes(add(sum(Part::Later), sum(Part::ThreadsLater))),
    ))
}

fn add(a: Size, b: Size) -> Size {
    (a.0 + b.0, a.1 + b.1)
}

fn kilobytes((brotli, gzip): Size) -> String {
    format!("{} / {} kB", brotli.div_ceil(1000), gzip.div_ceil(1000))
}

/// What makes a browser fetch a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Opening the page.
    Page,
    /// Opening it where threads are possible.
    Threads,
    /// Opening it elsewhere.
    Single,
    /// That the page can be used: its rest.
    Next,
    /// The same: what runs a study, where threads are possible.
    ThreadsNext,
    /// The same elsewhere.
    SingleNext,
    /// Something a visitor does: a data set, a card, another language.
    Later,
    /// A study that needs the rest of the worker, where threads are possible.
    ThreadsLater,
    /// Such a study elsewhere.
    SingleLater,
    /// Nothing in the page: for hosts, for browsers, for other pages, or a second copy.
    Never,
}

/// What makes a browser fetch the file at `path` in `dist/`.
pub fn part_of(path: &str) -> Part {
    match path.split_once('/') {
        Some(("worker", "threads/worker_run.wasm")) => Part::ThreadsNext,
        Some(("worker", "single/worker_run.wasm")) => Part::SingleNext,
        Some(("worker", "threads/worker_rest.wasm")) => Part::ThreadsLater,
        Some(("worker", "single/worker_rest.wasm")) => Part::SingleLater,
        Some(("worker", rest)) if rest.starts_with("threads/") => Part::Threads,
        Some(("worker", _)) => Part::Single,
        Some(_) => Part::Later,
        None => match path {
            "lang.js" => Part::Later,
            _ if path.ends_with("_rest.wasm") => Part::Next,
            "_headers" | "build.json" | "embed.js" | "styles.css" | "sw.js" => Part::Never,
            _ => Part::Page,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Part, part_of};

    #[test]
    fn files_are_told_apart_by_what_fetches_them() {
        assert_eq!(part_of("app-0123_bg.wasm"), Part::Page);
        assert_eq!(part_of("app-0123_rest.wasm"), Part::Next);
        assert_eq!(part_of("worker-start.js"), Part::Page);
        assert_eq!(part_of("worker/threads/worker_bg.wasm"), Part::Threads);
        assert_eq!(part_of("worker/threads/worker_run.wasm"), Part::ThreadsNext);
        assert_eq!(part_of("worker/threads/worker_rest.wasm"), Part::ThreadsLater);
        assert_eq!(part_of("worker/single/worker.js"), Part::Single);
        assert_eq!(part_of("data/digits.bin"), Part::Later);
        assert_eq!(part_of("embed.js"), Part::Never);
    }
}
