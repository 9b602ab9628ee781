// What `cargo xtask bench` measures in the browser; prints one JSON object. Run by xtask, with the built dist/.
//   node bench.mjs run STUDY         seconds of a study in each build: from the press of Run to "Finished", twice, and in a worker by itself
//   node bench.mjs side FILE WORD    the lines of a bench that was built for wasm, about one word
//   node bench.mjs page              load, long tasks, memory over resets

import { readFileSync } from "node:fs";
import { browser, host, until } from "./harness.mjs";

const site = await host();

async function visit(where) {
  const context = await (await browser()).newContext({ viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await page.goto(`${site.url}${where}`);
  // With the worker up: what is timed is the run, not the page's start, which has a figure of its own.
  await until("the page to be ready", () => isReady(page), 60_000);
  return page;
}

async function isReady(page) {
  return /Ready/.test((await page.getByRole("status").allTextContents()).join(" "));
}

/** Seconds from the press of Run until the page says that it has finished, by the page's own clock. */
function timeRun(page) {
  return page.evaluate(
    () =>
      new Promise((done) => {
        const status = document.querySelector("[role=status]");
        const start = performance.now();
        const look = () => {
          if (!/Finished/.test(status.textContent)) return;
          watch.disconnect();
          done((performance.now() - start) / 1000);
        };
        const watch = new MutationObserver(look);
        watch.observe(status, { subtree: true, childList: true, characterData: true });
        [...document.querySelectorAll("button")].find((b) => (b.ariaLabel ?? b.textContent).trim() === "Run").click();
      }),
  );
}

async function run(study) {
  const times = {};
  for (const [kind, where] of [["threads", `#${study}`], ["single", `?threads=0#${study}`]]) {
    const page = await visit(where);
    times[kind] = await timeRun(page);
    // The browser compiles a module quickly first and well while it runs: the second run shows what that is worth.
    await page.getByRole("button", { name: "Reset", exact: true }).click();
    await until("a run to come", () => isReady(page));
    times[`${kind} again`] = await timeRun(page);
    [times[`${kind}, engine`], times[`${kind}, engine warm`]] = await engine(page, kind, study);
    await page.context().close();
  }
  return times;
}

/**
 * Seconds of a study in a worker by itself, from the word to run until it rests, without a page that shows it: the first time, and the median
 * of later times, up to twenty or some seconds, when the browser has compiled what is called often.
 */
function engine(page, kind, study) {
  return page.evaluate(
    ([kind, study]) =>
      new Promise((done, failed) => {
        const threads = kind === "threads" ? navigator.hardwareConcurrency : 1;
        const worker = new Worker(new URL(`worker-start.js?kind=${kind}&threads=${threads}&v=bench`, document.baseURI), { type: "module" });
        const say = (command) => worker.postMessage(JSON.stringify(command));
        const prepare = (run) => say({ prepare: { run, text: study, lines: [], crashed: null, person: false } });
        const times = [];
        let start = 0;
        worker.onmessage = ({ data: said }) => {
          const now = performance.now();
          const { type, run } = JSON.parse(Array.isArray(said) ? said[0] : said);
          if (type === "ready") prepare(1);
          // What a run needs is fetched by then.
          if (type === "prepared") setTimeout(() => ((start = performance.now()), say({ advance: { run, trials: null, careful: false } })), times.length ? 0 : 1000);
          if (type === "rests") {
            times.push((now - start) / 1000);
            const spent = times.reduce((sum, time) => sum + time, 0);
            if (times.length < 2 || (times.length < 20 && spent < 3)) return prepare(times.length + 1);
            worker.terminate();
            const later = times.slice(Math.ceil(times.length / 2)).sort((a, b) => a - b);
            done([times[0], later[later.length >> 1]]);
          }
          if (type === "failed" || type === "refused") failed(new Error(said));
        };
      }),
    [kind, study],
  );
}

/**
 * What the page's thread does meanwhile: its longest task by the clock and by its own processor time, in milliseconds, and the
 * pictures it shows in a second. The two times differ by what the thread waits for a core.
 */
async function watched(page, work) {
  const session = await page.context().newCDPSession(page);
  const tasks = [];
  const threads = new Map();
  session.on("Tracing.dataCollected", ({ value }) => {
    for (const e of value) {
      if (e.name === "thread_name") threads.set(`${e.pid}/${e.tid}`, e.args.name);
      if (e.ph === "X" && /RunTask/.test(e.name)) tasks.push(e);
    }
  });
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories: ["toplevel"] } });
  await page.evaluate(() => {
    window.frames_seen = [];
    const see = (now) => {
      window.frames_seen?.push(now);
      if (window.frames_seen) requestAnimationFrame(see);
    };
    requestAnimationFrame(see);
  });
  await work();
  const frames = await page.evaluate(() => {
    const seen = window.frames_seen;
    window.frames_seen = null;
    return seen;
  });
  const complete = new Promise((done) => session.once("Tracing.tracingComplete", done));
  await session.send("Tracing.end");
  await complete;
  const own = tasks.filter((e) => threads.get(`${e.pid}/${e.tid}`) === "CrRendererMain");
  const most = (of) => Math.max(0, ...own.map((e) => (of(e) ?? 0) / 1000));
  return {
    clock: most((e) => e.dur),
    work: most((e) => e.tdur),
    frames: ((frames.length - 1) * 1000) / (frames.at(-1) - frames[0]),
  };
}

/** What a study does to the page's thread, and afterwards, if wanted, a look back at trials long ago and a scroll of the table. */
async function many(study, afterwards) {
  const page = await visit(`#${study}`);
  const running = await watched(page, () => timeRun(page));
  const later = afterwards
    ? await watched(page, async () => {
        for (let i = 0; i < 10; i++) {
          await page.getByRole("button", { name: "Step back", exact: true }).click();
          await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        }
      })
    : null;
  await page.context().close();
  return { running, later };
}

async function page() {
  const result = {};
  const opened = await visit("#preset=race-iris");
  result.load = await opened.evaluate(() => ({
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
    ready: performance.now(),
  }));
  result.race = await timeRun(opened);
  result.longest = {};
  // With threads the pool takes all cores, and the page's thread waits for its turn like everybody; with one thread it has a core.
  for (const [kind, where] of [["threads", "#preset=race-iris"], ["single", "?threads=0#preset=race-iris"]]) {
    const fresh = await visit(where);
    result.longest[kind] = await watched(fresh, () => timeRun(fresh));
    await fresh.context().close();
  }
  result.four = await many("data=iris&model=forest&metric=logloss&s=random,bayes,tpe,cmaes&n=60&seed=1", false);
  result.myriad = await many("fn=branin&s=random&n=10000&seed=1", true);
  await opened.context().close();
  const again = await visit("#preset=branin&n=3");
  const session = await again.context().newCDPSession(again);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  };
  // In the page itself: what the test driver keeps of its own calls is no part of it.
  const cycles = (n) =>
    again.evaluate(async (n) => {
      const says = (what) => what.test(document.querySelector("[role=status]").textContent);
      const press = (name) => [...document.querySelectorAll("button")].find((b) => (b.ariaLabel ?? b.textContent).trim() === name).click();
      const until = async (what) => {
        while (!says(what)) await new Promise((done) => setTimeout(done, 10));
      };
      for (let i = 0; i < n; i++) {
        press("Run");
        await until(/Finished/);
        press("Reset");
        await until(/Ready/);
      }
    }, n);
  await cycles(20);
  const before = await heap();
  await cycles(100);
  result.memory = { before, after: await heap() };
  await again.context().close();
  return result;
}

/** Runs a bench that was built for wasm, in the page's thread. */
async function side(file, word) {
  const opened = await visit("#preset=branin&n=3");
  const module = readFileSync(file).toString("base64");
  const lines = await opened.evaluate(
    async ([module, word]) => {
      const lines = [];
      const text = (start, length) => new TextDecoder().decode(new Uint8Array(exports.memory.buffer, start, length));
      const host = {
        seconds: () => performance.now() / 1000,
        wants: (start, length) => Number(text(start, length) === word),
        say: (start, length) => void lines.push(text(start, length)),
      };
      const bytes = Uint8Array.from(atob(module), (c) => c.charCodeAt(0));
      const { exports } = (await WebAssembly.instantiate(bytes, { host })).instance;
      exports.main(0, 0);
      return lines;
    },
    [module, word],
  );
  await opened.context().close();
  return { lines };
}

const [what, ...rest] = process.argv.slice(2);
console.log(JSON.stringify(await { run, side, page }[what](...rest)));
await (await browser()).close();
await site.close();
process.exit(0);
