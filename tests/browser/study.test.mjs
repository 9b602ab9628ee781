// The built page as a visitor uses it: every preset to its end, pause, step, reset, sharing, and the same bytes everywhere.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BROWSER, SCREENS, browser, embedder, host, inChromium, open, until } from "./harness.mjs";
import { button, done, finish, finished, native, notices, ready, state, trace, working } from "./visitor.mjs";

/** Now and then Firefox does not start a pool, and the page falls back to one thread: slower, with the same bytes. */
const THREADS = BROWSER === "firefox" ? /thread/ : /threads/;
const PRESETS = ["race-iris", "forrester", "branin", "classic-grid", "classic-random", "classic-bayes"];

for (const preset of PRESETS) {
  test(`${preset} runs to its end, and its trace is the command's to the byte`, async (t) => {
    const { page, clean } = await open(t, { hash: `preset=${preset}`, acceptDownloads: true });
    await finish(page);
    assert.match(await state(page), THREADS);
    assert.equal(await trace(page), native(`preset=${preset}`));
    clean();
  });
}

for (const [name, where, options] of [
  ["one thread without isolation headers, below a path", "", { isolated: false, base: "/some/where/" }],
  ["one thread when asked for", "?threads=0", {}],
  ["more threads than cores", "?threads=5", {}],
]) {
  test(`the same bytes with ${name}`, async (t) => {
    const { page, site, clean } = await open(t, { ...options, acceptDownloads: true });
    const study = "preset=race-iris&n=8&seed=3";
    await page.goto(`${site.url}${where}#${study}`);
    await finish(page);
    assert.match(await state(page), where !== "?threads=5" ? /1 thread/ : BROWSER === "firefox" ? THREADS : /5 threads/);
    assert.equal(await trace(page), native(study));
    clean();
  });
}

test("in a frame without an origin, on another site, a study runs", inChromium, async (t) => {
  const { app, clean } = await open(t, { hash: "preset=branin&n=5", isolated: false, embed: { sandbox: "allow-scripts" } });
  await finish(app);
  assert.match(await state(app), /1 thread/);
  clean();
});

test("embedded, it starts when it comes into view", inChromium, async (t) => {
  const { app, clean } = await open(t, { hash: "preset=branin&n=4&embed=1", isolated: false, embed: { sandbox: "allow-scripts" } });
  await finished(app);
  clean();
});

test("the embed script puts a study into any page", inChromium, async (t) => {
  const site = await host({ isolated: false });
  t.after(site.close);
  const article = await embedder("", { body: `<script src="${site.origin}/embed.js" data-study="preset=branin&n=4" data-height="500"></script>` });
  t.after(article.close);
  const page = await (await browser()).newPage();
  t.after(() => page.close());
  await page.goto(article.url);
  const frame = await page.waitForSelector("iframe");
  assert.deepEqual(await frame.evaluate((f) => [f.clientHeight, f.getAttribute("sandbox").includes("same-origin")]), [500, false]);
  const app = await frame.contentFrame();
  await finished(app);
});

test("pause, step, reset and the same run again", async (t) => {
  // Long on any machine: were the run to end by itself, there would be nothing to pause.
  const { page, clean } = await open(t, { hash: "data=digits&model=mlp(epochs:20)&p.learning_rate=1e-4..0.3~log&p.hidden_units=16..128&s=bayes&n=1000", acceptDownloads: true });
  await ready(page);
  await button(page, "Run").click();
  await until("a trial", async () => (await done(page)) > 0);
  await button(page, "Pause").click();
  await until("the pause", async () => /Paused/.test(await state(page)), 2_000);
  const paused = await done(page);
  assert.ok(paused > 0, `${paused} trials`);
  await button(page, "Step").click();
  await until("one more trial", async () => (await done(page)) === paused + 1);
  const first = await trace(page);
  await button(page, "Reset").click();
  await until("an empty run", async () => (await done(page)) === 0);
  await ready(page);
  await button(page, "Run").click();
  await until("as many trials", async () => (await done(page)) > paused + 1);
  await button(page, "Pause").click();
  await until("the pause", async () => /Paused/.test(await state(page)));
  assert.ok((await trace(page)).startsWith(first), "the trace begins as it did before");
  clean();
});

test("a new seed gives another run, and the address gives the same run elsewhere", async (t) => {
  const { page, context, clean } = await open(t, { hash: "preset=forrester&n=6", acceptDownloads: true });
  await finish(page);
  const before = await trace(page);
  await button(page, "New seed").click();
  await until("the seed in the address", () => page.evaluate(() => /seed=\d+/.test(location.hash)));
  await until("an empty run", async () => (await done(page)) === 0);
  await finish(page);
  const after = await trace(page);
  assert.notEqual(after, before);
  // Elsewhere nothing is kept: the run is made again. In another tab of the same browser it is taken over.
  const elsewhere = await (await browser()).newContext({ acceptDownloads: true });
  t.after(() => elsewhere.close());
  for (const [place, end] of [[elsewhere, finish], [context, finished]]) {
    const second = await place.newPage();
    await second.goto(page.url());
    await end(second);
    assert.equal(await trace(second), after);
  }
  clean();
});

test("what is wrong in the address is named, and the rest opens", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=branin&n=0&zzz=1&s=bayes(acq:nope)&p.x1=5..1&%%%" });
  // What the page itself can read comes first, what only the worker knows follows.
  const notice = () => notices(page);
  for (const named of ["n=0", "zzz", "acq", "p.x1=5..1", "%%%"]) await until(`${named} in the notice`, async () => (await notice()).includes(named));
  await ready(page);
  clean();
});

test("a very long and hostile address does no harm", async (t) => {
  const { page, clean } = await open(t, { hash: `data=${"<img src=x onerror=alert(1)>".repeat(2000)}` });
  await until("the notice", async () => (await page.getByRole("alert").count()) > 0);
  assert.equal(await page.locator("img[src=x]").count(), 0);
  clean();
});

test("when the threaded worker does not start, the page falls back to one thread by itself", async (t) => {
  const { page } = await open(t, {
    hash: "preset=branin&n=3",
    altered: /^worker\/threads\/worker_bg\.wasm$/,
    alter: () => Buffer.from("this is no module"),
  });
  await finish(page);
  assert.match(await state(page), /1 thread/);
});

test("by keyboard alone", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=forrester&n=6" });
  await ready(page);
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("ArrowRight");
  await until("one trial", async () => (await done(page)) === 1);
  await page.keyboard.press("Space");
  await until("the end", async () => /Finished: \d+ trials/.test(await state(page)));
  await page.keyboard.press("ArrowLeft");
  await until("a position before the end", async () => /Finished, looking back/.test(await state(page)));
  await page.keyboard.press("ArrowRight");
  await until("the end again", async () => /Finished: \d+ trials/.test(await state(page)));
  await page.keyboard.press("r");
  await until("an empty run", async () => (await done(page)) === 0);
  await page.keyboard.press("?");
  await until("the help", () => page.getByRole("dialog").isVisible());
  await page.keyboard.press("Escape");
  await until("the help to close", async () => !(await page.getByRole("dialog").isVisible()));
  clean();
});

test("who runs while a step or a pause is under way goes on after it", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=race-iris&n=12" });
  await working(page);
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  // All at once, as fast as a worker cannot answer.
  const press = (...keys) =>
    page.evaluate((keys) => keys.forEach((key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))), keys);
  await press("ArrowRight", "ArrowRight");
  await until("two trials", async () => (await done(page)) === 2);
  await until("a rest", async () => /Paused/.test(await state(page)));
  await press("ArrowRight", " ");
  await until("the end after a step", async () => /Finished/.test(await state(page)));
  await press("r");
  await working(page);
  await press(" ", " ", " ");
  await until("the end after a pause", async () => /Finished/.test(await state(page)));
  clean();
});

test("a run leaves a picture and a table in words on every screen", async (t) => {
  for (const [name, viewport] of Object.entries(SCREENS)) {
    const { page, clean } = await open(t, { hash: "preset=branin&n=6", viewport });
    await finish(page);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name}: the page is ${wide} px wider than the screen`);
    for (const picture of await page.getByRole("img").all()) {
      assert.ok(((await picture.getAttribute("aria-label")) ?? "").length > 20, `${name}: a picture without words`);
    }
    assert.ok((await page.getByRole("row").count()) >= 6, `${name}: the trial table`);
    clean();
  }
});

test("a trial that kills its worker is found, recorded as failed, and nothing else is lost", async (t) => {
  // The worker as built, which dies in the middle of a stretch, and then at one trial.
  const deadly = `
    const post = self.postMessage.bind(self);
    let careful = false, fresh = true, blamed = false;
    self.addEventListener("message", ({ data }) => {
      const { prepare, advance } = JSON.parse(data);
      if (prepare) [fresh, blamed] = [prepare.lines.length === 0, prepare.crashed != null];
      if (advance) careful = advance.careful;
    });
    self.postMessage = (message) => {
      post(message);
      const said = typeof message === "string" ? JSON.parse(message) : {};
      const fatal = careful ? !blamed && said.lane === 1 && said.id === 30 : fresh && said.id >= 3;
      if (said.type === "began" && fatal) {
        reportError(new Error("boom"));
        for (;;);
      }
    };`;
  const { page } = await open(t, {
    hash: "preset=race-iris&n=34",
    acceptDownloads: true,
    altered: /^worker-start\.js$/,
    alter: (_, bytes) => Buffer.from(`${deadly}\n${bytes}`),
  });
  await ready(page);
  await button(page, "Run").click();
  await until("the word about the trial", async () => /recorded as failed/.test(await notices(page)));
  await until("the new worker", () => button(page, "Run").isEnabled());
  await button(page, "Run").click();
  await finished(page);
  const lines = (await trace(page)).trim().split("\n");
  const failed = lines.findIndex((line) => line.includes('"failed"'));
  assert.equal(lines.filter((line) => line.includes('"failed"')).length, 1);
  const blamed = JSON.parse(lines[failed]);
  assert.deepEqual([blamed.strategy, blamed.id], ["random", 30]);
  assert.match(blamed.failed, /crashed/);
  const theirs = native("preset=race-iris&n=34").trim().split("\n");
  assert.equal(lines.length, theirs.length);
  assert.deepEqual(lines.slice(0, failed), theirs.slice(0, failed), "the trials before it are the command's");
});
