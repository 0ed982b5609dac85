// The service worker of the card's pages. It keeps pages that name nobody, and their files, nothing else: no answer that
// is about a person ever comes here. `SHELLS` (its version, pages and files) stands before this in what is sent.

/** @typedef {{ version: string, pages: string[], files: string[] }} Shells */
const shells = /** @type {Shells} */ (/** @type {any} */ (globalThis).SHELLS);
const worker = /** @type {any} */ (globalThis);
const NAME = `hc-shells-${shells.version}`;
const PATIENCE = 3_000;

/** Keep a page, if it is a shell of this very version. @param {Cache} cache @param {string} path @param {Response} answer */
async function keepPage(cache, path, answer) {
  const same = answer.ok && !answer.redirected && answer.headers.get("X-Shell-Version") === shells.version;
  if (same) await cache.put(path, answer);
}

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(NAME);
      await cache.addAll(shells.files);
      await Promise.all(shells.pages.map(async (path) => keepPage(cache, path, await fetch(path, { redirect: "manual" }))));
      await worker.skipWaiting();
    })(),
  );
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("hc-shells-") && name !== NAME);
      await Promise.all(old.map((name) => caches.delete(name)));
      await worker.clients.claim();
    })(),
  );
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  /** @type {Request} */
  const request = event.request;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && shells.pages.includes(pathname)) event.respondWith(page(event, request, pathname));
  else if (shells.files.includes(pathname)) event.respondWith(file(request));
});

/**
 * Ask for a page; one that does not come, or not in time, is shown as it was kept.
 * @param {any} event @param {Request} request @param {string} path @returns {Promise<Response>}
 */
async function page(event, request, path) {
  const cache = await caches.open(NAME);
  const asked = fetch(request).then(async (answer) => {
    event.waitUntil(keepPage(cache, path, answer.clone()));
    return answer;
  });
  event.waitUntil(asked.catch(() => undefined));
  const late = new Promise((go) => setTimeout(go, PATIENCE));
  const first = await Promise.race([asked.catch(() => undefined), late.then(() => undefined)]);
  if (first !== undefined && first.status < 500) return first;
  return (await cache.match(path)) ?? first ?? asked;
}

/** @param {Request} request @returns {Promise<Response>} */
async function file(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request)) ?? fetch(request);
}
