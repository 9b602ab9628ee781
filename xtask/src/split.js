
// The rest of the program, which the first part calls for. A call waits for an answer, so the rest has to be there when it returns.
let restOfProgram;
const restAddress = () => {
  const address = new URL("$FILE", import.meta.url);
  address.search = new URL(import.meta.url).search;
  return address;
};

/** Fetches and compiles the rest ahead of its first use. */
export async function fetchRest() {
  const response = await fetch(restAddress(), { priority: "low" });
  if (response.ok) restOfProgram ??= await WebAssembly.compile(await response.arrayBuffer());
}

function loadRest() {
  try {
    restOfProgram ??= new WebAssembly.Module(restBytes());
    new WebAssembly.Instance(restOfProgram, { "$MARK": wasm });
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

function restBytes() {
  const request = new XMLHttpRequest();
  request.open("GET", restAddress(), false);
  const inPage = typeof document !== "undefined";
  // A page may not wait for bytes, but for text whose characters are bytes.
  if (inPage) request.overrideMimeType("text/plain; charset=x-user-defined");
  else request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${request.responseURL || restAddress()} answers with status ${request.status}`);
  return inPage ? Uint8Array.from(request.response, (character) => character.charCodeAt(0)) : request.response;
}
