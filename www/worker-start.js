// The module every worker starts with: `worker-start.js?build=threads&v=BUILD` or `?build=single&v=BUILD`.
// The build id goes into the address of both files, so that a cache never mixes two builds.
const { searchParams } = new URL(import.meta.url);
const kind = searchParams.get("build") === "threads" ? "threads" : "single";
const version = encodeURIComponent(searchParams.get("v") ?? "");
try {
  const { default: init } = await import(`./worker/${kind}/worker.js?v=${version}`);
  await init({ module_or_path: new URL(`./worker/${kind}/worker_bg.wasm?v=${version}`, import.meta.url) });
} catch (error) {
  // Reported as an error event: a rejected import alone would leave the page waiting.
  reportError(error);
}
