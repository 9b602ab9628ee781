// Starts the page. Trunk writes the names of the built files onto this script's own tag (see Trunk.toml).
const tag = document.querySelector("script[data-wasm]");
const at = (name) => new URL(tag.dataset[name], document.baseURI);
// Words of another language, where boot.js has sent for them.
await window.tunescapeLanguage;
try {
  const program = await import(at("js"));
  await program.default({ module_or_path: at("wasm") });
  // What is not needed at once; should it not come now, it is asked for when it is needed.
  const rest = program.fetchPart("rest").catch(() => {});
  // Another study than the opening one shows what is in there: messages wait for it, else the page would, and Firefox forgets clicks then.
  if (location.hash.length > 1) {
    window.tunescapeWaits = true;
    rest.finally(() => (window.tunescapeWaits = false));
  }
} catch (error) {
  const status = document.querySelector("[role=status]");
  if (status) status.textContent = `The page could not start: ${error}. Reload it, or try a current browser.`;
  throw error;
}

// Once nothing else is fetched: the page is kept for when there is no network. Not in frames, which belong to another page.
try {
  if (top === window && isSecureContext && navigator.serviceWorker) setTimeout(keep, 3000);
} catch {
  // A frame without an origin has no service workers.
}

async function keep() {
  const kind = crossOriginIsolated ? "threads" : "single";
  // Where the browser refuses, the page works all the same as long as there is a network.
  await navigator.serviceWorker.register(`sw.js?kind=${kind}`, { updateViaCache: "none" }).catch(() => {});
}
