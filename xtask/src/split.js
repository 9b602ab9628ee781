
// The parts of the program which the first one calls for. A call waits for an answer, so a part has to be there when it returns.
const partFiles = {$FILES };
const compiledParts = {};
const partAddress = (name) => {
  const address = new URL(partFiles[name], import.meta.url);
  address.search = new URL(import.meta.url).search;
  return address;
};

/** Fetches and compiles a part ahead of its first use. */
export async function fetchPart(name) {
  const response = await fetch(partAddress(name), { priority: "low" });
  if (response.ok) compiledParts[name] ??= await WebAssembly.compile(await response.arrayBuffer());
}

function loadPart(name) {
  try {
    compiledParts[name] ??= new WebAssembly.Module(partBytes(name));
    new WebAssembly.Instance(compiledParts[name], { "$MARK": wasm });
  } catch (error) {
    if (typeof document !== "undefined") {
      const status = document.querySelector("[role=status]");
      if (status) status.textContent = `The page could not go on: ${error}. Reload it; the run is kept.`;
    } else {
      // Nobody hears an error of a thread that others wait for.
      lost(String(error));
    }
    throw error;
  }
}

function partBytes(name) {
  const request = new XMLHttpRequest();
  request.open("GET", partAddress(name), false);
  const inPage = typeof document !== "undefined";
  // A page may not wait for bytes, but for text whose characters are bytes.
  if (inPage) request.overrideMimeType("text/plain; charset=x-user-defined");
  else request.responseType = "arraybuffer";
  // While a page waits, some browsers go on delivering messages: whoever takes one has to wait, too.
  globalThis.tunescapeWaits = true;
  try {
    request.send();
  } finally {
    globalThis.tunescapeWaits = false;
  }
  if (request.status !== 200) throw new Error(`${request.responseURL || partAddress(name)} answers with status ${request.status}`);
  return inPage ? Uint8Array.from(request.response, (character) => character.charCodeAt(0)) : request.response;
}
