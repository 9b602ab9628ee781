// Slow motion: each trial's four phases appear one after the other, with the run's numbers, and change nothing of its trace.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, until } from "./harness.mjs";
import { button, done, finished, ready, trace } from "./visitor.mjs";

test("propose, explain, train, learn: in this order, with true numbers, and the same trace", async (t) => {
  const hash = "data=iris&model=knn&cv=4&metric=logloss&s=random,bayes&n=6&seed=2";
  const { page, site, clean } = await open(t, { hash, acceptDownloads: true });
  await ready(page);
  // Every phase with what it says, and how many trials there are then.
  await page.evaluate(() => {
    window.seen = [];
    new MutationObserver(() => {
      const phase = document.querySelector(".phases [aria-current]")?.textContent;
      if (!phase) return;
      const says = document.querySelector(".slow p").textContent;
      const whose = document.querySelector(".slow .whose").textContent;
      const trials = Number(document.querySelector("progress[role=progressbar]").getAttribute("aria-valuenow"));
      const last = window.seen.at(-1);
      if (last?.phase === phase && last.whose === whose) last.says = says;
      else window.seen.push({ phase, whose, says, trials });
    }).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  await page.getByLabel("Speed").selectOption("slow motion");
  await button(page, "Run").click();
  const seen = await until("two trials", () => page.evaluate(() => window.seen.length >= 9 && window.seen), 60_000);
  assert.deepEqual(seen.slice(0, 8).map((s) => s.phase), ["propose", "explain", "train", "learn", "propose", "explain", "train", "learn"]);
  // A trial counts once it is learned from.
  assert.deepEqual(seen.slice(0, 8).map((s) => s.trials), [0, 0, 0, 1, 1, 1, 1, 2]);
  assert.match(seen[0].whose, /^Random search, trial 1$/);
  assert.match(seen[4].whose, /^Bayesian optimization.*, trial 1$/);
  assert.match(seen[2].says, /4 of 4 done, the last one scored [\d.]+/);
  // Another speed goes on from there to the same end.
  await page.getByLabel("Speed").selectOption("max");
  await finished(page);
  const slow = await trace(page);
  const value = JSON.parse(slow.split("\n")[0]);
  assert.ok(seen[3].says.includes(`The value is ${Number(value.value.toPrecision(4))}`.slice(0, 18)), seen[3].says);
  const folds = Number(/scored ([\d.]*\d)/.exec(seen[2].says)[1]);
  assert.ok(Math.abs(folds - value.folds.at(-1)) < 1e-3, `${folds} and ${value.folds}`);
  await page.goto(`${site.url}#${hash}&theme=light`);
  await ready(page);
  await button(page, "Reset").click();
  await ready(page);
  await button(page, "Run").click();
  await finished(page);
  assert.equal(await trace(page), slow);
  clean();
});

test("a phase stands still while the run is paused, and Step shows one trial", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=forrester&s=random&n=6" });
  await ready(page);
  await page.getByLabel("Speed").selectOption("slow motion");
  await button(page, "Step").click();
  await page.locator(".phases").waitFor();
  await button(page, "Pause").click();
  const phase = await page.locator(".phases [aria-current]").textContent();
  await page.waitForTimeout(3500);
  assert.equal(await page.locator(".phases [aria-current]").textContent(), phase);
  await button(page, "Run").click();
  await until("two trials", async () => (await done(page)) >= 2, 60_000);
  await page.getByLabel("Speed").selectOption("normal");
  await finished(page);
  assert.equal(await page.locator(".slow").count(), 0);
  clean();
});
