// The page in Chinese: chosen by the address or the browser, every heading, button, label and column head in it; what has numbers, too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { inChromium, open, until } from "./harness.mjs";
import { command } from "./visitor.mjs";

const done = (app) => app.evaluate(() => { const b = document.querySelector("progress"); return b.value > 0 && b.value >= b.max; });
const ready = (app) => until("the page to be ready", () => app.evaluate(() => document.querySelector(".state")?.textContent === "就绪"));

/** Texts of these elements that have a word, and none of it Chinese. */
const english = (app, selector) =>
  app.evaluate((selector) => {
    const texts = [...document.querySelectorAll(selector)].flatMap((e) => [
      [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join(""),
      e.getAttribute("aria-label") ?? "",
      e.getAttribute("title") ?? "",
    ]);
    return [...new Set(texts)].filter((t) => /[A-Za-z]{3}/.test(t) && !/[\u4e00-\u9fff]/.test(t));
  }, selector);

/** What is the same in every language: the notation, and names. */
const NAMES = /^\s*(Tunescape|JSON|scikit-learn|English|x[12]|important|grid.*|random|bayes.*|tpe|BOHB|CMA-ES|DEHB|Hyperband|TPE|max_depth|min_samples_leaf|n_estimators|forest.*)\s*(\(\d\))?$/;

test("in Chinese by the address: every heading, button, label and column head", async (t) => {
  const { page, clean } = await open(t, { hash: "data=iris&model=forest(n_estimators:5)&p.max_depth=1..4&p.min_samples_leaf=1..9&s=random,bayes&n=7&lang=zh", isolated: false });
  await ready(page);
  assert.equal(await page.evaluate(() => document.documentElement.lang), "zh");
  await page.locator(".run .primary").click();
  await until("the run to finish", () => done(page), 60_000);
  for (const selector of ["h2", "h2 small", "header button", ".folds button", ".layers button", ".two .name", ".searched > .field > .name", "th", ".facts dt:not([translate=no])", ".chip span", ".opener", ".more .tabs button", ".reasons button", ".foot button", ".preset option", ".state", ".count"]) {
    const left = (await english(page, selector)).filter((text) => !NAMES.test(text));
    assert.deepEqual(left, [], selector);
  }
  // A sentence with numbers, and a reason in the table.
  await until("the reason", async () => /模型预测为 [\d.]+ ± [\d.]+/.test(await page.locator(".why .sentence").innerText()));
  assert.match(await page.locator(".rows tbody").textContent(), /均匀抽取/);
  // Pictures are drawn with the same words.
  assert.equal(await page.evaluate(() => window.tunescapeTranslate("log expected improvement")), "对数期望改进");
  await page.locator(".more-of .opener").last().click();
  await until("the card", () => page.getByText("它为目标函数学一张地图").isVisible());
  clean();
});

test("in Chinese by the browser, and in English where the address says so", async (t) => {
  const { page, site } = await open(t, { hash: "fn=branin&s=random&n=3", isolated: false, locale: "zh-CN" });
  await ready(page);
  // The lesson with its numbers.
  await page.goto(`${site.url}#lesson=one-parameter`);
  await until("the lesson", () => page.getByText("两个设置，九次试验").isVisible());
  await page.locator(".lesson .primary").click();
  await page.locator(".predict button").nth(1).click();
  await until("what the run says", () => page.getByText("网格试了 3 个，每个重复 3 次；随机搜索试了 9 个").isVisible());
  const other = await open(t, { hash: "fn=branin&s=random&n=3&lang=en", isolated: false, locale: "zh-CN" });
  await until("English", () => other.page.evaluate(() => document.querySelector(".state")?.textContent === "Ready"));
});

test("without its words the page is English", async (t) => {
  const { page } = await open(t, { hash: "fn=branin&s=random&n=3&lang=zh", isolated: false, altered: /^lang\/zh\.json$/, alter: () => null });
  await until("English", () => page.evaluate(() => document.querySelector(".state")?.textContent === "Ready"));
  assert.equal(await page.evaluate(() => document.documentElement.lang), "en");
});

test("texts are put together as the native tests do it", async (t) => {
  const { page } = await open(t, { hash: "fn=branin&s=random&n=3&lang=zh", isolated: false });
  await ready(page);
  const cases = JSON.parse(readFileSync(new URL("../language/cases.json", import.meta.url), "utf8"));
  const said = await page.evaluate((texts) => texts.map(window.tunescapeTranslate), Object.keys(cases));
  assert.deepEqual(said, Object.values(cases));
});

/** Words of the notation, which are the same in every language: ids, settings, parameters and their values. */
function notation() {
  const words = new Set(["csv", "Tunescape", "embed", "js", "script", "src", "http", "data", "study", "preset", "fn", "lang", "zh", "SMAC", "TuRBO", "prior", "normal", "weights"]);
  const take = (value) => {
    if (Array.isArray(value)) value.forEach(take);
    else if (value && typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) if (!["title", "about", "paper", "formula", "accepted"].includes(key)) take(inner);
    } else String(value).match(/[A-Za-z_][A-Za-z_0-9]*/g)?.forEach((word) => words.add(word));
  };
  take(JSON.parse(command("catalog", "--json")));
  return words;
}

const VISITS = [
  "preset=race-iris&n=5",
  "preset=branin&s=bayes,tpe,cmaes,turbo,smac,nelder_mead&n=14",
  "preset=forrester&s=bayes,gradient,auto&n=12",
  "fn=mixed&s=annealing,de,evolution,portfolio&n=30",
  "data=iris&model=mlp(epochs:4)&s=hyperband,bohb,pbt,asha&n=4",
  "data=wine&prep=scale,pca&model=knn&s=random,halving,dehb,median&n=4&cv=hold:0.3",
  "fn=branin&s=random,bayes&n=6&reps=3",
  // Several configurations share the best score, and the model recommends another one.
  "preset=classic-bayes&n=40",
];

for (const visit of VISITS) {
  test(`nothing that is shown lacks its Chinese: ${visit}`, inChromium, async (t) => {
    const words = notation();
    const { page } = await open(t, { hash: `${visit}&lang=zh`, isolated: false, viewport: { width: 1440, height: 900 } });
    await until("the page to be ready", () => page.locator(".run .primary").isEnabled().catch(() => false));
    const step = async (selector) => {
      const at = page.locator(selector).first();
      if ((await at.count()) && (await at.isEnabled())) await at.click();
    };
    await step(".layers button:nth-of-type(2)");
    await page.locator(".run .primary").click();
    await until("the run to finish", () => page.evaluate(() => document.querySelector(".state").textContent.includes("已完成")), 90_000);
    for (const tab of await page.locator(".more .tabs button").all()) {
      await tab.click();
      await page.waitForTimeout(150);
    }
    for (const layer of await page.locator(".layers button").all()) {
      await layer.click();
      await page.waitForTimeout(150);
      await page.keyboard.press("Escape");
    }
    for (const lane of await page.locator(".spaces .name").all()) {
      await lane.click();
      await page.waitForTimeout(200);
    }
    for (const details of await page.locator(".settings summary").all()) await details.click();
    const other = page.locator(".others select");
    if (await other.count()) await other.selectOption({ index: 2 });
    const canvas = page.locator(".picture canvas").first();
    await canvas.hover({ position: { x: 150, y: 120 } });
    await step("header .tools button:nth-of-type(1)");
    await step("header .tools button:nth-of-type(2)");
    await page.keyboard.press("?");
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowLeft");
    await page.waitForTimeout(1200);
    const missing = await page.evaluate(() => [...window.tunescapeTranslate.missing]);
    const lacks = missing.filter((text) => !text.includes("…") && (text.match(/[A-Za-z_][A-Za-z_0-9]*/g) ?? []).some((word) => word.length > 1 && !words.has(word)));
    assert.deepEqual(lacks, []);
  });
}
