// Which functions are called until the page can be used: `cargo xtask first-load`. The page is opened with its modules whole, in a browser that
// compiles each function when it is first called and says so, on the screens and in the worker's two builds.
//
//     node first-load.mjs MODULES INTO

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { SCREENS, host, until } from "./harness.mjs";

const [modules, into] = process.argv.slice(2);
const TELLING = "--js-flags=--wasm-lazy-compilation --trace-wasm-compilation-times --no-wasm-tier-up";

/** Reads a number of WebAssembly's kind at `at`; returns it and where it ends. */
function number(bytes, at) {
  for (let value = 0, shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

/** The lengths of a module's functions, from the first that is not imported. */
function lengths(bytes) {
  const found = [];
  for (let at = 8, end; at < bytes.length; at = end) {
    const kind = bytes[at];
    let [size, from] = number(bytes, at + 1);
    end = from + size;
    let left = 0;
    if (kind === 10) [left, from] = number(bytes, from);
    for (; left > 0; left -= 1) {
      [size, from] = number(bytes, from);
      found.push(size);
      from += size;
    }
  }
  return found;
}

/** The names of a module's functions, by their numbers: the second of the parts of its section of names. */
function names(module) {
  const bytes = Buffer.from(WebAssembly.Module.customSections(module, "name")[0]);
  const found = new Map();
  for (let at = 0, end; at < bytes.length; at = end) {
    const part = bytes[at];
    let [size, from] = number(bytes, at + 1);
    end = from + size;
    let left = 0;
    if (part === 1) [left, from] = number(bytes, from);
    for (; left > 0; left -= 1) {
      const [index, name] = number(bytes, from);
      [size, from] = number(bytes, name);
      found.set(index, bytes.toString("utf8", from, from + size));
      from += size;
    }
  }
  return found;
}

/** What is to be known of the module in a file. */
async function read(name) {
  const bytes = readFileSync(join(modules, `${name}.wasm`));
  const module = await WebAssembly.compile(bytes);
  const imported = WebAssembly.Module.imports(module).filter((i) => i.kind === "function").length;
  return { name, imported, lengths: lengths(bytes), names: names(module) };
}

/** A name as `known` of `xtask/src/rule.rs` has it. */
function known(name) {
  let text = name.replace(/\[[0-9a-f]{9,}\]/g, "").replace(/\{closure#\d+/g, "{closure");
  while (/(\.\d+|\[\d+\])$/.test(text)) text = text.replace(/(\.\d+|\[\d+\])$/, "");
  return text;
}

/** Opens the page, isolated or not, and returns which functions of which modules were compiled until it rested, by module. */
async function compiled(isolated, viewport) {
  const whole = (path) => (path.startsWith("worker") ? path.split("/")[1] : "page");
  const alter = (path) => readFileSync(join(modules, `${whole(path)}.wasm`));
  const site = await host({ isolated, altered: /_bg\.wasm$/, alter });
  const folder = mkdtempSync(join(tmpdir(), "tunescape-first-load-"));
  const args = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-port=0", `--user-data-dir=${folder}`, TELLING];
  // By itself, not by Playwright, which keeps to itself what the program prints.
  const program = spawn(process.env.TUNESCAPE_CHROMIUM ?? "chromium", args);
  let told = "";
  for (const stream of [program.stdout, program.stderr]) stream.setEncoding("utf8").on("data", (text) => (told += text));
  const ended = new Promise((done) => program.on("exit", done));
  try {
    const address = await until("the browser", () => /DevTools listening on (\S+)/.exec(told)?.[1]);
    const led = await chromium.connectOverCDP(address);
    const page = await (await led.newContext({ viewport, serviceWorkers: "block" })).newPage();
    await page.goto(site.url);
    await until("the page", async () => (await page.locator("[role=status]").first().textContent()) === "Ready");
    await page.waitForTimeout(3000);
    await led.close();
  } finally {
    program.kill();
    await ended;
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const byModule = new Map();
  for (const [, module, index, length] of told.matchAll(/Compiled function (0x[0-9a-f]+)#(\d+) using \w+,.*bodysize (\d+)/g)) {
    if (!byModule.has(module)) byModule.set(module, []);
    byModule.get(module).push({ index: Number(index), length: Number(length) });
  }
  return [...byModule.values()];
}

const lists = { page: new Set(), worker: new Set() };
for (const [isolated, viewport] of [[true, { width: 1440, height: 900 }], [false, SCREENS.phone]]) {
  const candidates = await Promise.all(["page", isolated ? "threads" : "single"].map(read));
  for (const lines of await compiled(isolated, viewport)) {
    // Which module an address is of shows by the lengths of its functions.
    const fits = ({ imported, lengths }) => lines.every(({ index, length }) => Math.abs((lengths[index - imported] ?? -9) - length) < 9);
    const module = candidates.find(fits);
    if (!module) throw new Error(`${lines.length} functions are of no module that was served`);
    const list = lists[module.name === "page" ? "page" : "worker"];
    for (const { index } of lines) list.add(known(module.names.get(index) ?? ""));
  }
}
for (const [name, list] of Object.entries(lists)) {
  if (list.size < 100) throw new Error(`only ${list.size} functions were seen of the ${name}`);
  writeFileSync(join(into, `${name}.txt`), `${[...list].sort().join("\n")}\n`);
  console.log(`${name}: ${list.size} functions are needed until the page can be used`);
}
