// Keeps today's paper page on this device until midnight, so that it opens without a network.
const COPY = "/roster/print";
const PARTS = ["/static/style.css", "/static/roster.css", "/static/roster.js"];

async function keep() {
  const answer = await fetch(COPY, { redirect: "manual" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const since = Date.now();
  const lasts = Number(page.querySelector("[data-lasts]").dataset.lasts) * 1000;
  page.querySelector(".offline").hidden = false;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": answer.headers.get("Content-Security-Policy"),
    "X-Since": String(since),
    "X-Until": String(since + lasts),
  };
  const day = await caches.open("day");
  await day.addAll(PARTS);
  await day.put(COPY, new Response(`<!doctype html>${page.documentElement.outerHTML}`, { headers }));
  document.documentElement.dataset.kept = "";
}

// A copy on the screen goes when its midnight comes, or when it was cleared by signing out.
async function look() {
  const kept = await caches.match(COPY);
  const over = !kept || Date.now() >= Number(kept.headers.get("X-Until"));
  if (over) await caches.delete("day");
  const shown = document.querySelector(".offline:not([hidden])");
  if (over && shown) location.reload();
}

if ("serviceWorker" in navigator && "caches" in window) {
  await navigator.serviceWorker.register("/sw.js", { scope: "/roster" }).catch(() => {});
  await keep().catch(() => {});
  setInterval(() => look().catch(() => {}), 20000);
  setInterval(() => keep().catch(() => {}), 300000);
}
