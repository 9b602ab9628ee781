// What pictures show and what can be done in them: layers, a point of one's own, what another would choose, a closer look.

import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "./harness.mjs";
import { button, colours, done, finish, notices, ready, saved, start, state, trace, words } from "./visitor.mjs";

test("every layer lies beneath the points of a strategy with a model", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=random,bayes&n=8");
  await finish(page);
  for (const [layer, said] of [
    ["mean", /what its model expects/],
    ["uncertainty", /how unsure its model is/],
    ["acquisition", /worth to try/],
    ["error", /how far its model is/],
    ["truth", /the objective itself/],
  ]) {
    await button(page, layer).click();
    await until(`the ${layer}`, async () => said.test(await words(page, "space", 1)));
    assert.ok((await colours(page.locator(".picture.space canvas").nth(1))) > 40, `${layer} is a map of colours`);
  }
  assert.match(await page.evaluate(() => location.hash), /layer=truth/);
  await button(page, "points").click();
  await until("the points alone", async () => !/colours beneath/.test(await words(page, "space", 1)));
  clean();
});

test("the objective of a trained model is evaluated in the background, and a layer comes from the address", async (t) => {
  const { page, clean } = await start(
    t,
    "data=iris&model=forest(n_estimators:5)&p.max_depth=1..4&p.min_samples_leaf=1..3&s=random&n=3&layer=truth",
  );
  await finish(page);
  await until("the whole truth", async () => /the objective itself/.test(await words(page, "space")) && !/known so far/.test(await words(page, "space")));
  clean();
});

test("a wrong layer in the address is named", async (t) => {
  const { page } = await start(t, "fn=branin&s=random&n=3&layer=zzz");
  await until("the notice", async () => /zzz/.test(await notices(page)));
});

test("a point of one's own becomes a trial", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=bayes&n=8", { acceptDownloads: true });
  for (let i = 1; i <= 4; i += 1) {
    await button(page, "Step").click();
    await until(`${i} trials`, async () => (await done(page)) === i);
  }
  const canvas = page.locator(".picture.space canvas");
  const box = await canvas.boundingBox();
  // Right of the middle and above it: none of the first trials lies near.
  await canvas.click({ position: { x: box.width * 0.74, y: box.height * 0.31 } });
  await until("the point", () => page.getByRole("heading", { name: "A point of your own" }).isVisible());
  await button(page, "Evaluate it").click();
  await until("the trial", async () => (await done(page)) === 5);
  const lines = (await trace(page)).trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(lines[4].origin.kind, "person");
  // From pixels to data: right of the middle of x1 = -5..10, above the middle of x2 = 0..15.
  const { x1, x2 } = lines[4].config;
  assert.ok(x1 > 4.5 && x1 < 9.5 && x2 > 7.5 && x2 < 13, `${x1} ${x2}`);
  await finish(page);
  clean();
});

test("what another would choose is told, and the run goes on as before", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=bayes&n=9");
  await finish(page);
  // The text of rows that are scrolled away, too.
  const before = await page.locator(".trials tbody").textContent();
  assert.match(before, /bayes/);
  await page.getByRole("combobox", { name: "What would another choose here?" }).selectOption("bayes(acq:pi)");
  await until("the answer", async () => /bayes\(acq:pi\) would try/.test(await state(page)));
  assert.equal(await page.locator(".trials tbody").textContent(), before);
  clean();
});

test("samples, cuts through the best, and what the best is drawn over", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=bayes&n=8");
  await finish(page);
  for (const name of ["samples", "through the best"]) {
    await button(page, name).click();
    await until(`${name} on`, async () => (await button(page, name).getAttribute("aria-pressed")) === "true");
  }
  await page.getByRole("combobox", { name: "Drawn over" }).selectOption("seconds");
  const log = await words(page, "best");
  await button(page, "log regret").click();
  await until("a linear axis", async () => (await words(page, "best")) !== log);
  clean();
});

test("the truth along a cut of a trained model is evaluated in the background, and changes nothing else", async (t) => {
  const { page, clean } = await start(t, "data=digits&model=knn&p.n_neighbors=1..60&p.weights=uniform|distance&cv=3&s=bayes&n=8", { acceptDownloads: true });
  await finish(page);
  const before = await trace(page);
  const told = () => words(page, "belief");
  await until("the belief", async () => /its mean is best at n_neighbors/.test(await told()));
  const shot = () => page.locator(".picture.belief canvas").evaluate((c) => c.toDataURL());
  const without = await shot();
  assert.doesNotMatch(await told(), /truth/);
  await button(page, "the truth").click();
  await until("its first places", async () => /places of the truth are known so far/.test(await told()) && /\d+ % evaluated/.test(await page.locator(".belief .growing").textContent()));
  await until("all of it", async () => /the truth is best at n_neighbors = \d+ with 0\.\d+/.test(await told()) && !/known so far/.test(await told()), 120_000);
  assert.equal(await page.locator(".belief .growing").count(), 0);
  assert.notEqual(await shot(), without);
  // The trial through which it is cut lies on it.
  const last = JSON.parse((await trace(page)).trim().split("\n").at(-1));
  const canvas = page.locator(".picture.belief canvas");
  await canvas.hover();
  const box = await canvas.boundingBox();
  const tip = page.locator(".picture.belief .tip");
  const read = new Map();
  for (let x = 0.08; x < 0.98; x += 0.008) {
    await page.mouse.move(box.x + box.width * x, box.y + box.height * 0.3);
    const said = /n_neighbors = (\d+)\n[^]*truth ([\d.]+)/.exec(await tip.innerText({ timeout: 50 }).catch(() => ""));
    if (said) read.set(Number(said[1]), Number(said[2]));
  }
  assert.ok(read.size > 20, `${read.size} places read`);
  const there = read.get(last.config.n_neighbors);
  assert.ok(there === undefined || Math.abs(there - last.value) < 1e-3, `${there} at a trial with ${last.value}`);
  await button(page, "the truth").click();
  await until("the belief alone", async () => (await shot()) === without && !/truth/.test(await told()));
  assert.equal(await trace(page), before);
  clean();
});

test("every closer look is drawn and told", async (t) => {
  const { page, clean } = await start(t, "data=iris&model=forest(n_estimators:5)&p.max_depth=1..4&p.min_samples_leaf=1..9&s=random,hyperband&n=12");
  await finish(page);
  const tabs = page.locator(".more .tabs button");
  assert.ok((await tabs.count()) >= 8, "what every run has, and what a trained model has");
  for (const tab of await tabs.all()) {
    await tab.click();
    const canvas = page.locator(".more canvas");
    await until(`${await tab.innerText()} drawn`, async () => (await colours(canvas)) > 4 && ((await canvas.getAttribute("aria-label")) ?? "").length > 60);
  }
  // The rungs of the second strategy, in its own panel.
  await page.keyboard.press("2");
  await until("the rungs", async () => (await colours(page.locator(".picture.belief canvas"))) > 4);
  clean();
});

test("after a reload the run is there as it was; Reset forgets it", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=random,bayes&n=9");
  for (let i = 1; i <= 5; i += 1) {
    await button(page, "Step").click();
    await until(`${i} trials`, async () => (await done(page)) === i);
  }
  const before = await page.locator(".trials tbody").textContent();
  await page.reload();
  await until("the run", async () => (await done(page).catch(() => 0)) === 5);
  assert.equal(await page.locator(".trials tbody").textContent(), before);
  await finish(page);
  await button(page, "Reset").click();
  await until("an empty run", async () => (await done(page)) === 0);
  await page.reload();
  await ready(page);
  assert.equal(await done(page), 0);
  clean();
});

test("the trials as a table", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=random&n=4", { acceptDownloads: true });
  await finish(page);
  const rows = (await saved(page, "Download CSV")).trim().split("\r\n");
  assert.equal(rows[0], "strategy,trial,fidelity,x1,x2,value,train,cost,seconds,failed");
  assert.equal(rows.length, 5);
  assert.match(rows[1], /^random,1,1,-?[\d.]+,[\d.]+,[\d.]+,/);
  clean();
});

test("each new best is tested, which changes nothing else", async (t) => {
  const { page, clean } = await start(
    t,
    "data=iris&model=forest(n_estimators:5)&p.max_depth=1..6&p.min_samples_leaf=1..9&s=random,bayes&n=10&seed=4",
    { acceptDownloads: true },
  );
  await finish(page);
  const before = await trace(page);
  await button(page, "Overfitting").click();
  const told = () => words(page, "gaps");
  await until("the tests", async () => /on held-out rows/.test(await told()) && !/Of the tests/.test(await told()));
  // The test of the last best is the one that stands in large type when that strategy is looked at.
  await page.locator(".legend button").nth(1).click();
  await until("the other's tests", async () => /of Bayesian/.test(await told()) && /on held-out rows/.test(await told()) && !/Of the tests/.test(await told()));
  const [, test] = /, ([\d.e-]+) on held-out rows/.exec(await told());
  assert.equal(await page.locator(".numbers .big").nth(1).innerText(), test);
  assert.equal(await trace(page), before);
  const rows = (await saved(page, "Download CSV")).trim().split("\r\n").map((row) => row.split(","));
  const column = rows[0].indexOf("test");
  const tested = rows.slice(1).filter((row) => row[0] === "bayes" && row[column] !== "");
  const list = /and in brackets its validation: (.*)\. *$/.exec(await told());
  assert.equal(tested.length, list ? list[1].split("), ").length : 1);
  clean();
});

test("where no row is held out, and on a test function, it is said why there is no test", async (t) => {
  const { page } = await start(t, "data=iris&model=knn&split=0&s=random&n=4");
  await finish(page);
  await button(page, "Overfitting").click();
  await until("the reason", async () => /no rows are held out/.test(await words(page, "gaps")));
  const other = await start(t, "fn=branin&s=random&n=3");
  await finish(other.page);
  await until("the reason", () => other.page.getByText("a test function has none").isVisible());
  assert.equal(await button(other.page, "Overfitting").count(), 0);
});

test("what is kept of parallel coordinates is kept in every picture and in the table", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=random,bayes&n=12&seed=2");
  await finish(page);
  const kept = async () => Number(/^(\d+) of 24 trials are kept/.exec((await page.locator(".brushing [role=status]").textContent().catch(() => "")) ?? "")?.[1] ?? NaN);
  const rows = () => page.locator(".rows tbody tr:not(.none)").count();
  assert.equal(await rows(), 24);
  // Without dragging.
  await page.getByRole("combobox", { name: "Keep only a range of" }).selectOption("x1");
  await page.locator(".brushing input").nth(1).fill("50");
  await until("a part of them", async () => (await kept()) > 0 && (await kept()) < 24);
  const half = await kept();
  assert.equal(await rows(), half);
  for (const row of await page.locator(".rows tbody tr").all()) {
    assert.ok(Number(await row.locator("td").nth(2).innerText()) <= 2.5 + 1e-3, "x1 lies in the lower half of -5..10");
  }
  const said = new RegExp(`Only ${half} of 24 trials are kept bright: x1 from -5 to 2\\.5`);
  for (const kind of ["space", "best", "belief", "parallel"]) await until(kind, async () => said.test(await words(page, kind)));
  for (const [name, kind] of [["Distribution", "distribution"], ["One at a time", "scatter"]]) {
    await button(page, name).click();
    await until(name, async () => said.test((await words(page, kind).catch(() => "")) ?? ""));
  }
  // What matters among those kept: of the strategy looked at.
  await button(page, "What matters").click();
  const own = await page.locator(".rows tbody tr", { hasText: "bayes" }).count();
  await until("their importance", async () => new RegExp(`'s ${own} values|not known yet`).test(await words(page, "importance")));
  await button(page, "Keep all").click();
  await until("all of them", async () => (await rows()) === 24);
  // By dragging along the first axis: from the middle upwards. No trial is chosen by it.
  await button(page, "Parallel coordinates").click();
  const box = await page.locator(".picture.parallel canvas").boundingBox();
  const x = box.x + box.width / 6;
  await page.mouse.move(x, box.y + box.height * 0.6);
  await page.mouse.down();
  await page.mouse.move(x, box.y + box.height * 0.4, { steps: 4 });
  await page.mouse.up();
  await until("a part of them again", async () => (await kept()) >= 0 && (await kept()) < 24);
  assert.equal(await page.locator(".rows [aria-current]").count(), 0);
  clean();
});

test("a pointer is told the values under it", async (t) => {
  const { page, clean } = await start(t, "data=iris&model=forest(n_estimators:5)&p.max_depth=1..4&p.min_samples_leaf=1..9&s=random,bayes&n=8");
  await finish(page);
  for (const [name, said] of [
    ["Distribution", /at least as good as [\d.]+\n.*: \d+ of 8 trials/],
    ["What matters", /\d+ ± \d+ % of the variance\nby 8 values/],
    ["Folds", /trial \d+: [\d.]+ ± [\d.]+ \(standard error\)\nfolds: /],
    ["Overfitting", /trial \d+: validation [\d.]+\ntraining [\d.]+/],
    ["Confusion", /\d+ of \d+ rows of \w+\ndecided: \w+/],
    ["Decisions", /decided on the plane: \w+/],
  ]) {
    await button(page, name).click();
    const canvas = page.locator(".more canvas");
    await until(name, async () => {
      const box = await canvas.boundingBox();
      // From side to side, until something is under the pointer: what there is lies elsewhere in every picture.
      for (let share = 0.12; share < 0.95; share += 0.07) {
        await canvas.hover({ position: { x: box.width * share, y: box.height * 0.45 } });
        const tip = page.locator(".more .tip");
        if ((await tip.isVisible()) && said.test(await tip.innerText())) return true;
      }
      return false;
    });
  }
  clean();
});

test("what a pointer is told lies within its picture, in a few digits", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=random,bayes&n=8", { viewport: { width: 1440, height: 900 } });
  await finish(page);
  const canvas = page.locator(".picture.space canvas").last();
  const tip = page.locator(".picture.space .tip").last();
  await canvas.hover();
  const box = await canvas.boundingBox();
  let trials = 0;
  for (let share = 0.1; share < 0.95; share += 0.02) {
    for (const height of [0.2, 0.5, 0.7]) {
      await page.mouse.move(box.x + box.width * share, box.y + box.height * height);
      if (!(await tip.isVisible())) continue;
      const at = await tip.boundingBox();
      assert.ok(at.x >= box.x - 1 && at.x + at.width <= box.x + box.width + 1, `${JSON.stringify(at)} in ${JSON.stringify(box)}`);
      const said = await tip.innerText();
      assert.doesNotMatch(said, /\d{7}|\.\d{6}/);
      if (/^Bayesian optimization \(GP\) \d+ · /.test(said)) trials += 1;
    }
  }
  assert.ok(trials > 0, "a trial was under the pointer");
  clean();
});

test("with one parameter the height is the value, and colours are not spoken of", async (t) => {
  const { page, clean } = await start(t, "fn=forrester&s=bayes&n=6");
  await finish(page);
  await until("the truth", async () => /dotted the truth/.test(await page.locator("#spaces").innerText()));
  const canvas = page.locator(".picture.space canvas");
  const box = await canvas.boundingBox();
  await canvas.hover({ position: { x: box.width * 0.4, y: box.height * 0.12 } });
  await until("the truth there", async () => /^truth [-\d.]+\nx = [\d.]+$/.test(await page.locator(".picture.space .tip").innerText()));
  assert.equal(await page.locator(".scale svg").count(), 0);
  clean();
});

test("of a model that is validated once no folds are offered", async (t) => {
  const { page } = await start(t, "data=iris&model=knn&cv=hold:0.3&s=random&n=3");
  await button(page, "Overfitting").waitFor();
  assert.equal(await button(page, "Folds").count(), 0);
});
