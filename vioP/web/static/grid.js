// Moves a session over the week by arrow keys or by dragging, and says in words whether it fits.
// It only leads to the preview, which the plain form reaches as well.
const table = document.querySelector(".week-grid");
const line = document.getElementById("moving");
const days = [...table.querySelectorAll("th[data-day]")];
const rows = [...table.tBodies[0].rows];
const STEP = 15;
const LAST = 24 * 60 - STEP;
const MOVES = { ArrowUp: [0, -STEP], ArrowDown: [0, STEP], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
let held = null;
let dragged = null;
let asking = null;

const two = (number) => String(number).padStart(2, "0");
const clock = (minutes) => `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
const within = (number, most) => Math.min(Math.max(number, 0), most);

function where(block) {
  const cell = block.closest("td");
  if (!cell) return { day: 0, minutes: Number(rows[0].dataset.hour) * 60 };
  const [hours, minutes] = block.dataset.at.split(":").map(Number);
  return { day: cell.cellIndex - 1, minutes: hours * 60 + minutes };
}

function query({ block, day, minutes }) {
  const asked = new URLSearchParams(new URL(block.href).search);
  asked.set("day", days[day].dataset.day);
  asked.set("at", clock(minutes));
  asked.set("staff", block.dataset.staff);
  return asked;
}

function pick(block) {
  const ghost = document.createElement("div");
  ghost.className = "block ghost";
  ghost.setAttribute("aria-hidden", "true");
  held = { block, ghost, ...where(block) };
  block.classList.add("held");
}

function letGo(said) {
  clearTimeout(asking);
  if (!held) return;
  held.ghost.remove();
  held.block.classList.remove("held");
  held = null;
  line.textContent = said;
}

function hover(day, minutes) {
  held.day = within(day, days.length - 1);
  held.minutes = within(minutes, LAST);
  const cell = rows.find((row) => Number(row.dataset.hour) === Math.floor(held.minutes / 60));
  held.ghost.textContent = clock(held.minutes);
  if (cell) cell.cells[held.day + 1].append(held.ghost);
  else held.ghost.remove();
  const place = `${days[held.day].textContent.trim()}, ${clock(held.minutes)}`;
  line.textContent = `${place}.`;
  clearTimeout(asking);
  asking = setTimeout(() => ask(held, place).catch(() => {}), 250);
}

async function ask(move, place) {
  const asked = query(move).toString();
  const answer = await fetch(`${new URL(move.block.href).pathname}/fits.json?${asked}`);
  // By now it may hover elsewhere: what was asked before is of no interest.
  if (!answer.ok || held !== move || query(held).toString() !== asked) return;
  line.textContent = `${place}: ${(await answer.json()).said}`;
}

function preview() {
  const { block } = held;
  location.assign(`${new URL(block.href).pathname}?${query(held)}`);
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && held) {
    event.preventDefault();
    dragged = null;
    letGo("Taken back. Nothing was moved.");
    return;
  }
  const block = event.target.closest?.("a.block");
  if (!block || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" && held?.block === block) {
    event.preventDefault();
    preview();
  } else if (event.key in MOVES) {
    event.preventDefault();
    if (held?.block !== block) pick(block);
    const [byDays, byMinutes] = MOVES[event.key];
    hover(held.day + byDays, held.minutes + byMinutes);
    held.ghost.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
});

document.addEventListener("focusout", (event) => {
  if (held && !dragged && event.target === held.block) letGo("");
});

// A finger scrolls the page, so it opens the form instead; a mouse or a pen drags.
document.addEventListener("pointerdown", (event) => {
  const block = event.target.closest("a.block");
  if (!block || event.button !== 0 || event.pointerType === "touch") return;
  dragged = { block, x: event.clientX, y: event.clientY, over: false };
});

document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  if (held?.block !== dragged.block) {
    if (Math.hypot(event.clientX - dragged.x, event.clientY - dragged.y) < 6) return;
    letGo("");
    pick(dragged.block);
  }
  const cell = document.elementFromPoint(event.clientX, event.clientY)?.closest(".week-grid td");
  dragged.over = Boolean(cell);
  if (!cell) return;
  const { top, height } = cell.getBoundingClientRect();
  const quarter = within(Math.floor(((event.clientY - top) / height) * 4), 3);
  const minutes = Number(cell.parentElement.dataset.hour) * 60 + quarter * STEP;
  const day = cell.cellIndex - 1;
  if (held.day !== day || held.minutes !== minutes || !held.ghost.isConnected) hover(day, minutes);
});

document.addEventListener("pointerup", () => {
  if (!dragged) return;
  const { over } = dragged;
  dragged = null;
  if (held && over) preview();
  else letGo("");
});

document.addEventListener("dragstart", (event) => {
  if (event.target.closest?.("a.block")) event.preventDefault();
});

// The click that ends a drag must not open the form.
document.addEventListener("click", (event) => {
  if (held && event.target.closest("a.block") === held.block) event.preventDefault();
}, true);

for (const each of document.querySelectorAll("[data-scripted]")) each.hidden = false;
