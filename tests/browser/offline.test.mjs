// What is fetched beside the page when it is needed, and what is there without a network.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DIST, SCREENS, inChromium, open, until } from "./harness.mjs";
import { button, finish, state } from "./visitor.mjs";

const text = (app) => app.locator("body").innerText();

/** The study of a data set that stands in a file of its own, small enough for any machine. */
const study = (data) => `data=${data}&model=knn&cv=hold:0.3&s=random&n=3`;
const asked = (site, name) => site.requests.filter((url) => url.includes(`data/${name}.bin`));

/** Until the browser has kept the site: in its cache stands what the service worker lists. */
async function kept(page) {
  const whole = () =>
    page.evaluate(async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith("tunescape"));
      const sizes = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
      const registration = await navigator.serviceWorker.getRegistration();
      return sizes.length === 1 && sizes[0] > 0 && registration?.active?.state === "activated";
    });
  await until("the page to be kept", whole, 60_000);
}

for (const [name, options, where] of [
  ["with threads", {}, {}],
  ["with one thread below a path", { isolated: false, base: "/deep/down/" }, {}],
  ["in a frame without an origin", { isolated: false, embed: { sandbox: "allow-scripts" } }, inChromium],
]) {
  test(`a data set is fetched when a study needs it, once, ${name}`, where, async (t) => {
    const { app, site, clean } = await open(t, { ...options, hash: "data=iris&model=knn&s=random&n=2" });
    await finish(app);
    assert.deepEqual(site.requests.filter((url) => url.includes("data/")), []);
    await app.evaluate((study) => void (location.hash = study), study("cancer"));
    await until("the other data", async () => /569 × 30/.test(await text(app)));
    await finish(app);
    await button(app, "Reset").click();
    await finish(app);
    assert.equal(asked(site, "cancer").length, 1);
    assert.match(asked(site, "cancer")[0], /\?v=[0-9a-f]{16}$/);
    clean();
  });
}

for (const [name, bytes] of [
  ["missing", () => null],
  ["another page", () => Buffer.from("<!doctype html><p>Welcome</p>")],
  ["cut off", (whole) => whole.subarray(0, 500)],
]) {
  test(`where a data set's file is ${name}, that is said, and Reset fetches it again`, async (t) => {
    let broken = true;
    const alter = (path, whole) => (broken ? bytes(whole) : whole);
    const { page, clean } = await open(t, { hash: study("penguins"), altered: /^data\/penguins/, alter });
    await until("the reason", async () => /data=penguins: .*data/.test((await text(page)).replace(/\s+/g, " ")));
    broken = false;
    await button(page, "Reset").click();
    await finish(page);
    clean([/penguins/, /404/]);
  });
}

for (const [name, options] of [
  ["threads", {}],
  ["one thread on a phone", { isolated: false, viewport: SCREENS.phone }],
]) {
  test(`until the page can be used it needs no part of itself or of the worker: ${name}`, async (t) => {
    const { app, site, clean } = await open(t, { ...options, altered: /_(rest|run)\.wasm$/, alter: () => null });
    await until("the page to be ready", async () => /Ready/.test(await state(app)));
    assert.ok(await button(app, "Run").isEnabled());
    // Each is fetched ahead once, and asked for by nobody.
    await until("what is fetched ahead", () => site.requests.filter((url) => /_(rest|run)\.wasm/.test(url)).length >= 2);
    await app.waitForTimeout(500);
    const asked = site.requests.filter((url) => /_(rest|run)\.wasm/.test(url)).map((url) => /(app|worker).*_(rest|run)\.wasm/.exec(url).slice(1).join(" "));
    assert.deepEqual(asked.sort(), ["app rest", "worker run"]);
    clean([/404/, /_rest/, /_run/]);
  });
}

test("the opening study runs without the rest of the worker", async (t) => {
  const { app, site, clean } = await open(t);
  await finish(app);
  assert.deepEqual(site.requests.filter((url) => url.includes("worker_rest")), []);
  assert.match(await text(app), /Best so far/);
  clean();
});

test("no module brings the standard library's table for reading numbers", () => {
  const files = readdirSync(DIST, { recursive: true }).filter((name) => name.endsWith(".wasm"));
  assert.ok(files.length >= 8, "page and two workers, in parts");
  // The first powers of five in it.
  const table = Buffer.from("5ad63b92d653f4ee3f3ba10629aa3f11", "hex");
  for (const file of files) assert.equal(readFileSync(join(DIST, file)).includes(table), false, file);
});

for (const [name, options] of [
  ["threads", {}],
  ["one thread", { isolated: false }],
]) {
  test(`where the rest of the worker does not come, with ${name}, that is said, and Reset asks for it again`, async (t) => {
    let broken = true;
    const alter = (path, whole) => (broken ? null : whole);
    const { page, clean } = await open(t, { ...options, hash: study("iris"), altered: /worker_rest\.wasm$/, alter });
    await until("the page to be ready", async () => /Ready/.test(await state(page)));
    await button(page, "Run").click();
    await until("the reason", async () => /worker_rest\.wasm[^]*404[^]*trials are kept/.test(await text(page)));
    broken = false;
    await button(page, "Reset").click();
    await finish(page);
    clean([/_rest/, /404/, /Error/]);
  });
}

for (const [name, options, badge] of [
  ["with threads", {}, /threads/],
  ["with one thread below a path", { isolated: false, base: "/deep/down/" }, /1 thread/],
]) {
  test(`after one visit the page runs without its host, ${name}, with data it never fetched`, async (t) => {
    const { page, site, clean } = await open(t, { ...options, serviceWorkers: "allow", hash: "fn=branin&s=random&n=2" });
    await kept(page);
    await site.close();
    await page.goto("about:blank");
    await page.goto(`${site.url}#${study("digits")}`);
    await finish(page);
    assert.match(await text(page), /1797 × 64/);
    assert.match(await state(page), badge);
    clean([/_CONNECTION_REFUSED|_CONNECTION_RESET|ERR_FAILED/]);
  });
}

test("while there is a network, a kept page shows what is new at once", async (t) => {
  let title = "Tunescape";
  const alter = (path, bytes) => Buffer.from(bytes.toString().replace(/<title>.*?</, `<title>${title}<`));
  const { page, clean } = await open(t, { serviceWorkers: "allow", altered: /^index\.html$/, alter });
  await kept(page);
  await page.reload();
  await until("the page to be ready", async () => /Ready/.test(await state(page)));
  assert.ok(await page.evaluate(() => Boolean(navigator.serviceWorker.controller)));
  assert.equal(await page.title(), "Tunescape");
  title = "Tunescape, anew";
  await page.reload();
  assert.equal(await page.title(), "Tunescape, anew");
  clean();
});
