/**
 * The service worker of the static site: it keeps the files of one build, so that the page works without a network. The
 * build puts their names in place of the list.
 *
 * @module
 */

const scope = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (globalThis));

/* global BUILD */

/** @type {{ version: string, files: string[] }} */
const { version, files } = JSON.parse(BUILD);

// Other sites of this origin, such as another page of this kind in another folder, have their caches beside these.
const ours = `ossconf ${scope.registration.scope} `;
const name = ours + version;

scope.addEventListener("install", (event) => {
  // Past the cache of HTTP, which may still have the page of the build before.
  const requests = files.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(requests)));
  scope.skipWaiting();
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(removeOthers().then(() => scope.clients.claim()));
});

async function removeOthers() {
  const others = (await caches.keys()).filter((it) => it.startsWith(ours) && it !== name);
  await Promise.all(others.map((it) => caches.delete(it)));
}

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === scope.location.origin) {
    event.respondWith(request.mode === "navigate" ? newest(request) : kept(request));
  }
});

/** The page as the host has it now, or as it was. @param {Request} request */
async function newest(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const page = await caches.match("./", { cacheName: name });
    if (page) {
      return page;
    }
    throw error;
  }
}

/** A file, whose name has a hash of what is in it. @param {Request} request */
async function kept(request) {
  return (await caches.match(request, { cacheName: name })) ?? fetch(request);
}
