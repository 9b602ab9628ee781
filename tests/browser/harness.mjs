// What every browser test stands on: a static host for dist/ (with or without isolation headers, at any path, on an
// origin of its own), one browser, and a watch over everything a page must not do. Nothing here knows the page's
// inside; `visitor.mjs` does. A test reads
//
//     import { test } from "node:test";
//     import { open } from "./harness.mjs";
//
//     test("a run can be paused", async (t) => {
//       const { page, clean } = await open(t, { hash: "preset=svm-wine" });
//       await page.getByRole("button", { name: "Run" }).click();
//       …
//       clean();      // no console error, no failed request, nothing asked of another origin
//     });
//
// `open` closes everything when the test ends. `cargo xtask test browser` runs all files and says where dist/ and
// Chromium are; `node --test tests/browser/smoke.test.mjs` finds both by itself, once dist/ is built and
// `npm ci` was run here. The browser is Chromium; with TUNESCAPE_BROWSER=firefox it is the Firefox that is installed,
// led by the protocol that Chromium's counterpart is to become, WebDriver BiDi: `firefox.test.mjs` says what runs there.

import assert from "node:assert/strict";
import { createReadStream, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, extname, join, normalize, resolve, sep } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium, firefox } from "playwright-core";

/** The built page. */
export const DIST = process.env.TUNESCAPE_DIST ?? fileURLToPath(new URL("../../dist", import.meta.url));

/** Width and height of the screens that every layout has to suit. */
export const SCREENS = {
  phone: { width: 360, height: 740 },
  laptop: { width: 1280, height: 800 },
  wall: { width: 3840, height: 2160 },
};

const MIME = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

const ISOLATION = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

// What a plain static host sends anyway (GitHub Pages does), and frames without an origin need.
const OPEN_HOST = { "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" };

async function listen(handler, host) {
  const server = createServer(handler);
  await new Promise((done, failed) => server.once("error", failed).listen(0, "127.0.0.1", done));
  const origin = `http://${host}:${server.address().port}`;
  return { origin, close: () => new Promise((done) => (server.close(done), server.closeAllConnections())) };
}

/**
 * A static host for dist/, on a port and so an origin of its own.
 *
 * - `isolated`: send COOP and COEP, without which a page has no threads. Default true.
 * - `base`: the path it is served below, such as `/some/where/`. Default `/`.
 * - `cors`: send `Access-Control-Allow-Origin: *`. Default true.
 * - `alter(path, bytes, headers)`: called for each file named in `altered`; returns other bytes, or `null` for a 404.
 * - `altered`: the paths relative to dist/ that `alter` sees; a regular expression.
 *
 * Returns `{ origin, url, requests, close }`: `url` is the page's address, `requests` the paths asked for so far.
 */
export async function host({ isolated = true, base = "/", cors = true, altered, alter, dist = DIST } = {}) {
  assert.ok(existsSync(join(dist, "index.html")), `${dist} holds no page: run \`cargo xtask build\` first`);
  const requests = [];
  const headers = { "Cache-Control": "no-store", ...(isolated ? ISOLATION : {}), ...(cors ? OPEN_HOST : {}) };
  const site = await listen(async (request, response) => {
    const { pathname } = new URL(request.url, "http://any");
    requests.push(request.url);
    let file = pathname.startsWith(base) ? resolve(dist, normalize(decodeURIComponent(pathname.slice(base.length)))) : "";
    if (file === dist || file.endsWith(sep)) file = join(file, "index.html");
    if (!file.startsWith(dist + sep) || !existsSync(file) || !statSync(file).isFile()) {
      return response.writeHead(404, headers).end("not found\n");
    }
    const sent = { ...headers, "Content-Type": MIME[extname(file)] ?? "application/octet-stream" };
    const path = file.slice(dist.length + 1);
    if (!altered?.test(path)) {
      return createReadStream(file).pipe(response.writeHead(200, sent));
    }
    const bytes = [];
    for await (const part of createReadStream(file)) bytes.push(part);
    const other = await alter(path, Buffer.concat(bytes), sent);
    return other === null ? response.writeHead(404, headers).end() : response.writeHead(200, sent).end(other);
  }, "127.0.0.1");
  return { ...site, url: `${site.origin}${base}`, requests };
}

/**
 * Another site's page with a frame around `src`. By host name as well as by port it is another site than `host`'s.
 *
 * - `sandbox`: the frame's `sandbox` attribute, such as `allow-scripts`; absent by default.
 * - `allow`: the frame's `allow` attribute; `cross-origin-isolated` hands isolation on.
 * - `isolated`: whether the outer page is isolated. Default false.
 * - `body`: HTML in place of the frame, for pages that use the embed script.
 *
 * Returns `{ origin, url, close }`.
 */
export async function embedder(src, { sandbox, allow, isolated = false, body } = {}) {
  const attribute = (name, value) => (value === undefined ? "" : ` ${name}="${value}"`);
  const frame = `<iframe src="${src}" width="900" height="700"${attribute("sandbox", sandbox)}${attribute("allow", allow)}></iframe>`;
  const html = `<!doctype html><link rel="icon" href="data:,"><title>An article</title><p>Before.</p>${body ?? frame}<p>After.</p>`;
  const headers = { "Content-Type": "text/html; charset=utf-8", ...(isolated ? ISOLATION : {}) };
  const site = await listen((_, response) => response.writeHead(200, headers).end(html), "localhost");
  return { ...site, url: `${site.origin}/` };
}

/** The first of these programs that is on the path. */
function onPath(names) {
  const dirs = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => dirs.map((dir) => join(dir, name))).find((path) => existsSync(path));
}

/** Where Firefox is, if it is there. */
const FIREFOX = process.env.TUNESCAPE_FIREFOX ?? onPath(["firefox", "firefox-esr"]);

/** The browser all tests of this process are in: "chromium" or "firefox". */
export const BROWSER = process.env.TUNESCAPE_BROWSER ?? "chromium";

/** Options of a test that needs what Playwright cannot do in Firefox yet, such as to look into another site's frame. */
export const inChromium = BROWSER === "chromium" ? {} : { skip: "Chromium alone can be led there" };

/** Where Firefox puts what is downloaded. */
const DOWNLOADS = mkdtempSync(join(tmpdir(), "tunescape-downloads-"));
after(() => rmSync(DOWNLOADS, { recursive: true, force: true }));

/** Does what makes the page offer a file, and returns its text. */
export async function download(page, act) {
  if (BROWSER !== "firefox") {
    const [offered] = await Promise.all([page.waitForEvent("download"), act()]);
    return readFileSync(await offered.path(), "utf8");
  }
  // Of a download that is no navigation nothing is told there; the file comes all the same, whole once its part is gone.
  const before = readdirSync(DOWNLOADS);
  await act();
  const file = await until("the download", () => {
    const come = readdirSync(DOWNLOADS).filter((name) => !before.includes(name));
    return !come.some((name) => name.endsWith(".part")) && come.find((name) => statSync(join(DOWNLOADS, name)).size > 0);
  });
  const text = readFileSync(join(DOWNLOADS, file), "utf8");
  rmSync(join(DOWNLOADS, file));
  return text;
}

/** Starts Firefox; with a folder for its profile, as the one context that has it. */
export function launchFirefox(profile) {
  assert.ok(FIREFOX, "no Firefox on the path: install one, or set TUNESCAPE_FIREFOX");
  const options = {
    channel: "moz-firefox",
    executablePath: FIREFOX,
    downloadsPath: DOWNLOADS,
    // Its list of downloads would take the page's focus.
    firefoxUserPrefs: { "datareporting.policy.dataSubmissionEnabled": false, "browser.download.alwaysOpenPanel": false },
  };
  return profile ? firefox.launchPersistentContext(profile, { ...options, viewport: SCREENS.laptop }) : firefox.launch(options);
}

function launchChromium() {
  const found = process.env.TUNESCAPE_CHROMIUM ?? process.env.CHROMIUM ?? onPath(["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]);
  assert.ok(found, "no Chromium on the path: install one, or set CHROMIUM");
  return chromium.launch({
    executablePath: found,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      // No name but this machine's resolves: what asks another host fails, and is seen to fail.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ],
  });
}

let running;

/** The one browser of this test file; it ends with the file. */
export function browser() {
  running ??= BROWSER === "firefox" ? launchFirefox() : launchChromium();
  return running;
}

after(async () => (await running)?.close());

/** How browsers call a request that was given up because whoever made it is gone. */
const DROPPED = ["net::ERR_ABORTED", "NS_BINDING_ABORTED", "NS_ERROR_ABORT", "NS_ERROR_UNEXPECTED", "NS_BASE_STREAM_CLOSED"];

/**
 * Watches a browser context. Returns `{ problems, clean }`: `problems` grows with each console error, uncaught
 * exception, failed request, answer from 400 up, and request to an origin outside `origins`, whether page, frame or
 * worker caused it; `clean(allowed)` asserts that there is none but those that match a regular expression in `allowed`.
 */
export function watch(context, origins) {
  const problems = [];
  const note = (kind, text) => problems.push(`${kind}: ${text}`);
  context.on("console", (message) => {
    const { url, lineNumber } = message.location();
    // Of warnings only those that the page itself can mend.
    const warned = message.type() === "warning" && message.text().includes("deprecated parameters");
    if (message.type() === "error" || warned) note("console", `${message.text()} (${url}:${lineNumber})`);
  });
  context.on("weberror", (error) => {
    // Firefox throws in a page that is left while it fetches something, or waits for a part of the program. A request that fails in a
    // page that stays is found below.
    const text = error.error().stack ?? String(error.error());
    if (BROWSER !== "firefox" || !/^AbortError|^TypeError: NetworkError|answers with status 0/.test(text)) note("exception", text);
  });
  context.on("requestfailed", (request) => {
    // A page or worker that is ended drops what it was fetching: no failure of anything.
    if (!DROPPED.includes(request.failure()?.errorText)) note("failed", `${request.url()} ${request.failure()?.errorText}`);
  });
  context.on("response", (response) => {
    if (response.status() >= 400) note("status", `${response.status()} ${response.url()}`);
  });
  context.on("request", (request) => {
    const url = new URL(request.url());
    const local = ["data:", "blob:", "about:"].includes(url.protocol);
    if (!local && !origins.includes(url.origin)) note("off origin", request.url());
  });
  context.on("page", (page) => page.on("crash", () => note("crash", page.url())));
  const clean = (allowed = []) => {
    const left = problems.filter((problem) => !allowed.some((pattern) => pattern.test(problem)));
    assert.deepEqual(left, [], "what the page must not do");
  };
  return { problems, clean };
}

/**
 * Opens the page in a fresh context, as a first visit. Everything is closed when test `t` ends.
 *
 * - `hash`: the study text, without `#`.
 * - `isolated`, `base`, `cors`, `altered`, `alter`: as for `host`.
 * - `before`: a function that is called in the page before anything of it runs.
 * - `embed`: options of `embedder`: the page is opened inside a frame on another site.
 * - `serviceWorkers`: "allow" for what the page keeps; else each test is a first visit throughout.
 * - all others go to Playwright's `newContext`: `viewport` (see `SCREENS`), `colorScheme`, `reducedMotion`, `locale`,
 *   `deviceScaleFactor`, `hasTouch`, `acceptDownloads`, …
 *
 * Returns `{ page, app, site, context, problems, clean, url }`: `app` is where the page runs, the frame if embedded and
 * `page` itself otherwise; both have `getByRole`, `locator` and `evaluate`.
 */
export async function open(t, { hash = "", isolated, base, cors, altered, alter, embed, before, ...options } = {}) {
  const site = await host({ isolated, base, cors, altered, alter });
  t.after(site.close);
  const url = hash ? `${site.url}#${hash}` : site.url;
  const outer = embed ? await embedder(url, embed) : undefined;
  if (outer) t.after(outer.close);
  const context = await (await browser()).newContext({ viewport: SCREENS.laptop, serviceWorkers: "block", ...options });
  t.after(() => context.close());
  const { problems, clean } = watch(context, [site.origin, ...(outer ? [outer.origin] : [])]);
  if (before) await context.addInitScript(before);
  const page = await context.newPage();
  await page.goto(outer?.url ?? url);
  let app = page;
  if (outer) {
    app = await (await page.waitForSelector("iframe")).contentFrame();
    await app.waitForLoadState();
  }
  return { page, app, site, context, problems, clean, url };
}

/** A directory for downloads or screenshots that is gone after test `t`; kept, and named, if `TUNESCAPE_KEEP` is set. */
export function scratch(t) {
  const dir = mkdtempSync(join(tmpdir(), "tunescape-"));
  t.after(() => (process.env.TUNESCAPE_KEEP ? t.diagnostic(`kept ${dir}`) : rmSync(dir, { recursive: true, force: true })));
  return dir;
}

/** Asks `probe` until it returns something true, and returns that. Fails after `limit` ms, saying `what` was awaited. */
export async function until(what, probe, limit = 20_000) {
  const end = Date.now() + limit;
  for (;;) {
    const value = await probe();
    if (value) return value;
    assert.ok(Date.now() < end, `waited ${limit / 1000} s for ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
