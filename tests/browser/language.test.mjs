// The page in Chinese: chosen by the address or the browser, every heading, button, label and column head in it; what has numbers, too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { open, until } from "./harness.mjs";

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
  for (const selector of ["h2", "h2 small", "header button", ".folds button", ".layers button", ".two .name", ".searched > .field > .name", "th", ".facts dt", ".chip span", ".opener", ".more .tabs button", ".reasons button", ".foot button", ".preset option", ".state", ".count"]) {
    const left = (await english(page, selector)).filter((text) => !NAMES.test(text));
    assert.deepEqual(left, [], selector);
  }
  // A sentence with numbers, and a reason in the table.
  await until("the reason", async () => /模型预测为 [\d.]+ ± [\d.]+/.test(await page.locator(".why .sentence").innerText()));
  assert.match(await page.locator(".rows tbody").innerText(), /均匀抽取/);
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
