// Keeps today's paper page on this device until midnight, so that it opens without a network.
const COPY = "/roster/print";
const PARTS = ["/static/style.css", "/static/roster.css", "/static/roster.js"];
const { who } = document.body.dataset;
const DAY = `day-${who}`;
const isCopy = document.querySelector(".offline:not([hidden])") !== null;

// The page without what needs a network (menus, links, every script but this one) or must not stay here.
function alone(page) {
  const needs = "header, .demo-bar, .no-print, .not-kept, dialog, noscript, script:not([src='/static/roster.js'])";
  page.querySelectorAll(needs).forEach((each) => each.remove());
  page.querySelector(".offline").hidden = false;
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

async function keep() {
  const answer = await fetch(COPY, { redirect: "manual" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (page.body.dataset.who !== who) return location.reload(); // somebody else signed in, in another tab
  const since = Date.now();
  const lasts = Number(page.querySelector("[data-lasts]").dataset.lasts) * 1000;
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": answer.headers.get("Content-Security-Policy"),
    "X-Since": String(since),
    "X-Until": String(since + lasts),
  };
  const day = await caches.open(DAY);
  await day.addAll(PARTS);
  await day.put(COPY, new Response(alone(page), { headers }));
  document.documentElement.dataset.kept = "";
}

// A copy gives way as soon as the house answers again: a first try may be too early.
async function back() {
  const answer = await fetch("/roster", { method: "HEAD", redirect: "manual" });
  if (answer.status < 500) location.reload();
}

// A copy on the screen goes when its midnight comes, or when it was taken away by signing out.
async function look() {
  const kept = await caches.match(COPY);
  const over = !kept || Date.now() >= Number(kept.headers.get("X-Until"));
  if (over) await caches.delete(DAY);
  if (over && isCopy) location.reload();
}

if ("serviceWorker" in navigator && "caches" in window) {
  setInterval(() => look().catch(() => {}), 20000);
  if (isCopy) {
    addEventListener("online", () => back().catch(() => {}));
    setInterval(() => back().catch(() => {}), 5000);
    document.querySelector(".offline button").addEventListener("click", () => caches.delete(DAY).then(() => location.reload()));
  } else {
    await navigator.serviceWorker.register("/sw.js", { scope: "/roster" }).catch(() => {});
    await keep().catch(() => {});
    setInterval(() => keep().catch(() => {}), 300000);
  }
}
