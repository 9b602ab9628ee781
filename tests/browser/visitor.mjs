// What a visitor does on the page and sees of it, for every browser test: in place of a person's hands and eyes. Where the page stands in a
// frame, `app` is the frame; else it is the page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { download, open, until } from "./harness.mjs";

/** The button of this name. */
export const button = (app, name) => app.getByRole("button", { name, exact: true });

/** What the page says of the run: "Ready", "Running", "Finished", with how many threads. */
export const state = async (app) => (await app.getByRole("status").allTextContents()).join(" ");

/** What the page warns of. */
export const notices = async (app) => (await app.getByRole("alert").allTextContents()).join(" ");

/** How many trials are recorded. */
export const done = async (app) => Number(await app.getByRole("progressbar").first().getAttribute("aria-valuenow"));

/** Waits until the page can be used. Its worker may be on the way still: what needs it waits for `working`. */
export const ready = (app) => until("the page to be ready", () => button(app, "Run").isEnabled().catch(() => false), 60_000);

/** Waits until the worker has answered: a run that is not under way is ready, paused or finished. */
export const working = (app) => until("the worker to be ready", async () => /Ready|Paused|Finished/.test(await state(app)), 60_000);

/** Waits for the end of a run that was begun. */
export async function finished(app, limit = 120_000) {
  try {
    await until("the run to finish", async () => /Finished/.test(await state(app)), limit);
  } catch (error) {
    error.message += `; the page says "${await state(app)}", ${await done(app)} trials, and warns "${await notices(app)}"`;
    throw error;
  }
}

/** Waits until the page can run, presses Run, and waits for the end. */
export async function finish(app, limit) {
  await ready(app);
  await button(app, "Run").click();
  await finished(app, limit);
}

/** How many trials of a page the browser keeps. */
export const kept = (page) => page.evaluate(() => Object.values(localStorage).join("").split('"type":"trial"').length - 1);

/** Waits until a run is back with the trials that it had, and makes one more. */
export async function goesOn(app, trials) {
  await until("the trials", async () => (await done(app).catch(() => 0)) >= trials);
  await ready(app);
  await button(app, "Step").click();
  await until("one more", async () => (await done(app)) > trials);
}

/** Opens a study on a plain host, and waits until it can be run. Returns what `open` returns. */
export async function start(t, hash, options = {}) {
  const opened = await open(t, { hash, isolated: false, ...options });
  await working(opened.page);
  return opened;
}

/** Types a text into a field in place of what is there, and presses Enter. Typed, because only that counts as a change in every browser. */
export async function put(field, text) {
  await field.fill("");
  await field.pressSequentially(text);
  await field.press("Enter");
}

/** The file that a button gives to save, as text. */
export const saved = (page, name) => download(page, () => button(page, name).click());

/** The trial lines the page downloads. */
export const trace = (page) => saved(page, "Download trace");

/** What the built command prints. */
export function command(...words) {
  const path = process.env.TUNESCAPE_COMMAND;
  assert.ok(path, "TUNESCAPE_COMMAND names the built command; `cargo xtask test browser` sets it");
  return execFileSync(path, words, { encoding: "utf8", maxBuffer: 1 << 28 });
}

/** The trial lines the command prints for a study. */
export const native = (study) =>
  command("run", study, "--json").split("\n").filter((line) => line.includes('"type":"trial"')).map((line) => `${line}\n`).join("");

/** What the `i`-th picture of a kind tells in words. */
export const words = (app, kind, i = 0) => app.locator(`.picture.${kind} canvas`).nth(i).getAttribute("aria-label");

/** How many colours a canvas shows: an empty one has one. */
export const colours = (canvas) =>
  canvas.evaluate((c) => {
    const { data } = c.getContext("2d").getImageData(0, 0, c.width, c.height);
    return new Set(new Uint32Array(data.buffer)).size;
  });

/** The rows of the table of trials, as texts. */
export const rows = async (page) => (await page.getByRole("region", { name: "Table of trials" }).getByRole("row").allTextContents()).slice(1);

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe-core finds, as lines. */
export async function complaints(page) {
  // From the top: what lies half beneath the header that stays is a matter of where one has scrolled to.
  await page.evaluate(() => scrollTo(0, 0));
  // Colours on their way to others are read by nobody.
  await page.evaluate(() => document.getAnimations().forEach((a) => a.effect.getComputedTiming().endTime < Infinity && a.finish()));
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
    return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")} ${n.failureSummary.split("\n").slice(1).join(";")}`));
  });
}
