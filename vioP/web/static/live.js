// Keeps a page up to date: fetches it again and swaps what changed. Without it, reloading does.
const live = document.getElementById("live");
const seconds = Number(live.dataset.every);

async function look() {
  // Nothing is swapped under somebody's fingers, nor while nobody looks.
  if (document.hidden || live.contains(document.activeElement)) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  // What was watched has ended: go where it led to, if the page asks for that.
  if (answer.redirected && "follow" in live.dataset) location.assign(answer.url);
  if (!answer.ok || answer.redirected) return;
  document.dispatchEvent(new Event("viop:heard"));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = fresh.getElementById("live");
  if (next && next.innerHTML !== live.innerHTML) live.replaceChildren(...next.childNodes);
}

setInterval(() => look().catch(() => {}), seconds * 1000);
live.addEventListener("focusout", () => setTimeout(() => look().catch(() => {}), 300));

// Where the server says when something changed, the page looks at once.
if (live.dataset.stream) {
  const stream = new EventSource(live.dataset.stream);
  stream.onmessage = () => look().catch(() => {});
  stream.onopen = () => live.removeAttribute("data-stale");
  stream.onerror = () => live.setAttribute("data-stale", "");
}
