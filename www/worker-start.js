// Starts the engine inside a dedicated worker. Loaded as a module worker, or by a classic one through import().
// ?kind=threads|single &threads=N &v=BUILD &panics=CHANNEL
const query = new URL(import.meta.url).searchParams;
const threaded = query.get("kind") === "threads";
const threads = threaded ? Math.max(1, Number(query.get("threads")) || 1) : 1;
const folder = `./worker/${threaded ? "threads" : "single"}`;
const version = `?v=${encodeURIComponent(query.get("v") ?? "dev")}`;

// While a pool starts nothing holds its workers, and Firefox may collect one that shares memory (bugzilla.mozilla.org/1702191):
// one start in seven came to nothing, and the page fell back to one thread.
const held = [];
const { Worker } = self;
if (threaded) {
  self.Worker = class extends Worker {
    constructor(...how) {
      super(...how);
      held.push(this);
    }
  };
}

try {
  // Both at once: the module is the larger by far. If it does not come, `default` says so.
  const module = fetch(new URL(`${folder}/worker_bg.wasm${version}`, import.meta.url));
  module.catch(() => {});
  const engine = await import(`${folder}/worker.js${version}`);
  await engine.default({ module_or_path: module });
  if (threaded) await engine.initThreadPool(threads);
  engine.begin(threads, query.get("panics") ?? "tunescape-panics", new URL("./", import.meta.url).href);
  // What a run needs, ahead of it; should it not come now, it is asked for when it is needed.
  engine.fetchPart("run").catch(() => {});
} catch (error) {
  postMessage({ type: "failed_start", message: String(error) });
}
