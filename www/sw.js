// Keeps the page for when there is no network: every file of this build, all at once, so that no two of different builds
// come together. While there is a network everything comes from it, so nothing old is ever shown.
// `cargo xtask build` writes the file names, by what needs them, and a mark that changes with any of them.
const FILES = { mark: "", page: [], threads: [], single: [] };

// A page without isolation needs the worker of one thread alone.
const kind = new URL(location.href).searchParams.get("kind") === "threads" ? "threads" : "single";
// Several sites can share an origin: the scope tells whose this is.
const own = `tunescape ${registration.scope} `;
const name = `${own}${FILES.mark} ${kind}`;

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(begin()));
addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(registration.scope)) event.respondWith(answer(event));
});

async function keep() {
  const cache = await caches.open(name);
  // All or none: where one is missing, a new version is being published, and the next visit tries again.
  await cache.addAll([...FILES.page, ...FILES[kind]]);
  await skipWaiting();
}

async function begin() {
  const names = await caches.keys();
  await Promise.all(names.filter((other) => other.startsWith(own) && other !== name).map((other) => caches.delete(other)));
}

// Without navigation preload: where it fails, Firefox gives up the page, whatever is answered here.
async function answer({ request }) {
  try {
    return await fetch(request);
  } catch (error) {
    const cache = await caches.open(name);
    // What stands behind "?" tells builds apart, and here is only one.
    const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
    if (!kept) throw error;
    // A response of its own has the address that was asked for: the worker reads there which build it is.
    return new Response(kept.body, kept);
  }
}
