// The page where things go wrong around it: a browser that keeps nothing, a tab nobody looks at, a tab that is killed, and a visitor
// who types what no field wants.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inChromium, open, until } from "./harness.mjs";
import { button, done, finish, goesOn, kept, ready, state, working } from "./visitor.mjs";

/** Whether a picture shows anything but one colour. */
const isDrawn = (canvas) =>
  canvas.evaluate((c) => {
    const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
    const pixels = new Uint32Array(data.buffer);
    return pixels.some((p) => p !== pixels[0]);
  });

for (const [name, forbid] of [
  ["full", () => (Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); })],
  ["forbidden", () => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } })],
]) {
  test(`where storage is ${name}, a run is made all the same, and that it is not kept is said`, async (t) => {
    const { page, context, url, clean } = await open(t);
    await context.addInitScript(forbid);
    await page.goto("about:blank");
    await page.goto(`${url}#fn=branin&s=random&n=6`);
    await finish(page);
    assert.equal(await done(page), 6);
    await until("the notice", async () => /keeps nothing/.test(await page.locator("body").innerText()));
    clean();
  });
}

test("a tab that nobody looks at goes on, and is drawn once somebody does", async (t) => {
  const { page, context, url, clean } = await open(t);
  // A hidden tab gets no animation frames.
  await context.addInitScript(() => {
    const real = window.requestAnimationFrame.bind(window);
    const waiting = [];
    window.hide = () => (window.requestAnimationFrame = (f) => waiting.push(f));
    window.reveal = () => {
      window.requestAnimationFrame = real;
      waiting.splice(0).forEach((f) => real(f));
      return waiting.length;
    };
  });
  await page.goto("about:blank");
  await page.goto(`${url}#fn=branin&s=random,bayes&n=12`);
  await ready(page);
  await page.evaluate(() => window.hide());
  await button(page, "Run").evaluate((b) => b.click());
  // Nothing is drawn meanwhile, but all trials come in and are kept.
  await until("the trials", async () => (await kept(page)) === 24, 60_000);
  assert.doesNotMatch(await state(page), /Finished/);
  await page.evaluate(() => window.reveal());
  await until("the end to be seen", async () => /Finished/.test(await state(page)));
  const pictures = page.locator(".picture canvas:visible");
  await until("the pictures", async () => {
    const all = await pictures.all();
    const drawn = await Promise.all(all.map(isDrawn));
    return all.length > 2 && drawn.every(Boolean);
  });
  await until("what they tell", async () => /12 trials/.test((await pictures.first().getAttribute("aria-label")) ?? ""));
  clean();
});

test("a tab that is killed in the middle of a run comes back with what it had", inChromium, async (t) => {
  const { page, context, clean } = await open(t, { hash: "fn=branin&s=bayes&n=400" });
  await ready(page);
  await button(page, "Run").click();
  const before = await until("trials that are kept", () => kept(page), 30_000);
  const url = page.url();
  const session = await context.newCDPSession(page);
  // The answer never comes: whoever would give it is gone.
  session.send("Page.crash").catch(() => {});
  await new Promise((crashed) => page.once("crash", crashed));
  const second = await context.newPage();
  await second.goto(url);
  await goesOn(second, before);
  clean([/^crash:/]);
});

const HOSTILE = ["", "  ", "-1", "1e400", "NaN", "0x10", "1..", "5..1", "9".repeat(5000), "<img src=x onerror=alert(1)>", "'\"&%00#", "😀\u202e\u0000"];

test("whatever is typed into any field, the page stands and says what it takes", async (t) => {
  const { page, url, clean } = await open(t, { hash: "preset=race-iris&n=4" });
  page.on("dialog", (dialog) => assert.fail(`a dialog: ${dialog.message()}`));
  await ready(page);
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));
  const fields = page.locator("input:not([type=checkbox]):not([type=radio]):not([type=range]):not([type=file]), textarea");
  const count = await fields.count();
  assert.ok(count > 4, `${count} fields`);
  // As typing does, without the time that it takes.
  const type = (i, text) =>
    page.evaluate(
      ([i, text]) => {
        const all = document.querySelectorAll("input:not([type=checkbox]):not([type=radio]):not([type=range]):not([type=file]), textarea");
        const field = all[i];
        if (!field || field.disabled) return;
        field.focus();
        field.value = text;
        for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
        field.blur();
      },
      [i, text],
    );
  for (let i = 0; i < count; i += 1) {
    for (const text of HOSTILE) await type(i, text);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 20)));
    assert.equal(await page.locator("img[src=x]").count(), 0);
  }
  assert.match(await state(page), /\w/);
  await page.goto("about:blank");
  await page.goto(`${url.split("#")[0]}#preset=race-iris&n=4`);
  await finish(page);
  clean();
});

test("while the page waits for a part of itself, nothing else begins", async (t) => {
  const slowly = async (path, whole) => (await new Promise((done) => setTimeout(done, 700)), whole);
  const { page, clean } = await open(t, { hash: "fn=branin&s=random,bayes&n=20", altered: /^app.*_rest\.wasm$/, alter: slowly });
  await finish(page);
  assert.equal(await done(page), 40);
  clean();
});

test("a study that needs the rest of the page comes when that is there, and the page stands still for nothing", async (t) => {
  const slowly = async (path, whole) => (await new Promise((done) => setTimeout(done, 1500)), whole);
  const { page, context, url, clean } = await open(t, { altered: /^app.*_rest\.wasm$/, alter: slowly });
  await context.addInitScript(() => {
    const { open } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.open = function (method, address, later = true) {
      window.stoodFor = later ? window.stoodFor : String(address);
      return open.call(this, method, address, later);
    };
  });
  for (const study of ["preset=forrester", "fn=mixed&s=tpe&n=5", "data=wine&model=svm&s=halving,bayes&n=6"]) {
    await page.goto("about:blank");
    await page.goto(`${url}#${study}`);
    await working(page);
    assert.equal(await page.evaluate(() => window.stoodFor), undefined, study);
  }
  clean();
});

test("a page that fails says so in words, and what is kept", async (t) => {
  const { page, context, url } = await open(t);
  // No way is known to make it fail by what people can do. So the browser is to blame: it does at once what it is asked to do later.
  await context.addInitScript(() => {
    let hear;
    Object.defineProperty(MessagePort.prototype, "onmessage", { set: (handler) => (hear = handler) });
    MessagePort.prototype.postMessage = () => hear?.(new MessageEvent("message"));
    window.requestAnimationFrame = (run) => (run(performance.now()), 1);
    window.queueMicrotask = (run) => run();
  });
  await page.goto("about:blank");
  await page.goto(`${url}#fn=branin&s=random&n=2`);
  await page.getByRole("alert").filter({ hasText: "The page itself has failed" }).waitFor();
  await button(page, "Reload").waitFor();
});
