// The page's main states as pictures, to be looked at: `cargo xtask screenshots`. Each state at three widths in both themes, and in both languages
// where nothing is pressed by its English name.
//
//     node screenshots.mjs DIRECTORY [STATE…]

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { browser, host, until } from "./harness.mjs";

const WIDTHS = { 1440: 900, 768: 1024, 390: 844 };
const THEMES = ["light", "dark"];
const LANGUAGES = ["en", "zh"];

const button = (page, name) => page.getByRole("button", { name, exact: true });

/** The page's states: what it is opened with, and what is done then. */
const STATES = {
  first: { hash: "" },
  race: { hash: "preset=race-iris", run: true },
  forrester: { hash: "preset=forrester&n=10", run: true },
  branin: { hash: "preset=branin&n=16&layer=mean", run: true },
  halving: { hash: "data=iris&model=mlp(epochs:27)&s=hyperband,tpe&n=10&seed=1", run: true },
  matters: { hash: "preset=one-parameter-matters", run: true },
  many: { hash: "fn=branin&s=grid,random,bayes,tpe,smac,cmaes&n=12", run: true },
  refused: { hash: "preset=branin&n=0&zzz=1&s=bayes(acq:nope)" },
  help: { hash: "preset=branin&n=6", then: (page) => page.keyboard.press("?") },
  share: { hash: "preset=branin&n=6", then: (page) => button(page, "Share").click() },
  past: { hash: "preset=forrester&n=8", run: true, then: (page) => page.keyboard.press("ArrowLeft") },
  folded: { hash: "preset=branin&n=6", run: true, then: async (page) => {
    for (const name of ["What is searched", "Best so far"]) await button(page, `Fold: ${name}`).click();
  } },
  large: { hash: "preset=branin&n=6", run: true, then: (page) => button(page, "Enlarge: What it believes").click() },
  room: { hash: "preset=race-iris&present=1", run: true },
  card: { hash: "preset=branin&n=6", run: true, then: (page) => button(page, "What is Bayesian optimization (GP)?").click() },
  lesson: { hash: "lesson=one-parameter" },
  play: { hash: "preset=branin&n=6", then: (page) => button(page, "Play").click() },
  game: { hash: "fn=branin(variant:7)&s=random,bayes&n=6&seed=3&play=1", then: (page) => points(page, 3) },
  verdict: { hash: "fn=branin(variant:7)&s=random,bayes&n=6&seed=3&play=1", then: (page) => points(page, 6) },
  slow: { hash: "preset=svm-iris&s=random,bayes&n=8", then: async (page) => {
    await page.getByLabel("Speed").selectOption("slow motion");
    await button(page, "Run").click();
    await page.locator(".phases .on", { hasText: "learn" }).waitFor();
  } },
  embedded: { hash: "preset=branin&n=8&embed=1&s=random,bayes" },
};

/** So many points of a game, each at another place. */
async function points(page, count) {
  for (let i = 1; i <= count; i += 1) {
    const canvas = page.locator(".picture.space canvas");
    const { width, height } = await canvas.boundingBox();
    await canvas.click({ position: { x: 70 + (width - 100) * ((i * 0.37) % 1), y: 30 + (height - 90) * ((i * 0.61) % 1) } });
    await button(page, "Evaluate").click();
    const told = page.locator(".play .told", { hasText: `Trial ${i} of` });
    await told.or(page.locator(".verdict")).first().waitFor();
  }
}

async function shoot(context, url, { hash, run, then }, file) {
  const page = await context.newPage();
  await page.goto(`${url}#${hash}`);
  const state = async () => (await page.getByRole("status").allTextContents()).join(" ");
  await until("the page to be ready", async () => /Ready|Your turn|Running|Finished|就绪|运行中|已完成/.test(await state()));
  if (run) await page.locator(".run .primary").click();
  if (run || /embed=1/.test(hash)) await until("the run to finish", async () => /Finished|已完成/.test(await state()), 120_000);
  await then?.(page);
  // What was asked of the worker last is still to come, and to be drawn.
  await page.waitForTimeout(900);
  // On a screen as high as the page: the browser's own picture of a whole page swipes rows aside and leaves out what is far from sight.
  const { width, height } = page.viewportSize();
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, whole) });
  await page.waitForTimeout(300);
  await page.screenshot({ path: file });
  await page.close();
}

/** How many states are shot side by side: pages wait for their worker more than they work. */
const AT_ONCE = 3;

const [directory, ...wanted] = process.argv.slice(2);
mkdirSync(directory, { recursive: true });
const site = await host();
const jobs = [];
for (const [name, state] of Object.entries(STATES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const [width, height] of Object.entries(WIDTHS)) {
    for (const theme of THEMES) {
      for (const language of state.then ? ["en"] : LANGUAGES) jobs.push({ name, state, width: Number(width), height, theme, language });
    }
  }
}
async function work() {
  for (let job = jobs.shift(); job; job = jobs.shift()) {
    const { name, state, width, height, theme, language } = job;
    const look = { viewport: { width, height }, colorScheme: theme, hasTouch: width < 500, reducedMotion: "reduce" };
    const context = await (await browser()).newContext(look);
    const hash = `${state.hash}&lang=${language}`;
    await shoot(context, site.url, { ...state, hash }, join(directory, `${name}-${width}-${theme}-${language}.png`));
    await context.close();
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, work));
await (await browser()).close();
await site.close();
