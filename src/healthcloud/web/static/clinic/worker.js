// The scan page's worker: it keeps the page's shell and what that is made of, and gives them while the platform is away.
// It keeps nothing else: no answer about anybody passes through a cache.
const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));
const CACHE = "hc-scan";
const SHELL = "/scan/shell";
const PATIENCE_MS = 5000;
const KEEPING_MS = 30_000; // an installation that waits for an answer for ever would never be tried again
const PART = /(?:href|src)="(\/static\/[^"]+)"/g;

/** Fetch the shell and every part of it that is not kept yet; let go of parts of an older one. */
async function keep() {
  const signal = AbortSignal.timeout(KEEPING_MS);
  const answer = await fetch(SHELL, { credentials: "same-origin", signal });
  if (!answer.ok) return;
  const text = await answer.clone().text();
  const parts = new Set([...text.matchAll(PART)].map((found) => found[1]));
  const cache = await caches.open(CACHE);
  for (const part of parts) if (!(await cache.match(part))) await cache.add(new Request(part, { signal }));
  await cache.put(SHELL, answer);
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    if (path !== SHELL && !parts.has(path)) await cache.delete(request);
  }
}

/** Ask the platform for the page; the shell where it is away. @param {Request} request */
async function page(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (![502, 503, 504].includes(answer.status)) return answer;
  } catch {
    // nobody answered
  }
  return (await caches.match(SHELL)) ?? Response.error();
}

worker.addEventListener("install", (event) => event.waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate" && pathname === "/scan") {
    event.respondWith(page(request));
    event.waitUntil(keep().catch(() => undefined));
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});
