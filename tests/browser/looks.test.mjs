// How the page looks: panels fold and take the window, presenter mode, one strategy at a time on a phone; and nothing that
// keeps a person from using it, as far as axe-core can tell.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inChromium, open, until } from "./harness.mjs";
import { button, complaints, finish, notices, ready, start, working } from "./visitor.mjs";

const shows = (page, selector) => page.locator(selector).first().isVisible();

test("panels fold, take the window, and come back; what is folded stays so", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=random,bayes&n=5");
  await finish(page);
  await button(page, "Fold: Best so far").click();
  await until("the curve to be hidden", async () => !(await shows(page, ".picture.best")));
  assert.equal(await button(page, "Unfold: Best so far").getAttribute("aria-expanded"), "false");
  const panels = [
    ["Where each one looked", ".picture.space"],
    ["What it believes", ".picture.belief"],
    ["Why this point?", ".why .sentence"],
    ["Trials", ".rows"],
    ["A closer look", ".more .picture"],
    ["What is searched", ".domains"],
  ];
  for (const [name, inside] of panels) {
    await button(page, `Enlarge: ${name}`).click();
    await until(`${name} alone`, async () => {
      const seen = await Promise.all(panels.map(([, other]) => shows(page, other)));
      return seen.every((is, i) => is === (panels[i][1] === inside));
    });
    const box = await page.locator(inside).first().boundingBox();
    assert.ok(box.y + box.height <= 801, `${name} fits the window: ${JSON.stringify(box)}`);
    assert.ok(await button(page, "Reset").isVisible(), "the run can still be led");
    await page.keyboard.press("Escape");
    await until("all of them", () => shows(page, ".more .picture"));
  }
  await page.reload();
  await until("the page to be ready", () => button(page, "Unfold: Best so far").isVisible());
  assert.ok(!(await shows(page, ".picture.best")));
  await button(page, "Reset panels").click();
  await until("the curve", () => shows(page, ".picture.best"));
  clean();
});

test("presenter mode by key and by address: large type, and only what is watched", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=random,bayes&n=5");
  const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.documentElement).fontSize));
  const before = await size();
  await page.keyboard.press("p");
  await until("larger type", async () => (await size()) > before * 1.2);
  assert.ok(!(await shows(page, ".searched")) && (await shows(page, ".picture.space")));
  assert.match(await page.evaluate(() => location.hash), /present=1/);
  await page.reload();
  await until("larger type", async () => (await size()) > before * 1.2);
  await working(page);
  await page.keyboard.press("p");
  await until("type as before", async () => (await size()) === before);
  assert.ok(!/present/.test(await page.evaluate(() => location.hash)));
  clean();
});

test("on a phone one strategy at a time: what is swiped into sight is what is looked at", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=grid,random,bayes&n=5", { viewport: { width: 390, height: 844 }, hasTouch: true, reducedMotion: "reduce" });
  await finish(page);
  const row = page.locator(".figures");
  const at = () => row.evaluate((r) => Math.round(r.scrollLeft / r.clientWidth));
  const looked = () => page.locator(".dots button[aria-pressed=true]").getAttribute("aria-label");
  // The first one with a model.
  await until("Bayesian search in sight", async () => (await at()) === 2);
  await row.evaluate((r) => r.scrollTo(r.clientWidth, 0));
  await until("random search looked at", async () => (await looked()) === "Show Random search");
  await button(page, "Show Grid search").click();
  await until("the grid in sight", async () => (await at()) === 0);
  assert.equal(await looked(), "Show Grid search");
  clean();
});

test("menus stand beside their heading, nothing moves for a new layer, and the table of trials is as wide as its place", async (t) => {
  const study = "data=iris&model=mlp(epochs:9)&p.learning_rate=1e-4..0.3~log&p.batch_size=8|16|32|64&p.hidden_units=4..128~log&p.dropout=0..0.7";
  const { page, clean } = await start(t, `${study}&s=hyperband,bohb,random&n=3`, { viewport: { width: 1440, height: 900 } });
  await finish(page);
  for (const panel of [".spaces", ".best"]) {
    const [title, menu] = await Promise.all([`${panel} h2`, `${panel} .axes`].map((s) => page.locator(s).boundingBox()));
    assert.ok(menu.x >= title.x + title.width && menu.y < title.y + title.height, `${panel}: ${JSON.stringify([title, menu])}`);
  }
  const { wide, room } = await page.locator(".rows").evaluate((r) => ({ wide: r.scrollWidth, room: r.clientWidth }));
  assert.ok(wide <= room, `the table of trials is ${wide} wide in ${room}`);
  const high = () => page.locator(".beneath").evaluate((b) => b.clientHeight);
  const before = await high();
  await button(page, "truth").click();
  await until("a part of it", () => page.locator(".scale [role=status]").isVisible());
  assert.equal(await high(), before, "while it is evaluated");
  await button(page, "points").click();
  clean();
});

test("in presenter mode the header has one line", async (t) => {
  for (const width of [1280, 1440, 1920]) {
    const { page, clean } = await start(t, "preset=race-iris&present=1", { viewport: { width, height: 900 } });
    const boxes = await page.locator(".controls > *:visible").evaluateAll((all) => all.map((e) => e.getBoundingClientRect()).map((b) => b.top + b.height / 2));
    assert.ok(boxes.length > 4 && Math.max(...boxes) - Math.min(...boxes) < 6, `${width}: ${boxes}`);
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width);
    clean();
  }
});

test("on a phone a trial's reason stands below its row, in sight", async (t) => {
  const { page, clean } = await start(t, "data=iris&model=forest(n_estimators:5)&p.max_depth=1..6&p.min_samples_leaf=1..9&s=random,bayes&n=5", { viewport: { width: 390, height: 844 }, hasTouch: true });
  await finish(page);
  for (const row of await page.locator(".rows tbody tr").all()) {
    const [number, reason] = await Promise.all([row.locator("td").first(), row.locator("td.reason span")].map((cell) => cell.boundingBox()));
    assert.ok(reason.y >= number.y + number.height - 6 && reason.x >= 0 && reason.x + reason.width <= 390, JSON.stringify([number, reason]));
  }
  // Cells stand below their headings still.
  const left = (cells) => cells.evaluateAll((all) => all.slice(0, 5).map((c) => Math.round(c.getBoundingClientRect().left)));
  assert.deepEqual(await left(page.locator(".rows thead th")), await left(page.locator(".rows tbody tr").first().locator("td")));
  assert.equal(await page.getByRole("row").count(), (await page.locator(".rows tr, .compare tr").count()));
  clean();
});

test("rows of many parameters are short, and whole when chosen", async (t) => {
  const { page, clean } = await start(t, "data=wine&model=forest,svm,knn,logistic&prep=scale,pca&cv=3&s=random&n=8", { viewport: { width: 1440, height: 900 } });
  await finish(page);
  const rows = page.locator(".rows tbody tr");
  const heights = await rows.evaluateAll((all) => all.map((r) => r.getBoundingClientRect().height));
  assert.ok(Math.max(...heights) < 70, `${heights}`);
  const tall = rows.nth(heights.indexOf(Math.max(...heights)));
  const config = tall.locator("td.config");
  assert.match(await config.getAttribute("title"), /model = \w+, .*scale\.method = /);
  // The model is named once.
  const [, model] = /model = (\w+)/.exec(await config.innerText());
  assert.ok(!(await config.innerText()).includes(`${model}.`));
  await tall.click();
  await until("all of it", () => config.locator("span").evaluate((s) => s.scrollHeight <= s.clientHeight + 1));
  clean();
});

test("the heading of the best value says what the axis does not", async (t) => {
  const { page, clean } = await start(t, "preset=branin&n=9");
  await finish(page);
  const heading = page.locator("#best");
  await until("the value's name", async () => /branin value/.test(await heading.innerText()));
  await button(page, "log regret").click();
  await until("the other words", async () => /lower is better/.test(await heading.innerText()));
  clean();
});

test("where no strategy has a model, the panels stand beneath each other on a narrow screen", async (t) => {
  const { page, clean } = await start(t, "preset=one-parameter-matters&reps=1", { viewport: { width: 768, height: 1024 } });
  await finish(page);
  const boxes = await Promise.all([".belief", ".why", ".trials"].map((s) => page.locator(s).first().boundingBox()));
  for (const [i, box] of boxes.entries()) {
    assert.ok(box.width > 600, `${box.width} px are not the whole width`);
    if (i > 0) assert.ok(box.y >= boxes[i - 1].y + boxes[i - 1].height, JSON.stringify(boxes));
  }
  clean();
});

test("a card explains a strategy, and its symbols light what they stand for", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=random,bayes&n=7");
  await finish(page);
  const picture = () => page.locator(".picture.belief canvas").evaluate((c) => c.toDataURL());
  await until("the belief", async () => /predicts|expects|mean/i.test((await page.locator(".picture.belief canvas").getAttribute("aria-label")) ?? ""));
  await page.waitForTimeout(300);
  const plain = await picture();
  await button(page, "What is Bayesian optimization (GP)?").click();
  const card = page.getByRole("complementary", { name: "Explanation" });
  await until("the card", () => card.getByRole("heading", { name: "Bayesian optimization (GP)" }).isVisible());
  assert.ok((await card.locator("math[display=block]").first().boundingBox()).width > 100, "the formula is drawn");
  for (const symbol of ["mean", "sd", "acq"]) {
    await card.locator(`div[data-symbol=${symbol}] button`).focus();
    await until(`${symbol} in the picture`, async () => (await picture()) !== plain);
    assert.ok((await card.locator("math[display=block] .lit").count()) > 0, `${symbol} in the formula`);
  }
  await card.locator("div[data-symbol=x] button").focus();
  await until("the panel", () => page.locator(".spaces.lit").isVisible());
  // A pointer that comes and goes lights what it points at; then what has the focus is lit again.
  await card.locator("div[data-symbol=mean] button").hover();
  await until("the other", async () => !(await page.locator(".spaces.lit").isVisible()));
  await page.mouse.move(2, 2);
  await until("the panel again", () => page.locator(".spaces.lit").isVisible());
  assert.deepEqual(await complaints(page), [], "with a card open");
  await page.keyboard.press("Escape");
  await until("the card to close", async () => !(await card.isVisible()));
  await until("the picture as before", async () => (await picture()) === plain);
  // What is chosen in a setting has a card of its own.
  await page.getByText("settings", { exact: true }).last().click();
  await button(page, "What is matern52?").click();
  await until("the kernel's card", () => card.getByRole("heading", { name: "Matérn-5/2" }).isVisible());
  clean();
});

test("in a frame without an origin a card can be fetched, too", inChromium, async (t) => {
  const { app, clean } = await open(t, { hash: "fn=branin&s=random&n=3", isolated: false, embed: { sandbox: "allow-scripts" } });
  await ready(app);
  await button(app, "What is Random search?").click();
  await until("the card", () => app.getByRole("heading", { name: "Random search", exact: true }).isVisible());
  clean();
});

for (const [name, options, hash = ""] of [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["on a phone", { viewport: { width: 390, height: 844 }, hasTouch: true }],
  ["for a room", { viewport: { width: 1280, height: 720 } }, "&present=1"],
]) {
  // What it reads is the same document in every browser.
  test(`axe-core finds nothing: ${name}`, inChromium, async (t) => {
    const { page } = await start(t, `data=iris&model=forest(n_estimators:5)&p.max_depth=1..4&p.min_samples_leaf=1..9&s=random,bayes&n=6&zzz=1${hash}`, options);
    assert.deepEqual(await complaints(page), [], "before the run");
    await finish(page);
    assert.deepEqual(await complaints(page), [], "after the run");
    if (await shows(page, ".settings summary")) await page.locator(".settings summary").first().click();
    await page.keyboard.press("?");
    assert.deepEqual(await complaints(page), [], "with the help open");
    await page.keyboard.press("Escape");
    await button(page, "Share").click();
    await page.keyboard.press("ArrowLeft");
    assert.deepEqual(await complaints(page), [], "shared, and a step back");
    await button(page, "Enlarge: Best so far").click();
    assert.deepEqual(await complaints(page), [], "with a large panel");
  });
}

test("a lesson leads through the page: predict, run, and see, by keyboard", async (t) => {
  const { page, clean } = await start(t, "");
  await button(page, "Lesson").click();
  const lesson = page.getByRole("complementary", { name: "Lesson" });
  await until("the first step", () => lesson.getByRole("heading", { name: "Two settings, nine trials" }).isVisible());
  await until("its study", async () => /fn=one-matters/.test(await page.evaluate(() => location.hash)));
  assert.ok(await page.locator(".spaces.lit").isVisible(), "it points at a panel");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Two settings, nine trials", "a screen reader begins there");
  const next = lesson.getByRole("button", { name: "Next" });
  await next.press("Enter");
  await until("the question", () => lesson.getByText("How many different values").isVisible());
  assert.ok(await next.isDisabled(), "nothing is revealed before the prediction");
  assert.deepEqual(await complaints(page), [], "with a question");
  await lesson.getByRole("button", { name: "nine", exact: true }).press("Enter");
  await until("what the run says", () => lesson.getByText("Not so: three. The grid tried 3, each 3 times over; random search tried 9.").isVisible());
  assert.equal(await lesson.getByRole("button", { name: "three" }).evaluate((b) => b.classList.contains("right")), true);
  assert.deepEqual(await complaints(page), [], "with the answer");
  // To the end, always answering the last choice.
  for (let steps = 2; ; steps += 1) {
    await until("the way on", async () => !(await next.isVisible()) || (await next.isEnabled()), 60_000);
    if (!(await next.isVisible())) {
      assert.equal(steps, 6, "all steps were taken");
      break;
    }
    await next.click();
    const choices = lesson.locator(".predict button");
    if ((await choices.count()) > 0) await choices.last().click();
  }
  assert.ok(await lesson.getByRole("link", { name: /Bergstra & Bengio 2012/ }).isVisible());
  await button(page, "Leave the lesson").click();
  assert.ok(!/lesson/.test(await page.evaluate(() => location.hash)));
  clean();
});

test("a lesson opens from the address, and one that does not exist is named", async (t) => {
  const { page, clean } = await start(t, "lesson=one-parameter");
  await until("the first step", () => page.getByRole("heading", { name: "Two settings, nine trials" }).isVisible());
  clean();
  const other = await start(t, "fn=branin&s=random&n=3&lesson=nope");
  await until("the notice", async () => /no lesson of this name/.test(await notices(other.page)));
  await finish(other.page);
});

test("a run needs no letters that were not there before it: the browser would stop to ask for a font, while all cores train", async (t) => {
  const { page, clean } = await start(t, "preset=race-iris&n=8");
  const fonts = () =>
    page.evaluate(() => {
      const own = (e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim());
      const seen = [...document.querySelectorAll("body *")].filter((e) => own(e) && e.getClientRects().length);
      return seen.map((e) => getComputedStyle(e)).map((s) => [s.fontSize, s.fontWeight, s.fontStyle, s.fontFamily].join(" "));
    });
  const before = await fonts();
  await finish(page);
  const after = await fonts();
  assert.ok(before.length > 50 && after.length > before.length);
  assert.deepEqual([...new Set(after)].filter((font) => !before.includes(font)), []);
  clean();
});

test("in presenter mode all of it is in sight at once, and what lies beneath the points can be chosen", async (t) => {
  for (const [study, width, height] of [["preset=race-iris&n=4", 1440, 900], ["fn=branin&s=grid,random,bayes,tpe,smac,cmaes&n=4", 1920, 1080], ["preset=one-parameter-matters&reps=1", 1440, 900]]) {
    const { page, clean } = await start(t, `${study}&present=1`, { viewport: { width, height } });
    await finish(page);
    const high = await page.evaluate(() => document.documentElement.scrollHeight);
    assert.ok(high <= height, `${study}: ${high} px in ${height}`);
    for (const place of [".picture.space", ".picture.best", ".mind > .belief", ".why .sentence"]) assert.ok(await shows(page, place), `${study}: ${place}`);
    await button(page, "truth").click();
    assert.equal(await button(page, "truth").getAttribute("aria-pressed"), "true");
    const spare = await page.evaluate(() => {
      const bottoms = [".mind > .belief", ".why"].map((s) => document.querySelector(s).getBoundingClientRect().bottom);
      return Math.max(...bottoms) - Math.min(...bottoms);
    });
    assert.ok(spare < 2, `${study}: the two lower panels end ${spare} px apart`);
    assert.deepEqual(await complaints(page), [], study);
    clean();
  }
});

test("on a phone the value of a trial of four parameters is in sight", async (t) => {
  for (const width of [390, 320]) {
    const { page, clean } = await start(t, "preset=race-iris&n=3", { viewport: { width, height: 844 }, hasTouch: true });
    await finish(page);
    const heads = await page.locator(".rows thead th").allTextContents();
    const box = await page.locator(".rows").boundingBox();
    for (const row of (await page.locator(".rows tbody tr").all()).slice(0, 3)) {
      const value = await row.locator("td").nth(heads.indexOf("value")).boundingBox();
      assert.ok(value.x >= box.x && value.x + value.width <= box.x + box.width + 1, `${width}: ${JSON.stringify(value)}`);
    }
    const { wide, room } = await page.locator(".rows").evaluate((r) => ({ wide: r.scrollWidth, room: r.clientWidth }));
    assert.ok(wide <= room, `${width}: the table is ${wide} wide in ${room}`);
    clean();
  }
});

test("large numbers stand on one line, subtitles below their headings, and the preset's name has the room there is", async (t) => {
  const { page, clean } = await start(t, "preset=race-iris&n=3", { viewport: { width: 1920, height: 1080 } });
  await finish(page);
  const lines = await page.locator(".pair .big").evaluateAll((all) => all.map((b) => b.getBoundingClientRect().top));
  assert.ok(lines.length === 2 && Math.abs(lines[0] - lines[1]) < 1, `${lines}`);
  for (const heading of await page.locator("h2:has(small)").all()) {
    const { left, own } = await heading.evaluate((h) => ({ left: h.querySelector("small").getBoundingClientRect(), own: h.getBoundingClientRect() }));
    if (left.top > own.top + 12) assert.ok(Math.abs(left.left - own.left) < 1, JSON.stringify([left, own]));
  }
  const { wide, said } = await page.locator(".controls .preset").evaluate((select) => {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = getComputedStyle(select).font;
    return { wide: select.clientWidth, said: pen.measureText(select.selectedOptions[0].text).width };
  });
  assert.ok(wide >= said + 45, `${said} px of text in ${wide}`);
  clean();
});

/** Notes every place where the Run button can be pressed. */
function places() {
  window.places = new Set();
  const look = () => {
    const run = document.querySelector(".run .primary:not(:disabled)");
    const { left, top } = run?.getBoundingClientRect() ?? {};
    if (run) window.places.add(`${Math.round(left)}, ${Math.round(top)}`);
    requestAnimationFrame(look);
  };
  look();
}

test("Run stays where it is while the page starts and runs, and is not missed by who aims at it", async (t) => {
  for (const width of [1440, 1280, 1920, 390]) {
    for (const hash of ["", "fn=branin&s=hyperband&n=10"]) {
      const { page, clean } = await open(t, { hash, before: places, viewport: { width, height: 800 } });
      await finish(page);
      const all = await page.evaluate(() => [...window.places]);
      assert.equal(all.length, 1, `${width} ${hash}: ${all.join("; ")}`);
      clean();
    }
  }
});

test("many parameters are chosen from one menu, in groups", async (t) => {
  const { page, clean } = await start(t, "preset=joint-model&n=3");
  await finish(page);
  const menu = page.getByRole("combobox", { name: "Cut along", exact: true });
  assert.deepEqual(await menu.locator("optgroup").evaluateAll((all) => all.map((g) => g.label)), ["forest", "svm", "knn", "logistic"]);
  assert.equal(await page.locator(".belief > .tabs button[aria-pressed]", { hasText: "svm.gamma" }).count(), 0, "no button each");
  await menu.selectOption("svm.gamma");
  await until("the cut", async () => /along svm\.gamma/.test((await page.locator(".picture.belief canvas").getAttribute("aria-label")) ?? ""));
  const height = (await page.locator(".picture.belief").boundingBox()).height;
  assert.ok(height < 700, `a picture of ${height} px`);
  assert.deepEqual(await complaints(page), []);
  clean();
});

test("the table is narrowed by comparisons, and says what it does not know", async (t) => {
  const { page, clean } = await start(t, "fn=branin&s=random&n=8");
  await finish(page);
  const field = page.getByLabel("Filter trials");
  const numbers = () => page.locator(".rows tbody tr:not(.none) td:first-child").allTextContents();
  await field.fill("trial <= 3 and x2>=0");
  await until("three trials", async () => (await numbers()).join() === "3,2,1");
  await field.fill("depth>3");
  await until("what is unknown", () => page.getByText('Nothing is called "depth"; accepted: trial, strategy, value, x1, x2').isVisible());
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.equal((await numbers()).length, 8, "it narrows nothing");
  await field.fill("");
  await until("no complaint", async () => (await field.getAttribute("aria-invalid")) === null);
  clean();
});
