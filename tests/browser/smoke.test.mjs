// The page loads wherever it is put, asks nobody else for anything, and both workers start from it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DIST, inChromium, open } from "./harness.mjs";

const { build } = JSON.parse(readFileSync(join(DIST, "build.json"), "utf8"));

/** Starts a worker from where the page runs, and returns the first event it posts. */
function firstEvent(app, { kind, viaBlob = false }) {
  return app.evaluate(
    ({ kind, build, viaBlob }) =>
      new Promise((done, failed) => {
        const url = new URL(`worker-start.js?kind=${kind}&threads=2&v=${build}`, document.baseURI).href;
        // Without an origin only a classic worker from a blob starts; import() is open to it.
        const bootstrap = () => URL.createObjectURL(new Blob([`import(${JSON.stringify(url)})`], { type: "text/javascript" }));
        const worker = viaBlob ? new Worker(bootstrap()) : new Worker(url, { type: "module" });
        worker.onerror = (event) => failed(new Error(event.message ?? "the worker did not start"));
        worker.onmessage = ({ data: said }) => {
          const data = typeof said === "string" ? JSON.parse(said) : said;
          worker.terminate();
          done({ type: data.type, build: data.build, threads: data.threads, message: data.message });
        };
        setTimeout(() => failed(new Error("the worker kept silent")), 15_000);
      }),
    { kind, build, viaBlob },
  );
}

const ready = (threads) => ({ type: "ready", build, threads, message: undefined });

test("the page is isolated where its host says so, and starts threads", async (t) => {
  const { app, clean } = await open(t);
  assert.equal(await app.title(), "Tunescape");
  assert.equal(await app.evaluate(() => crossOriginIsolated), true);
  assert.deepEqual(await firstEvent(app, { kind: "threads" }), ready(2));
  clean();
});

test("below a path of a plain host it has one thread", async (t) => {
  const { app, clean } = await open(t, { isolated: false, base: "/deep/down/" });
  assert.equal(await app.evaluate(() => crossOriginIsolated), false);
  assert.deepEqual(await firstEvent(app, { kind: "single" }), ready(1));
  clean();
});

test("in a frame without an origin it runs all the same", inChromium, async (t) => {
  const { app, clean } = await open(t, { isolated: false, embed: { sandbox: "allow-scripts" } });
  assert.equal(await app.evaluate(() => origin), "null");
  assert.deepEqual(await firstEvent(app, { kind: "single", viaBlob: true }), ready(1));
  clean();
});

test("a frame that is handed isolation starts threads", inChromium, async (t) => {
  const { app, clean } = await open(t, { embed: { isolated: true, allow: "cross-origin-isolated" } });
  assert.equal(await app.evaluate(() => crossOriginIsolated), true);
  assert.deepEqual(await firstEvent(app, { kind: "threads" }), ready(2));
  clean();
});

test("the skeleton is painted before any script has run", async (t) => {
  const { page } = await open(t, { javaScriptEnabled: false });
  assert.ok(await page.getByRole("heading", { name: "Tunescape" }).isVisible());
});
