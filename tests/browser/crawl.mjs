// Finds the controls of the page by looking at it, and uses each once by keyboard: whoever has no pointer must be able to do it all. What is
// used has to show: in the page, its address, what the browser keeps, a picture, or a file.

import assert from "node:assert/strict";
import { until } from "./harness.mjs";
import { notices } from "./visitor.mjs";

/** Controls whose use shows later only, and where that is tested. */
const LATER = {
  "combobox Speed": "the next run: slow.test.mjs",
  "textbox Name of this run": "Keep this run: acting.test.mjs",
  "textbox Text of the table": "Read it: own.test.mjs",
};

/** How long what a control does may be in coming, in ms. */
const PATIENCE = 6_000;

/** Runs in the page: marks every control in sight and tells of each what it is, its name, and whether it can be used. */
function look() {
  document.querySelectorAll("[data-control]").forEach((e) => e.removeAttribute("data-control"));
  const modal = document.querySelector("dialog[open]");
  const selector = "button, a[href], input, select, textarea, summary, [role=button], [role=tab], [role=menuitem], [role=switch], [role=slider], tr[tabindex]";
  const words = (e) => (e?.textContent ?? "").replace(/\s+/g, " ").trim();
  return [...(modal ?? document).querySelectorAll(selector)].flatMap((e, i) => {
    e.setAttribute("data-control", i);
    const box = e.getBoundingClientRect();
    if (box.width < 1 || box.height < 1 || !e.checkVisibility({ visibilityProperty: true })) return [];
    const tag = e.tagName.toLowerCase();
    const kinds = { checkbox: "checkbox", radio: "radio", range: "slider", file: "file", search: "searchbox" };
    const role = e.getAttribute("role") ?? { button: "button", a: "link", select: "combobox", textarea: "textbox", summary: "summary", tr: "row" }[tag] ?? kinds[e.type] ?? "textbox";
    // Of what is there once for each parameter, strategy, value, or symbol of a formula, one is enough.
    const notation = e.closest("[translate=no]") ?? e.querySelector("[translate=no]") ?? e.labels?.[0]?.querySelector("[translate=no]");
    const each = e.closest("[data-symbol]") ? "a symbol" : notation && tag !== "a" ? "of the notation" : "";
    const name = role === "row" ? "a trial" : each || e.getAttribute("aria-label") || words(e.labels?.[0]) || words(e) || e.getAttribute("title") || "";
    const enabled = !e.disabled && !e.readOnly && e.getAttribute("aria-disabled") !== "true";
    const pressed = e.getAttribute("aria-pressed") === "true" || e.getAttribute("aria-current") === "true";
    return [{ i, role, name, enabled, pressed, readOnly: e.readOnly === true, href: e.href, rel: e.rel, target: e.target }];
  });
}

/** Runs in the page: all that using the control `i` can change, but for its own value; the pictures' pixels only if `deep`. */
function seen([i, deep]) {
  const others = [...document.querySelectorAll("input, select, textarea")].filter((e) => e.getAttribute("data-control") !== String(i));
  const pixels = (c) => {
    if (!deep || !c.width) return "";
    let sum = 0;
    for (const p of new Uint32Array(c.getContext("2d").getImageData(0, 0, c.width, c.height).data.buffer)) sum = (Math.imul(sum, 31) + p) | 0;
    return sum;
  };
  const pictures = [...document.querySelectorAll("canvas")].map(pixels);
  const html = document.body.innerHTML.replace(/ data-control="\d+"/g, "");
  const scrolled = [...document.querySelectorAll(".figures, .rows, body, html")].map((e) => `${e.scrollLeft},${e.scrollTop}`);
  const root = [...document.documentElement.attributes].map((a) => `${a.name}=${a.value}`);
  let kept = "";
  try {
    kept = JSON.stringify(localStorage);
  } catch {
    // Nothing is kept.
  }
  const values = others.map((e) => (e.type === "checkbox" ? e.checked : e.value));
  const focus = document.activeElement?.getAttribute("data-control") === String(i);
  const all = JSON.stringify([html, pictures, location.hash, scrolled, root, kept, values, focus, window.given ?? 0]);
  let hash = 0;
  for (let at = 0; at < all.length; at += 1) hash = (Math.imul(hash, 31) + all.charCodeAt(at)) | 0;
  return `${all.length} ${hash}`;
}

/**
 * Runs in the page before anything else there. Nothing is kept from the state before; files given and texts copied are counted, as they
 * change nothing in the page.
 */
function begin() {
  if (location.protocol === "http:") localStorage.clear();
  window.given = 0;
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => ((window.given += 1), make.call(URL, blob));
  const clipboard = { writeText: () => ((window.given += 1), Promise.resolve()) };
  Object.defineProperty(navigator, "clipboard", { configurable: true, value: clipboard });
}

/** Runs in the page: what it shows once nothing moves any more. */
async function rest(i) {
  const text = (selector) => [...document.querySelectorAll(selector)].map((e) => e.textContent).join(" ");
  const end = performance.now() + 60_000;
  for (let before = ""; performance.now() < end; ) {
    const now = seen([i, false]);
    // Without its table a study does not begin.
    const waits = /Running/.test(text("[role=status]")) || (/Starting/.test(text("[role=status]")) && !/not in the address/.test(text("[role=alert]")));
    if (now === before && !waits) return now;
    before = now;
    await new Promise((done) => setTimeout(done, 30));
  }
  throw new Error("the page does not come to rest");
}

/** Runs in the page: whether anything becomes other than it was, within a while. */
async function changes([i, before, drawn, patience]) {
  const end = performance.now() + patience;
  while (performance.now() < end) {
    if (seen([i, false]) !== before || seen([i, true]) !== drawn) return true;
    await new Promise((done) => setTimeout(done, 30));
  }
  return false;
}

/** What a page needs to have at its start. */
export const IN_PAGE = [begin, `window.seen = ${seen}`];

/** What a control is known by: of those that differ in a number or in a configuration alone, one is enough. */
export const key = ({ role, name }) =>
  `${role} ${name
    .replace(/^(Download SVG|Fold|Unfold|Enlarge|What is|Show|Open|Delete|Rename|Use column|Slide|Trial|trial|Bayesian|Random search|Grid search|TPE)\b.+$/, "$1 …")
    .replace(/[-−]?\d[\d.e-]*/g, "#")}`;

async function type(page, at, text) {
  await at.fill("");
  await at.pressSequentially(text);
  await page.keyboard.press("Enter");
}

/** Uses one control as its kind is used. */
async function use(page, { i, role, name }) {
  const at = page.locator(`[data-control="${i}"]`);
  if (role === "file") {
    const table = /table/i.test(name);
    const text = table ? "x;kind\n1;a\n2;b\n3;a\n4;b\n" : "{}";
    return at.setInputFiles({ name: table ? "t.csv" : "run.json", mimeType: "text/plain", buffer: Buffer.from(text) });
  }
  await at.focus();
  if (role === "combobox") {
    const other = await at.evaluate((select) => {
      const options = [...select.options];
      const at = options.findIndex((o, i) => i !== select.selectedIndex && !o.disabled && o.value !== "data csv");
      return at;
    });
    assert.ok(other >= 0 || name === "Speed", `${name} offers nothing else`);
    await at.selectOption({ index: other });
  } else if (role === "textbox" || role === "searchbox") {
    // No field takes this, and each says so; a list finds nothing like it.
    await type(page, at, "?!");
  } else if (role === "slider") {
    const end = await at.evaluate((range) => Number(range.value) >= Number(range.max));
    await page.keyboard.press(end ? "ArrowLeft" : "ArrowRight");
  } else {
    await at.press(role === "checkbox" ? "Space" : "Enter");
  }
}

/**
 * Uses every control of a state that is not in `used` yet, each from that state anew where the one before has changed the question or the
 * trials. `enter()` opens the state and returns its page. Adds to `used`; `idle` takes what could not be used, or used without a trace, such
 * as Reset before a run, as long as no other state can.
 */
export async function useAll(enter, used, idle) {
  const tried = new Set();
  const pending = new Set();
  let page = await enter();
  let fresh = true;
  let last = "at first";
  for (let steps = 0; steps < 400; steps += 1) {
    await page.evaluate(rest, -1);
    assert.doesNotMatch(await notices(page), /stopped unexpectedly|did not start|cannot read|could not do/, last);
    const controls = await page.evaluate(look);
    for (const c of controls) assert.ok(/[\p{L}\d?]/u.test(c.name), `a ${c.role} has no name: ${JSON.stringify(c)}`);
    for (const c of controls.filter((c) => c.role === "link" && !c.href.includes("#results"))) {
      assert.ok(/^https?:/.test(c.href) && c.rel.includes("noopener") && c.target === "_blank", `${c.name}: ${c.href} opens beside the page`);
      used.add(key(c));
    }
    const left = controls.filter((c) => !used.has(key(c)) && !tried.has(key(c)));
    const usable = left.filter((c) => c.enabled || c.readOnly);
    left.filter((c) => !usable.includes(c)).forEach((c) => idle.add(key(c)));
    usable.forEach((c) => pending.add(key(c)));
    // A choice that stands already says nothing: the others first.
    const next = usable.sort((a, b) => a.pressed - b.pressed)[0];
    if (!next) {
      // What went out of sight by using others is there in the state as it was; what is not even there came by another's use alone, and
      // has a state of its own.
      if (pending.size === 0 || fresh) return;
      page = await enter();
      fresh = true;
      continue;
    }
    fresh = false;
    const name = key(next);
    tried.add(name);
    pending.delete(name);
    const at = page.locator(`[data-control="${next.i}"]`);
    if (next.role !== "file") await at.focus();
    if (next.readOnly) {
      used.add(name);
      continue;
    }
    const before = await page.evaluate(seen, [next.i, false]);
    const drawn = await page.evaluate(seen, [next.i, true]);
    await use(page, next);
    // In another language all names are others.
    if (/^(中文|English)$/.test(next.name)) {
      const lang = next.name === "中文" ? "zh" : "en";
      await until(`the page in ${next.name}`, () => page.evaluate((lang) => location.hash.includes(`lang=${lang}`), lang).catch(() => false));
      used.add(name);
      page = await enter();
      continue;
    }
    const shown = next.pressed || name in LATER || (await page.evaluate(changes, [next.i, before, drawn, PATIENCE]));
    (shown ? used : idle).add(name);
    last = `after ${name}`;
    // No study is made of what was typed.
    if (next.role === "textbox") page = await enter();
  }
  assert.fail("there is always another control");
}
