// Starts the page. Trunk writes the names of the built files onto this script's own tag (see Trunk.toml).
const tag = document.querySelector("script[data-wasm]");
const at = (name) => new URL(tag.dataset[name], document.baseURI);
// Words of another language, where boot.js has sent for them.
await window.tunescapeLanguage;
try {
  const { default: init } = await import(at("js"));
  await init({ module_or_path: at("wasm") });
} catch (error) {
  const status = document.querySelector("[role=status]");
  if (status) status.textContent = `The page could not start: ${error}. Reload it, or try a current browser.`;
  throw error;
}
