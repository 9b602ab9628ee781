// What the person does with a run: fork it, keep it, take edits back, sort its trials, type a point.

import assert from "node:assert/strict";
import { test } from "node:test";
import { open, until } from "./harness.mjs";
import { button, done, finish, native, notices, put, ready, rows, saved, start, state, trace, working } from "./visitor.mjs";

test("a fork goes on as another strategy would from the same trials, beside the first run's ghost", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=forrester&s=bayes&n=10", acceptDownloads: true });
  await finish(page);
  const first = (await trace(page)).trim().split("\n");
  await page.getByRole("row").filter({ hasText: /^8/ }).click();
  await page.getByLabel("What would another choose here?").selectOption("bayes(acq:ucb)");
  await button(page, "Go on from here with it").waitFor();
  // Another setting of the strategy asked: its point follows at once.
  await page.locator(".others summary").click();
  await page.locator(".others").getByLabel("kernel", { exact: true }).selectOption("rbf");
  const words = page.locator(".others p[role=status]");
  await until("the other point", async () => /kernel:rbf/.test(await words.textContent()));
  const promised = await words.locator("b").textContent();
  await button(page, "Go on from here with it").click();
  await until("seven trials", async () => (await done(page)) === 7);
  await ready(page);
  await until("the ghost in words", async () => /forked from at trial 8/.test(await page.locator(".picture.space canvas").getAttribute("aria-label")));
  await button(page, "Step").click();
  await until("one more trial", async () => (await done(page)) === 8);
  await until("the promised point", async () => (await page.locator(".why .sentence b").first().textContent()) === promised);
  await finish(page);
  const second = (await trace(page)).trim().split("\n").map((line) => JSON.parse(line));
  const values = (lines) => lines.map((l) => [l.id, l.config, l.value]);
  assert.deepEqual(values(second.slice(0, 7)), values(first.slice(0, 7).map((l) => JSON.parse(l))));
  assert.ok(second.every((l) => /^bayes\(.*acq:ucb.*\)$/.test(l.strategy)), second[0].strategy);
  assert.match(await page.locator(".picture.best canvas").getAttribute("aria-label"), /the run it was forked from at trial 8/);
  // Back to the first run as it was, and forward to the second one.
  const there = async (lines) => JSON.stringify((await trace(page)).trim().split("\n").map((l) => values([JSON.parse(l)]))) === JSON.stringify(lines.map((l) => values([l])));
  await button(page, "Undo").click();
  await until("the first question", () => page.evaluate(() => !/ucb/.test(location.hash)));
  await until("the first run", async () => /Finished/.test(await state(page)) && (await there(first.map((l) => JSON.parse(l)))));
  assert.doesNotMatch(await page.locator(".picture.best canvas").getAttribute("aria-label"), /forked/);
  await button(page, "Redo").click();
  await until("the second run", async () => /Finished/.test(await state(page)) && /ucb/.test(await trace(page)) && (await there(second)));
  assert.match(await page.locator(".picture.best canvas").getAttribute("aria-label"), /the run it was forked from at trial 8/);
  // An edit of the second one is taken back to it, too.
  await put(page.getByLabel("Trials", { exact: true }), "11");
  await until("the edit", async () => /Ready/.test(await state(page)));
  await button(page, "Undo").click();
  await until("the second run again", async () => /Finished/.test(await state(page)) && (await there(second)));
  clean();
});

test("who cannot answer in another's place says why, and nobody goes on with an earlier answer", async (t) => {
  const { page, clean } = await open(t, { hash: "fn=branin&s=bayes,tpe&n=14&seed=2" });
  await finish(page);
  await page.getByRole("row").filter({ hasText: /^12.*bayes/ }).click();
  const menu = page.getByLabel("What would another choose here?");
  const answer = page.locator(".others > p[role=status]");
  await menu.selectOption("median");
  await until("an answer", async () => /median would try/.test((await answer.textContent().catch(() => "")) ?? ""));
  for (const unfit of ["folds", "pbt"]) assert.ok(await menu.locator(`option[value=${unfit}]`).isDisabled(), unfit);
  const reasons = page.locator(".strategies details.unfit");
  await reasons.locator("summary").click();
  assert.match(await reasons.innerText(), /Pruning by folds: a test function has no folds/);
  // A grid of too many cells in a random order cannot be built: the menu cannot know that.
  await menu.selectOption("grid");
  await until("the grid's answer", async () => /^grid would try/.test((await answer.textContent().catch(() => "")) ?? ""));
  await page.locator(".others summary").click();
  await put(page.locator(".others").getByLabel("levels", { exact: true }), "1000");
  await page.locator(".others").getByLabel("order", { exact: true }).selectOption("random");
  await until("why not", async () => /^grid\(.* would try nothing here: a grid of .* is too large/.test((await answer.textContent().catch(() => "")) ?? ""));
  assert.equal(await button(page, "Go on from here with it").count(), 0);
  assert.match(await menu.evaluate((m) => m.value), /^grid\(/);
  assert.equal(await notices(page), "");
  await menu.selectOption("tpe");
  await until("another's answer", async () => /^tpe would try/.test((await answer.textContent().catch(() => "")) ?? ""));
  // Another trial has been asked nothing; coming back, the answer belongs to what the menu says.
  await page.getByRole("row").filter({ hasText: /^11.*bayes/ }).click();
  await until("no answer", async () => (await answer.count()) === 0);
  assert.equal(await menu.evaluate((m) => m.value), "");
  await page.getByRole("row").filter({ hasText: /^12.*bayes/ }).click();
  await until("its answer", async () => /^tpe would try/.test((await answer.textContent().catch(() => "")) ?? ""));
  assert.equal(await menu.evaluate((m) => m.value), "tpe");
  await button(page, "Go on from here with it").click();
  await until("the fork", () => page.evaluate(() => /s=tpe(&|$)/.test(location.hash)));
  // Once the trials are there, what is asked of the objective is asked again.
  await until("the truth beneath", async () => /the objective itself/.test(await page.locator(".picture.space canvas").first().getAttribute("aria-label")));
  clean();
});

test("a strategy that cannot run is not in force, and its reason stands where strategies are chosen", async (t) => {
  const { page, clean } = await open(t, { hash: "data=iris&model=mlp&s=random,pbt&n=4" });
  await working(page);
  await until("the address", () => page.evaluate(() => !/pbt/.test(location.hash)));
  assert.match(await notices(page), /pbt: mlp does not go on with another/);
  const strategies = page.locator(".strategies");
  assert.equal(await strategies.getByLabel("Population-based training", { exact: true }).count(), 0);
  assert.ok(await strategies.locator("select.add option[value=pbt]").isDisabled());
  await strategies.locator("details.unfit summary").click();
  assert.match(await strategies.locator("details.unfit").innerText(), /Population-based training: mlp does not go on with another/);
  // What is typed is repeated in its beginning alone.
  await page.getByLabel("Conditions", { exact: true }).fill("z".repeat(5000));
  const why = page.locator(".field.invalid .why-not");
  await why.waitFor();
  assert.ok((await why.textContent()).length < 400, await why.textContent());
  clean();
});

test("a run whose rest pays for no further trial says so", async (t) => {
  const { page, clean } = await open(t, { hash: "fn=branin&s=hyperband&n=10" });
  await finish(page);
  assert.match(await state(page), /Finished/);
  const bar = page.getByRole("progressbar").first();
  const count = page.locator(".progress .count");
  assert.match(await count.textContent(), /^[\d.]+ of 10 spent( ·|$)/);
  assert.match(await count.getAttribute("title"), /Hyperband: [\d.]+ of 10 full trials are spent, and the next one needs more than is left/);
  assert.equal(await bar.evaluate((b) => b.value), await bar.evaluate((b) => b.max));
  clean();
});

test("a run is kept by name, renamed, opened again, exported and imported", async (t) => {
  const { page, context, site, clean } = await open(t, { hash: "preset=branin&s=random&n=8", acceptDownloads: true });
  await finish(page);
  const lines = await trace(page);
  await button(page, "Runs").click();
  await page.getByLabel("Name of this run").fill('my "first" run');
  await button(page, "Keep this run").click();
  await put(page.getByLabel('Rename my "first" run'), "first");
  await page.getByLabel("Rename first").waitFor();
  const file = await saved(page, "Export as a file");
  assert.equal(JSON.parse(file).trials.length, 8);
  await button(page, "Close").click();
  await button(page, "New seed").click();
  await until("an empty run", async () => /Ready/.test(await state(page)));
  await button(page, "Runs").click();
  assert.match(await page.getByRole("group", { name: "Runs" }).textContent(), /8 trials/);
  await button(page, "Open first").click();
  await until("the run", async () => /Finished/.test(await state(page)));
  assert.equal(await trace(page), lines);
  await button(page, "Runs").click();
  await button(page, "Delete first").click();
  await page.getByText("No run is kept yet").waitFor();
  const other = await context.newPage();
  await other.goto(site.url);
  await ready(other);
  await button(other, "Runs").click();
  const give = (name, text) => other.getByLabel("Import a run").setInputFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
  await give("other.json", '{"trials":[]}');
  await until("the refusal", async () => /no run of Tunescape/.test(await notices(other)));
  await give("mine.json", file);
  await until("the run", async () => /Finished/.test(await state(other)));
  assert.equal(await trace(other), lines);
  clean();
});

test("where nothing can be kept, that is said and the run goes on", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=branin&s=random&n=4" });
  await finish(page);
  await page.evaluate(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
  });
  await button(page, "Runs").click();
  await button(page, "Keep this run").click();
  await until("the word", async () => /has no room/.test(await notices(page)));
  assert.match(await state(page), /Finished/);
  clean();
});

test("edits are checked while they are typed, taken back and made again", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=branin&n=5" });
  await ready(page);
  const hash = () => page.evaluate(() => location.hash);
  const trials = page.getByLabel("Trials", { exact: true });
  await until("the study in the form", async () => (await trials.inputValue()) === "5");
  await trials.fill("0");
  await page.getByText("a whole number from 1").waitFor();
  await trials.fill("");
  await trials.pressSequentially("7");
  await until("nothing to be wrong", async () => (await page.getByText("a whole number from 1").count()) === 0);
  await trials.press("Enter");
  await until("the edit", async () => /n=7/.test(await hash()));
  await put(page.getByLabel("x1", { exact: true }), "0..5");
  await until("the second edit", async () => /p.x1=0..5/.test(await hash()));
  await button(page, "Undo").click();
  await until("the second edit to be gone", async () => !/p.x1/.test(await hash()));
  await page.locator("body").click({ position: { x: 2, y: 2 } });
  await page.keyboard.press("Control+z");
  await until("the first edit to be gone", async () => /n=5/.test(await hash()));
  await page.keyboard.press("Control+Shift+Z");
  await until("the first edit", async () => /n=7/.test(await hash()));
  assert.equal(await trials.inputValue(), "7");
  await button(page, "Redo").click();
  await until("both", async () => /n=7/.test(await hash()) && /p.x1=0..5/.test(await hash()));
  await finish(page);
  clean();
});

test("what only the worker knows to be wrong is said while it is typed, and does not count", async (t) => {
  const { page, clean } = await open(t, { hash: "data=iris&model=forest(n_estimators:5)&p.max_depth=1..6&p.min_samples_leaf=1..9&cv=3&s=random,bayes&n=4" });
  await finish(page);
  const before = await page.evaluate(() => location.hash);
  const field = (name) => page.getByLabel(name, { exact: true });
  const strategy = page.locator(".strategy").last();
  await strategy.locator("summary").click();
  for (const [input, wrong, said] of [
    [field("max_depth"), "abc", /accepted: .*\d/],
    [field("Folds"), "0", /"(0|xyz)" is no cross-validation; accepted: stratified folds such as 5/],
    [field("Folds"), "xyz", /"(0|xyz)" is no cross-validation; accepted: stratified folds such as 5/],
    [field("Folds"), "60", /accepted: at most \d\d folds, or 60~plain/],
    [field("Folds"), "900", /accepted: at most 120 folds/],
    [field("Test split"), "1.5", /accepted: a share of test rows between 0 and 1/],
    [strategy.getByLabel("xi", { exact: true }), "-3", /accepted: a number from 0/],
  ]) {
    const right = await input.inputValue();
    await input.fill("");
    await input.pressSequentially(wrong);
    const why = input.locator("xpath=..").locator(".why-not");
    await until(`what is accepted instead of ${wrong}`, async () => said.test((await why.textContent({ timeout: 1000 }).catch(() => "")) ?? ""));
    await input.press("Enter");
    // Longer than an edit takes to begin a run.
    await page.waitForTimeout(400);
    assert.equal(await input.inputValue(), wrong);
    assert.equal(await page.evaluate(() => location.hash), before);
    assert.match(await state(page), /Finished/, "the run is as it was");
    await input.fill("");
    await input.pressSequentially(right);
    await until("nothing to be wrong", async () => (await why.count()) === 0);
    await input.press("Enter");
  }
  assert.equal(await notices(page), "");
  // A right one counts as before.
  await put(field("Folds"), "4");
  await until("the edit", () => page.evaluate(() => /cv=4/.test(location.hash)));
  await finish(page);
  clean();
});

test("an edit entered before the worker has said a word waits for it: refused, it stays in its field", async (t) => {
  const { page, clean } = await open(t, { hash: "fn=branin&s=random&n=4" });
  await finish(page);
  const x2 = page.getByLabel("x2", { exact: true });
  await put(x2, "{a,b}");
  await x2.locator("xpath=..").getByText("takes numbers only").waitFor();
  // Longer than an edit takes to begin a run.
  await page.waitForTimeout(600);
  assert.equal(await page.evaluate(() => location.hash), "#fn=branin&s=random&n=4");
  assert.match(await state(page), /Finished/, "the run is as it was");
  await put(x2, "0..9");
  await until("the edit", () => page.evaluate(() => /p.x2=0..9/.test(location.hash)));
  assert.equal(await notices(page), "");
  clean();
});

test("what the model's parentheses fix is shown in force, and another value takes its place", async (t) => {
  const { page, clean } = await start(t, "data=iris&model=mlp(epochs:27)&p.learning_rate=1e-3..1e-1~log&cv=3&s=random&n=2");
  const epochs = page.getByLabel("epochs", { exact: true });
  assert.equal(await epochs.inputValue(), "=27");
  assert.equal(await page.getByLabel("hidden_units", { exact: true }).getAttribute("placeholder"), "not searched: 64");
  await put(epochs, "=40");
  await until("the edit", () => page.evaluate(() => /model=mlp&.*p.epochs==40/.test(location.hash)));
  await finish(page);
  assert.equal(await epochs.inputValue(), "=40");
  assert.equal(await notices(page), "");
  clean();
});

test("a data set has a card with its size, balance, source and licence; a function one with its formula and minimum", async (t) => {
  const { page, clean } = await start(t, "data=wine&model=tree&s=random&n=2");
  await button(page, "What is Wine?").press("Enter");
  const card = page.getByRole("complementary", { name: "Explanation" });
  const rows = async () => Object.fromEntries(await card.locator("dl > div").evaluateAll((all) => all.map((row) => [...row.children].map((c) => c.textContent))));
  const wine = await rows();
  assert.deepEqual([wine.Rows, wine.Features, wine.Classes, wine.Licence], ["178", "13", "3", "CC BY 4.0"]);
  assert.match(wine.Balance, /59 · 33 %.*71 · 40 %.*48 · 27 %/);
  assert.match(wine.Source, /Aeberhard/);
  assert.equal(await card.getByRole("link").getAttribute("href"), "https://doi.org/10.24432/C5PC7J");
  await page.getByLabel("Data", { exact: true }).selectOption("fn branin");
  await button(page, "What is Branin (2-D)?").press("Enter");
  // The minimum comes with the study.
  await until("the minimum", async () => (await rows()).Minimum);
  const branin = await rows();
  assert.match(branin.Formula, /cos\(x1\)/);
  assert.match(branin.Domain, /x1 -5.0..10.0x2 0.0..15.0/);
  assert.match(branin.Minimum, /^0.3979 at \(-3.142, 12.28\)/);
  clean();
});

test("trials are sorted and filtered, and what is brushed away is not listed", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=branin&s=random,grid&n=9" });
  await finish(page);
  const table = page.getByRole("region", { name: "Table of trials" });
  await table.getByRole("button", { name: "value" }).click();
  const values = async () => (await rows(page)).length && (await table.locator("tbody tr td:nth-last-child(2)").allTextContents()).map((v) => Number(v.replace("−", "-")));
  const ascending = await values();
  assert.deepEqual(ascending, [...ascending].sort((a, b) => a - b));
  assert.equal(ascending.length, 18);
  assert.equal(await table.getByRole("columnheader", { name: "value" }).getAttribute("aria-sort"), "ascending");
  await page.getByLabel("Filter trials").fill("grid cell");
  await until("the grid alone", async () => (await rows(page)).length === 9);
  await page.getByLabel("Filter trials").fill("no such thing");
  await until("no row", async () => /No trial is like that/.test((await rows(page))[0]));
  await page.getByLabel("Filter trials").fill("");
  const canvas = page.locator(".picture.parallel canvas");
  await canvas.scrollIntoViewIfNeeded();
  const box = await canvas.boundingBox();
  // The lower half of the first axis.
  await page.mouse.move(box.x + box.width / 6, box.y + box.height * 0.55);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 6, box.y + box.height * 0.9);
  await page.mouse.up();
  await until("fewer rows", async () => (await rows(page)).length < 18);
  assert.ok((await rows(page)).length > 0);
  await button(page, "Keep all").click();
  await until("all rows", async () => (await rows(page)).length === 18);
  clean();
});

test("a point is typed and evaluated", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=branin&s=random&n=4" });
  await ready(page);
  await button(page, "Try a point of your own").click();
  const point = page.getByRole("group", { name: "Values of the point" });
  await point.getByLabel("x1").fill("99");
  await point.getByText("Accepted:").waitFor();
  // A point picked in a picture has more digits than anybody wants to read, or to type.
  const canvas = page.locator(".picture.space canvas").first();
  const box = await canvas.boundingBox();
  await canvas.click({ position: { x: box.width * 0.613, y: box.height * 0.377 } });
  await until("few digits", async () => /^-?\d\.\d{1,3}$/.test(await point.getByLabel("x1").inputValue()));
  await put(point.getByLabel("x1"), "3.25");
  await put(point.getByLabel("x2"), "2.5");
  await until("the point", async () => /x1 = 3.25, x2 = 2.5/.test(await page.locator(".why .sentence").textContent()));
  await button(page, "Evaluate it").click();
  await until("the trial", async () => /chosen by hand/.test((await rows(page))[0]));
  await finish(page);
  assert.equal((await rows(page)).length, 4);
  clean();
});

test("a point that no strategy learns from changes none of their trials, is kept, and can be had after the end, too", async (t) => {
  const hash = "fn=branin&s=bayes,random&n=5&seed=2";
  const { page, clean } = await start(t, hash);
  await button(page, "Try a point of your own").click();
  const point = page.getByRole("group", { name: "Values of the point" });
  await put(point.getByLabel("x1"), "3.14");
  await page.getByLabel("may learn from it").uncheck();
  await button(page, "Evaluate it").click();
  await until("its score", async () => /Chosen by you; no strategy learns from it. It scored/.test(await page.locator(".why .sentence").textContent()));
  await finish(page);
  // All is spent: nobody can learn from it any more.
  await button(page, "Try a point of your own").click();
  assert.ok(await page.getByLabel("may learn from it").isDisabled());
  await button(page, "Evaluate it").click();
  await until("both", async () => (await rows(page)).filter((row) => /chosen by hand/.test(row)).length === 2);
  const lines = (await trace(page)).trim().split("\n");
  const own = lines.filter((line) => line.includes('"strategy":"you"'));
  assert.equal(own.length, 2);
  assert.equal(lines.filter((line) => !own.includes(line)).map((line) => `${line}\n`).join(""), native(hash));
  await page.reload();
  await working(page);
  await until("all of them again", async () => (await rows(page)).length === 12);
  assert.equal((await trace(page)).trim(), lines.join("\n"));
  clean();
});

test("the best model's decisions are shown: every held-out row once, and a map over the data's plane", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=race-iris&s=random&n=5" });
  await finish(page);
  await button(page, "Confusion").click();
  const words = (kind) => page.locator(`.picture.${kind} canvas`).getAttribute("aria-label");
  await until("the matrix", async () => /decides rightly for \d+ of 30 rows that no trial has seen/.test(await words("confusion")));
  await button(page, "Decisions").click();
  await until("the map", async () => /over first principal component and second principal component: .*setosa \d+ %/.test(await words("regions")));
  // Another trial has another model.
  const best = await words("regions");
  for (const row of [1, 2]) {
    await page.getByRole("region", { name: "Table of trials" }).getByRole("row").nth(row).click();
    await until("its model", async () => /decides for which class/.test(await words("regions")));
  }
  assert.match(best, /rows shown are taken for another class/);
  clean();
});

test("whose proposals were taken is shown of a strategy that has others at hand, and of no other", async (t) => {
  const { page, clean } = await open(t, { hash: "preset=branin&s=portfolio,random&n=9" });
  await finish(page);
  await page.keyboard.press("1");
  await button(page, "Whose proposals").click();
  const words = () => page.locator(".picture.decisions canvas").getAttribute("aria-label");
  await until("the counts", async () => /has taken in 9 trials: bayes \d+, tpe \d+, cmaes \d+;/.test(await words()));
  const counts = (await words()).match(/bayes (\d+), tpe (\d+), cmaes (\d+)/).slice(1).map(Number);
  assert.equal(counts.reduce((a, b) => a + b), 9);
  await page.keyboard.press("2");
  await until("another picture", async () => (await page.locator(".picture.decisions").count()) === 0);
  assert.equal(await button(page, "Whose proposals").count(), 0);
  clean();
});

test("where good values are believed to lie can be said, changes what a model-based strategy tries, and goes with its parameters", async (t) => {
  const { page, clean } = await open(t, { hash: "fn=branin&s=bayes&n=6&seed=2", acceptDownloads: true });
  await finish(page);
  const tried = async () => (await trace(page)).trim().split("\n").map((line) => JSON.parse(line).config.x1);
  const without = await tried();
  await page.locator(".priors summary").click();
  const field = page.getByLabel("prior.x1");
  await put(field, "normal(99,0.1)");
  await until("why not", async () => /its center is not/.test(await page.locator(".priors [role=alert]").textContent()));
  await put(field, "normal(9,0.05)");
  await until("the address", () => page.evaluate(() => location.hash.includes("prior.x1=normal(9")));
  assert.equal(await page.locator(".priors summary").textContent(), "x1 normal(9,0.05)");
  await working(page);
  await finish(page);
  const near = (xs) => xs.filter((x) => Math.abs(x - 9) < 2).length;
  const believed = await tried();
  assert.ok(near(believed) > near(without), `${without} and ${believed}`);
  await page.getByLabel("Data", { exact: true }).selectOption("fn forrester");
  await until("another function", () => page.evaluate(() => /fn=forrester/.test(location.hash) && !/prior/.test(location.hash)));
  assert.equal(await notices(page), "");
  clean();
});
