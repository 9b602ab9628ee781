//! `cargo xtask serve`: builds, then serves `dist/` as a host with isolation headers would.

use crate::build;
use crate::finish::HEADERS;
use crate::paths::Paths;
use crate::process::say;
use anyhow::{Context, Result, anyhow, bail};
use std::fs::File;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::Duration;
use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

const DEFAULT_PORT: u16 = 8420;
/// How many ports after the default one are tried when it is taken.
const PORTS_TRIED: u16 = 20;
/// Browsers open up to six connections to a host, and workers fetch at once.
const LISTENERS: usize = 8;
const WATCH_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq, Eq)]
struct Options {
    port: Option<u16>,
    watch: bool,
}

fn options(args: &[String]) -> Result<Options> {
    let mut options = Options {
        port: None,
        watch: false,
    };
    let mut words = args.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--watch" => options.watch = true,
            "--port" => {
                let number = words.next().context("--port takes a number")?;
                options.port = Some(
                    number
                        .parse()
                        .with_context(|| format!("--port takes a number up to 65535, but got `{number}`"))?,
                );
            }
            other => bail!("`serve` takes --port N and --watch, but got `{other}`"),
        }
    }
    Ok(options)
}

/// Builds and serves until it is stopped.
///
/// # Errors
/// If the build fails or no port can be had.
pub fn command(paths: &Paths, args: &[String]) -> Result<()> {
    let options = options(args)?;
    build::dist(paths)?;
    let (server, port) = listen(options.port)?;
    println!("Tunescape: http://localhost:{port}/   (Ctrl-C stops it)");
    let server = Arc::new(server);
    for _ in 0..LISTENERS {
        let (server, dist) = (Arc::clone(&server), paths.dist());
        thread::spawn(move || {
            for request in server.incoming_requests() {
                // A visitor who went away is no error of the server's.
                let _ = answer(request, &dist);
            }
        });
    }
    loop {
        thread::sleep(WATCH_EVERY);
        if options.watch {
            match build::dist_quietly(paths) {
                Ok(true) => say("built anew: reload the page"),
                Ok(false) => {}
                Err(error) => say(&format!("the last good build stays: {error:#}")),
            }
        }
    }
}

/// Listens on this machine alone.
fn listen(wanted: Option<u16>) -> Result<(Server, u16)> {
    let ports = match wanted {
        Some(port) => port..=port,
        None => DEFAULT_PORT..=DEFAULT_PORT + PORTS_TRIED,
    };
    let mut last = anyhow!("no port to try");
    for port in ports {
        match Server::http(("127.0.0.1", port)) {
            Ok(server) => {
                let bound = server.server_addr().to_ip().map_or(port, |address| address.port());
                return Ok((server, bound));
            }
            Err(error) => last = anyhow!("cannot listen on port {port} ({error}): choose another with --port N"),
        }
    }
    Err(last)
}

fn answer(request: Request, dist: &Path) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return request.respond(with_headers(
            Response::from_string("only GET and HEAD\n"),
            "text/plain",
            StatusCode(405),
        ));
    }
    let file = locate(dist, request.url()).and_then(|path| Some((File::open(&path).ok()?, path)));
    match file {
        Some((file, path)) => request.respond(with_headers(Response::from_file(file), mime(&path), StatusCode(200))),
        None => request.respond(with_headers(
            Response::from_string("not found\n"),
            "text/plain",
            StatusCode(404),
        )),
    }
}

/// The file a URL means; nothing outside `dist`.
fn locate(dist: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next()?.trim_start_matches('/');
    let relative = Path::new(path);
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let file = dist.join(relative);
    let file = if file.is_dir() { file.join("index.html") } else { file };
    file.is_file().then_some(file)
}

/// What a browser has to be told; a wrong type for wasm or a module script stops the page.
fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("json" | "map") => "application/json",
        Some("webmanifest") => "application/manifest+json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        Some("txt" | "md" | "csv") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn with_headers<R: std::io::Read>(response: Response<R>, mime: &str, status: StatusCode) -> Response<R> {
    let all = HEADERS
        .into_iter()
        .chain([("Content-Type", mime), ("Cache-Control", "no-store")]);
    all.filter_map(|(name, value)| Header::from_bytes(name, value).ok())
        .fold(response, Response::with_header)
        .with_status_code(status)
}

#[cfg(test)]
mod tests {
    use super::{Options, locate, mime, options};
    use std::path::Path;

    #[test]
    fn nothing_outside_the_directory_is_served() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(locate(here, "/src/main.rs?v=1"), Some(here.join("src/main.rs")));
        assert_eq!(locate(here, "/../Cargo.toml"), None);
        assert_eq!(locate(here, "/src/../../Cargo.toml"), None);
        assert_eq!(locate(here, "/missing"), None);
    }

    #[test]
    fn wasm_has_its_own_type() {
        assert_eq!(mime(Path::new("a/b_bg.wasm")), "application/wasm");
    }

    #[test]
    fn a_bad_port_is_refused_with_its_reason() {
        let words = |text: &str| text.split(' ').map(str::to_string).collect::<Vec<_>>();
        assert_eq!(
            options(&words("--port 80 --watch")).ok(),
            Some(Options {
                port: Some(80),
                watch: true
            })
        );
        assert!(options(&words("--port 99999")).is_err_and(|error| error.to_string().contains("99999")));
        assert!(options(&words("--prot 80")).is_err());
    }
}
