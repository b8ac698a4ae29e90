// Opens the kept paper page of today while there is no network. It keeps nothing by itself.
const COPY = "/roster/print";

async function forget() {
  for (const name of await caches.keys()) if (name.startsWith("day-")) await caches.delete(name);
}

// The copy, until the midnight it was kept for; afterwards, or when the clock went back, it goes.
async function copy() {
  const kept = await caches.match(COPY);
  if (!kept) return null;
  const now = Date.now();
  if (now >= Number(kept.headers.get("X-Since")) && now < Number(kept.headers.get("X-Until"))) return kept;
  await forget();
  return null;
}

async function page(asked) {
  let answer;
  try {
    answer = await fetch(asked);
  } catch {
    const words = "There is no network, and no roster of today is kept on this device.";
    const plain = { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } };
    return (await copy()) ?? new Response(words, plain);
  }
  // Whoever is led elsewhere or refused is no longer signed in here: nothing stays for them.
  if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) await forget();
  return answer;
}

async function part(asked) {
  try {
    return await fetch(asked);
  } catch {
    return (await caches.match(new URL(asked.url).pathname)) ?? Response.error();
  }
}

self.addEventListener("activate", (event) => event.waitUntil(Promise.all([copy(), self.clients.claim()])));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(request));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(part(request));
});
