// Every control of the page, used once: in each state the controls are found by looking, so a new one is used, too. None may be there that
// could be used in no state; and each that the sources name must have been among them, or a state is missing here.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { IN_PAGE, key, useAll } from "./crawl.mjs";
import { open, until } from "./harness.mjs";
import { button, finish, notices, state, working } from "./visitor.mjs";

const TRAINED = "data=iris&model=tree&p.max_depth=1..4&p.min_samples_leaf=1..9&s=random,bayes&n=6&seed=2";
const FUNCTION = "fn=branin&s=random,bayes&n=6&seed=2";
const TABLE = { name: "t.csv", mimeType: "text/csv", buffer: Buffer.from(`id;kind;score\n${Array.from({ length: 60 }, (_, i) => `${i};${"abc"[i % 3]};${i % 3}`).join("\n")}\n`) };

/** Unfolds all that is folded. */
const unfold = (page) => page.evaluate(() => document.querySelectorAll("details").forEach((d) => (d.open = true)));

/** States of the page: what it is opened with, and what is done then. */
const STATES = {
  "after a run of a trained model": { hash: TRAINED, then: finish },
  "after a run of a test function, something refused": { hash: `${FUNCTION}&zzz=1`, then: finish },
  "before a run": { hash: FUNCTION },
  "settings unfolded": { hash: `${TRAINED}&n=2`, then: unfold },
  "a joint space with conditions": { hash: "data=iris&model=svm,knn&prep=scale&s=random,tpe&n=4", then: unfold },
  "an edit, and one taken back": {
    hash: FUNCTION,
    then: async (page) => {
      for (let i = 1; i <= 2; i += 1) {
        await button(page, "New seed").press("Enter");
        await working(page);
      }
      await button(page, "Undo").press("Enter");
      await until("something to make again", () => button(page, "Redo").isEnabled());
      await working(page);
    },
  },
  "looking back": { hash: FUNCTION, then: async (page) => (await finish(page), await button(page, "Step back").press("Enter")) },
  "another's choice": {
    hash: FUNCTION,
    then: async (page) => {
      await finish(page);
      await page.getByRole("row").filter({ hasText: /^5/ }).first().press("Enter");
      await page.getByLabel("What would another choose here?").selectOption("bayes(acq:ucb)");
      await button(page, "Go on from here with it").waitFor();
      await unfold(page);
    },
  },
  "a point of one's own": {
    hash: FUNCTION,
    then: async (page) => {
      await button(page, "Step").press("Enter");
      await until("a trial", async () => /Paused/.test(await state(page)));
      await button(page, "Try a point of your own").press("Enter");
      await button(page, "Evaluate it").waitFor();
    },
  },
  "a brushed range": {
    hash: `${FUNCTION}&n=9`,
    then: async (page) => {
      await finish(page);
      await page.getByLabel("Keep only a range of").selectOption("x1");
      await page.locator(".brushing input").nth(1).fill("50");
      await button(page, "Keep all").waitFor();
    },
  },
  "many trials": { hash: "fn=branin&s=random&n=150", then: finish },
  "runs kept": {
    hash: FUNCTION,
    then: async (page) => {
      await finish(page);
      await button(page, "Runs").press("Enter");
      await button(page, "Keep this run").press("Enter");
      await page.getByLabel(/^Rename /).first().waitFor();
    },
  },
  "no run kept yet": { hash: FUNCTION, then: async (page) => (await finish(page), await button(page, "Runs").press("Enter")) },
  "the link": { hash: FUNCTION, then: (page) => button(page, "Share").press("Enter") },
  "the help": { hash: FUNCTION, then: (page) => button(page, "Help").press("Enter") },
  "a card": {
    hash: FUNCTION,
    then: async (page) => (await button(page, "What is Bayesian optimization (GP)?").press("Enter"), await page.locator(".card h2").waitFor()),
  },
  "panels folded": { hash: FUNCTION, then: (page) => button(page, "Fold: Best so far").press("Enter") },
  "a panel enlarged": { hash: FUNCTION, then: (page) => button(page, "Enlarge: Best so far").press("Enter") },
  "a table of one's own": {
    hash: "data=csv&model=tree&s=random&n=3",
    then: async (page) => {
      await page.getByLabel("Choose a table").setInputFiles(TABLE);
      await page.getByText("60 rows, UTF-8").waitFor();
      await working(page);
      await unfold(page);
      await page.getByLabel("Text of the table").fill(`x;kind\n${Array.from({ length: 40 }, (_, i) => `${i};${"ab"[i % 2]}`).join("\n")}\n`);
    },
  },
  "the choice of games": { hash: FUNCTION, then: (page) => button(page, "Play").press("Enter") },
  "a game": { hash: "fn=branin(variant:7)&s=random&n=3&seed=3&play=1", then: (page) => button(page, "Evaluate").waitFor() },
  "the end of a game": {
    hash: "fn=branin(variant:7)&s=random&n=2&seed=3&play=1",
    then: async (page) => {
      await button(page, "Evaluate").press("Enter");
      await page.locator(".play .told", { hasText: "Trial 1 of" }).waitFor();
      await button(page, "Give up and see").press("Enter");
      await page.locator(".verdict tbody tr").first().waitFor();
      await until("the end", async () => /Finished/.test(await state(page)));
    },
  },
  "a lesson": { hash: "lesson=one-parameter", then: (page) => button(page, "Next").waitFor() },
  "a lesson's question": {
    hash: "lesson=one-parameter",
    then: async (page) => {
      await button(page, "Next").press("Enter");
      await page.locator(".predict button").first().waitFor();
    },
  },
  "on a phone": { hash: FUNCTION, then: finish, viewport: { width: 390, height: 844 }, hasTouch: true },
  "in another page": { hash: `${FUNCTION}&embed=1`, then: (page) => until("the end", async () => /Finished/.test(await state(page))) },
};

const used = new Set();
const idle = new Set();

for (const [name, { hash, then, ...options }] of Object.entries(STATES)) {
  test(`every control can be used, and shows that it was: ${name}`, async (t) => {
    const { page, context, site, clean } = await open(t, { hash: "fn=branin&s=random&n=1", isolated: false, acceptDownloads: true, viewport: { width: 1440, height: 1000 }, reducedMotion: "reduce", ...options });
    for (const script of IN_PAGE) await context.addInitScript(script);
    const enter = async () => {
      // A navigation that the last control began, such as to another language, may cut this one off.
      await page.goto("about:blank").catch(() => page.goto("about:blank"));
      await page.goto(`${site.url}#${hash}`);
      await until("the page to be ready", async () => /Ready|Paused|Finished|Your turn|not in the address/.test((await state(page)) + (await notices(page))), 60_000);
      await then?.(page);
      return page;
    };
    await useAll(enter, used, idle);
    clean();
  });
}

test("a run can be paused", async (t) => {
  // Long on any machine.
  const { page, clean } = await open(t, { hash: "data=digits&model=mlp(epochs:20)&p.learning_rate=1e-4..0.3~log&s=random&n=2000" });
  await working(page);
  await button(page, "Run").press("Enter");
  await until("the run", async () => /Running/.test(await state(page)));
  await button(page, "Pause").press("Enter");
  await until("the pause", async () => /Paused|Ready/.test(await state(page)));
  used.add("button Pause");
  clean();
});

test("no control was in sight that no state can use, and none is in the sources that was in sight nowhere", () => {
  assert.deepEqual([...idle].filter((name) => !used.has(name)), [], "never of any use");
  const folder = new URL("../../src/ui/", import.meta.url);
  const sources = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".rs"));
  const lines = sources.flatMap((file) => readFileSync(new URL(file, folder), "utf8").split("\n"));
  const kinds = { button: "button", select: "combobox", summary: "summary", a: "link", input: "textbox" };
  const named = lines.flatMap((line) => {
    const tag = /<(button|select|summary|input|a) /.exec(line)?.[1];
    const name = /aria-label="([^"]+)"/.exec(line)?.[1] ?? /\{ "([^"{}]+)" \}<\/(?:button|summary|a)>/.exec(line)?.[1];
    // A name that is put together is in no source as it is seen.
    return tag && name && !/aria-label=\{/.test(line) ? [{ tag, name }] : [];
  });
  assert.ok(named.length > 40, `${named.length} names`);
  const names = new Set([...used].map((one) => one.slice(one.indexOf(" ") + 1)));
  const missing = named.filter(({ tag, name }) => !names.has(key({ role: kinds[tag], name }).slice(kinds[tag].length + 1)));
  assert.deepEqual(missing, [], `not among what was used:\n${[...used].sort().join("\n")}`);
});
