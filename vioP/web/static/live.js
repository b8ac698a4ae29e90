// Keeps a page up to date: fetches it again and swaps what changed. Without it, reloading does.
const live = document.getElementById("live");
const PATIENCE_MS = 10_000; // a stream that ends is taken up again within seconds, and nobody need know

// Nothing is swapped under somebody's fingers. What is watched leads on all the same.
const isHeld = () => live.contains(document.activeElement);

// What somebody has opened stays open.
function swap(next) {
  const summaries = (within) => [...within.querySelectorAll("details > summary")];
  const opened = summaries(live).filter((each) => each.parentElement.open).map((each) => each.textContent);
  live.replaceChildren(...next.childNodes);
  for (const each of summaries(live)) each.parentElement.open ||= opened.includes(each.textContent);
}

async function look() {
  const follows = "follow" in live.dataset;
  if (document.hidden || (isHeld() && !follows)) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  // What was watched has ended, if the page asks for that, or being signed in: go where it led to.
  const { pathname } = new URL(answer.url);
  if (answer.redirected && (follows || pathname === "/sign-in")) location.assign(answer.url);
  if (!answer.ok || answer.redirected) return;
  document.dispatchEvent(new Event("viop:heard"));
  if (isHeld()) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = fresh.getElementById("live");
  if (next && next.innerHTML !== live.innerHTML) swap(next);
  if (next) live.dataset.every = next.dataset.every; // what is under way is looked at more often
  document.title = fresh.title; // a page of today is of another day after midnight
}

const again = () => look().catch(() => {});
const pause = () => setTimeout(() => again().finally(pause), Number(live.dataset.every) * 1000);
pause();
live.addEventListener("focusout", () => setTimeout(again, 300));
document.addEventListener("visibilitychange", again);

// Where the server says when something changed, the page looks at once.
if (live.dataset.stream) {
  const stream = new EventSource(live.dataset.stream);
  let late;
  stream.onmessage = again;
  stream.onopen = () => {
    clearTimeout(late);
    late = undefined;
    live.removeAttribute("data-stale");
    again();
  };
  stream.onerror = () => {
    late ??= setTimeout(() => live.setAttribute("data-stale", ""), PATIENCE_MS);
  };
}
