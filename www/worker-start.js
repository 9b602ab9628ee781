// Starts the engine inside a dedicated worker. Loaded as a module worker, or by a classic one through import().
// ?kind=threads|single &threads=N &v=BUILD &panics=CHANNEL
const query = new URL(import.meta.url).searchParams;
const threaded = query.get("kind") === "threads";
const threads = threaded ? Math.max(1, Number(query.get("threads")) || 1) : 1;
const folder = `./worker/${threaded ? "threads" : "single"}`;
const version = `?v=${encodeURIComponent(query.get("v") ?? "dev")}`;

try {
  const engine = await import(`${folder}/worker.js${version}`);
  await engine.default({ module_or_path: new URL(`${folder}/worker_bg.wasm${version}`, import.meta.url) });
  if (threaded) await engine.initThreadPool(threads);
  engine.begin(threads, query.get("panics") ?? "tunescape-panics");
} catch (error) {
  postMessage({ type: "failed_start", message: String(error) });
}
