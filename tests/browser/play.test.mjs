// "You against the optimizer": a game by mouse, one by keyboard alone, its end with the run's own numbers, and what is hidden until then.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inChromium, open, until } from "./harness.mjs";
import { button, complaints, finished, notices, ready, trace } from "./visitor.mjs";

/** Names as they are told. */
const TITLES = { random: "Random search", bayes: "Bayesian optimization \\(GP\\)" };
const told = (page) => page.locator(".play .told").textContent();
const turn = (page) => until("the first turn", () => page.locator(".play .told").textContent({ timeout: 500 }).catch(() => ""), 60_000);
const after = (page, trial) => until(`trial ${trial}`, async () => new RegExp(`Trial ${trial} of `).test(await told(page)), 60_000);

/** The trials as the page downloads them, each with its line. */
const trials = async (page) => (await trace(page)).trim().split("\n").map((line) => ({ line, ...JSON.parse(line) }));

/** The board at the end: who, rank, best, …, found at trial. */
const board = async (page) =>
  page.locator(".verdict tbody tr").evaluateAll((rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.trim())));

/** Ends of all participants as the trace has them, the best first. */
function ends(lines, trials) {
  const best = {};
  for (const { strategy, id, value } of lines.filter((l) => l.id < trials)) {
    if (best[strategy] === undefined || value < best[strategy].value) best[strategy] = { strategy, id, value };
  }
  return Object.values(best).sort((a, b) => a.value - b.value);
}

test("a game by mouse: everything hidden, then revealed with the run's own numbers", async (t) => {
  const study = "fn=forrester(variant:7)&s=bayes,random&n=5&seed=3";
  const { page, site, clean } = await open(t, { hash: `${study}&play=1&layer=truth`, acceptDownloads: true });
  await turn(page);
  const canvas = page.locator(".picture.space canvas");
  assert.equal(await canvas.count(), 1);
  // Nothing to look beneath with, to run, scrub, or change the question.
  for (const name of ["truth", "Run", "Step", "Reset", "Undo", "Runs", "Download trace"]) assert.equal(await button(page, name).count(), 0, name);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Control+z");
  const places = [0.1, 0.35, 0.6, 0.8, 0.95];
  for (const [i, share] of places.entries()) {
    const box = await canvas.boundingBox();
    await canvas.click({ position: { x: 80 + (box.width - 110) * share, y: box.height * (i % 2 ? 0.4 : 0.55) } });
    await button(page, "Evaluate").click();
    if (i + 1 < places.length) {
      await after(page, i + 1);
      assert.match(await told(page), new RegExp(`Trial ${i + 1} of 5 gave -?[\\d.]+.*Your best is -?[\\d.]+, from trial \\d`));
      const rows = await page.getByRole("region", { name: "Table of trials" }).getByRole("row").allTextContents();
      assert.ok(rows.slice(1).length === i + 1 && rows.slice(1).every((row) => /you/.test(row)), rows.join("\n"));
      // The same point again is refused.
      assert.equal(await button(page, "Evaluate").getAttribute("aria-disabled"), "true");
    }
    for (const picture of await page.locator(".picture canvas").all()) {
      if (i + 1 < places.length) assert.doesNotMatch(await picture.getAttribute("aria-label"), /bayes|random|optimum/i);
    }
  }
  await page.locator(".verdict tbody tr").first().waitFor();
  await until("the end", async () => /won|draw/i.test(await page.locator(".verdict .sentence").textContent()));
  const lines = await trials(page);
  assert.equal(lines.length, 15);
  const shown = await board(page);
  const wanted = ends(lines, 5);
  assert.deepEqual(shown.map((row) => [row[0] === "You" ? "you" : row[0], Number(row[4])]), wanted.map((w) => [w.strategy, w.id + 1]));
  shown.forEach((row, i) => {
    assert.ok(Math.abs(Number(row[2]) - wanted[i].value) <= 0.002 * Math.abs(wanted[i].value) + 1e-3, `${row[2]} and ${wanted[i].value}`);
    assert.ok(Math.abs(Number(row[3]) - (wanted[i].value + 6.020740055767083)) <= 0.01 * Number(row[3]) + 1e-3, row[3]);
  });
  const winner = wanted[0].strategy;
  assert.match(await page.locator(".verdict .sentence").textContent(), winner === "you" ? /You won/ : new RegExp(`${TITLES[winner]} won\\. You are number ${wanted.findIndex((w) => w.strategy === "you") + 1} of 3`));
  // Each strategy did what it does without the person.
  await page.goto(`${site.url}#${study}`);
  await until("the same study alone", () => button(page, "Run").isEnabled().catch(() => false));
  await button(page, "Run").click();
  await finished(page);
  const alone = await trials(page);
  const others = lines.filter((l) => l.strategy !== "you");
  for (const name of ["bayes", "random"]) {
    const of = (all) => all.filter((l) => l.strategy === name).map((l) => l.line);
    assert.deepEqual(of(others), of(alone));
  }
  clean();
});

/** Presses Tab until what has the focus is called so. */
async function tab(page, name) {
  await until(`the focus on ${name}`, async () => {
    await page.keyboard.press("Tab");
    return page.evaluate((name) => (document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent) === name, name);
  });
}

test("a game by keyboard alone, on real data, again after a reload, to its end and on to the next", inChromium, async (t) => {
  const { page, clean } = await open(t, { hash: "preset=svm-iris&s=random,bayes&n=3&play=1", acceptDownloads: true });
  await turn(page);
  await tab(page, "Slide C");
  for (let i = 0; i < 8; i += 1) await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Enter");
  await after(page, 1);
  await page.reload();
  await after(page, 1);
  assert.equal(await page.locator(".layers").count(), 0);
  // Typed: the field above the slider.
  await tab(page, "gamma");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("0.25");
  await page.keyboard.press("Enter");
  await after(page, 2);
  await tab(page, "Slide gamma");
  await page.keyboard.press("PageUp");
  await tab(page, "Evaluate");
  await page.keyboard.press("Enter");
  await page.locator(".verdict .sentence").waitFor();
  await until("the end", async () => /won|draw/i.test(await page.locator(".verdict .sentence").textContent()));
  const lines = await trials(page);
  const own = lines.filter((l) => l.strategy === "you");
  assert.deepEqual([own.length, own[1].config.gamma, own[0].origin.kind], [3, 0.25, "person"]);
  assert.ok(lines.some((l) => l.strategy === "bayes"));
  const shown = await board(page);
  const wanted = ends(lines, 3);
  assert.deepEqual(shown.map((row) => Number(row[3])), wanted.map((w) => w.id + 1));
  // What is revealed is there after a reload, too; another game hides everything again, with another number.
  await page.reload();
  await until("the end again", async () => /won|draw/i.test(await page.locator(".verdict .sentence").textContent().catch(() => "")));
  assert.deepEqual(await board(page), shown);
  await tab(page, "Play again");
  await page.keyboard.press("Enter");
  await until("the next game", async () => /No trial yet: 3 to go/.test(await told(page).catch(() => "")));
  assert.match(await page.evaluate(() => location.hash), /seed=\d{4}/);
  clean();
});

test("who gives up sees everything, the strategies go on, and leaving keeps what they found", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=branin", acceptDownloads: true });
  await ready(page);
  await button(page, "Play").click();
  await page.getByRole("region", { name: "You against the optimizer" }).getByRole("button", { name: /^Branin/ }).click();
  await turn(page);
  assert.match(await page.evaluate(() => location.hash), /fn=branin\(variant:\d+\).*play=1/);
  await page.locator(".picture.space canvas").click();
  await button(page, "Evaluate").click();
  await after(page, 1);
  await button(page, "Give up and see").click();
  await until("the end", async () => /won|draw/i.test(await page.locator(".verdict .sentence").textContent().catch(() => "")));
  assert.match(await page.locator(".verdict caption").textContent(), /After 1 of 15 trials each/);
  await finished(page);
  const all = await trials(page);
  assert.deepEqual(["you", "random", "bayes"].map((name) => all.filter((l) => l.strategy === name).length), [1, 15, 15]);
  // The link is to the game, not to its end.
  await button(page, "Share this game").click();
  assert.match(await page.getByLabel("Link", { exact: true }).inputValue(), /play=1/);
  await button(page, "Leave the game").click();
  await finished(page);
  const left = await trials(page);
  assert.ok(left.length === all.length - 1 && left.every((l) => l.strategy !== "you"));
  clean();
});

for (const [name, options] of [
  ["light", { colorScheme: "light" }],
  ["dark on a phone", { colorScheme: "dark", viewport: { width: 390, height: 844 }, hasTouch: true }],
]) {
  // What it reads is the same document in every browser.
  test(`axe-core finds nothing in a game and in slow motion: ${name}`, inChromium, async (t) => {
    const { page, site } = await open(t, { hash: "fn=branin(variant:7)&s=random,bayes&n=3&play=1", isolated: false, ...options });
    await turn(page);
    await button(page, "Evaluate").click();
    await after(page, 1);
    assert.deepEqual(await complaints(page), [], "while it is played");
    await button(page, "Give up and see").click();
    await page.locator(".verdict tbody tr").first().waitFor();
    await until("the end", async () => /won|draw/i.test(await page.locator(".verdict .sentence").textContent()));
    assert.deepEqual(await complaints(page), [], "at its end");
    await page.goto(`${site.url}#fn=branin&s=random,bayes&n=9`);
    await ready(page);
    await button(page, "Play").click();
    assert.deepEqual(await complaints(page), [], "with the choice of games");
    await page.keyboard.press("Escape");
    await page.getByLabel("Speed").selectOption("slow motion");
    await button(page, "Step").click();
    await page.locator(".phases .on", { hasText: "explain" }).waitFor();
    assert.deepEqual(await complaints(page), [], "in slow motion");
  });
}

for (const [name, times, ended, late = false] of [
  ["once is evaluated by the next worker", 1, "ok"],
  ["once, chosen before it is heard that the others rest, is evaluated by the next worker", 1, "ok", true],
  ["every worker that is given it is a failed trial of theirs", 9, "failed"],
]) {
  test(`a person's point that kills ${name}, and the game goes on`, async (t) => {
    const deadly = `
      const number = Number(new URL(self.location.href).searchParams.get("panics").split("-").at(-1));
      const post = self.postMessage.bind(self);
      let own = false;
      let rested;
      self.addEventListener("message", ({ data }) => (own = Boolean(JSON.parse(data).try)));
      self.postMessage = (message) => {
        const known = typeof message === "string" ? JSON.parse(message) : {};
        // The first rest after the first point comes no sooner than the second point is begun.
        if (${late} && number === 1 && own && known.type === "rests" && rested === undefined) return void (rested = message);
        if (rested && known.type === "began" && known.lane === 0 && known.id === 1) post(rested);
        post(message);
        if (known.type !== "began" || !own || known.lane !== 0 || known.id !== 1 || number > ${times}) return;
        reportError(new Error("boom"));
        for (;;);
      };`;
    const { page } = await open(t, {
      hash: "fn=branin(variant:7)&s=random&n=3&seed=3&play=1",
      acceptDownloads: true,
      altered: /^worker-start\.js$/,
      alter: (_, bytes) => Buffer.from(`${deadly}\n${bytes}`),
    });
    await turn(page);
    for (const [i, share] of [0.3, 0.5, 0.7].entries()) {
      const box = await page.locator(".picture.space canvas").boundingBox();
      await page.locator(".picture.space canvas").click({ position: { x: 80 + (box.width - 110) * share, y: box.height * 0.5 } });
      await button(page, "Evaluate").click();
      if (i < 2) await after(page, i + 1);
    }
    await until("the end", async () => /won|draw/i.test(await page.locator(".verdict .sentence").textContent().catch(() => "")));
    assert.match(await notices(page), /worker stopped/);
    const lines = await trials(page);
    const own = lines.filter((l) => l.strategy === "you");
    assert.equal(lines.length, 6);
    assert.deepEqual(own.map((l) => [l.origin.kind, l.failed === undefined ? "ok" : "failed"]), [["person", "ok"], ["person", ended], ["person", "ok"]]);
    const { x1 } = own[1].config;
    assert.ok(x1 > own[0].config.x1 && x1 < own[2].config.x1, "the point that was chosen");
  });
}
