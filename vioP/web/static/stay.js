// Warns staff before they are signed out for being idle, and loses nothing they have typed.
// What is typed stays in this tab, for the same person signing in again; never a password.
const KEPT = "viop-typed"; // in this tab: who typed what, and where
const PAGE = "viop-page"; // in this tab: the page that was asked for last
const HEARD = "viop-heard"; // in every tab: when the server last heard of this browser
const WARN_MS = 2 * 60_000;
const AGAIN_MS = 5 * 60_000; // whoever types is there: the server hears of it this often
const { who = "", idle = "0", page = "" } = document.body.dataset;
const idleMs = Number(idle) * 1000;
const dialog = document.getElementById("stay");
const NEVER = new Set(["password", "hidden", "file", "submit", "button", "search"]);
const NEVER_CALLED = /password|one-time-code/;

const read = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
const keep = (typed) => sessionStorage.setItem(KEPT, JSON.stringify(typed));
const forget = () => sessionStorage.removeItem(KEPT);
const heard = () => localStorage.setItem(HEARD, String(Date.now()));
const silence = () => Date.now() - Number(localStorage.getItem(HEARD));

function fields(form) {
  return [...form.elements].filter(
    (each) => each.name && each.type && !NEVER.has(each.type) && !NEVER_CALLED.test(each.autocomplete),
  );
}

function forms() {
  return [...document.querySelectorAll("main form[method=post]")];
}

function write() {
  const kept = forms().map((form) => ({
    to: form.getAttribute("action"),
    fields: fields(form).map((each) => [each.name, each.value, Boolean(each.checked)]),
  }));
  keep({ who, page: page || sessionStorage.getItem(PAGE), ended: false, forms: kept });
}

function putBack(kept) {
  const left = forms();
  for (const { to, fields: values } of kept) {
    const at = left.findIndex((form) => form.getAttribute("action") === to);
    if (at < 0) continue;
    const [form] = left.splice(at, 1);
    const inputs = fields(form);
    for (const [name, value, checked] of values) {
      const choice = (each) => each.type === "checkbox" || each.type === "radio";
      const i = inputs.findIndex((each) => each.name === name && (!choice(each) || each.value === value));
      if (i < 0) continue;
      const [input] = inputs.splice(i, 1);
      if (choice(input)) input.checked = checked;
      else input.value = value;
      input.closest("details")?.setAttribute("open", "");
    }
  }
}

function say(words, href) {
  const note = document.createElement("p");
  note.className = "card";
  note.setAttribute("role", "status");
  note.append(words);
  if (href) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = "Go back to it";
    note.append(" ", link, ".");
  }
  document.getElementById("main").prepend(note);
}

function arrive() {
  const typed = read();
  if (page) sessionStorage.setItem(PAGE, page);
  if (!typed) return;
  if (!typed.ended) return forget(); // it was sent, or left
  if (typed.page !== page) return say("What you typed before you were signed out is kept.", typed.page);
  putBack(typed.forms);
  write();
  say("What you typed before you were signed out is back. It has not been sent.");
}

async function stay() {
  heard();
  const answer = await fetch("/stay", { method: "POST", redirect: "manual" });
  if (!answer.ok) location.assign("/sign-in");
}

async function end() {
  const typed = read();
  if (typed) keep({ ...typed, ended: true });
  await fetch("/sign-out", { method: "POST", redirect: "manual" }).catch(() => {});
  location.assign("/sign-in");
}

// Said at two minutes, one, and thirty seconds; a screen reader is told no more often.
function count(left) {
  const words = left > 60_000 ? "Two minutes are left." : left > 30_000 ? "One minute is left." : "Half a minute is left.";
  const line = document.getElementById("stay-left");
  if (line.textContent !== words) line.textContent = words;
}

let ending = false;
function look() {
  const left = idleMs - silence();
  if (left <= 0 && !ending) {
    ending = true;
    end();
  } else if (left > WARN_MS) dialog.close(); // somebody stayed, perhaps in another tab
  else if (!ending) {
    if (!dialog.open) dialog.showModal();
    count(left);
  }
}

function watch() {
  heard();
  arrive();
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
  document.addEventListener("viop:heard", heard);
  document.addEventListener("input", (event) => {
    if (!event.target.form?.matches("main form[method=post]")) return;
    write();
    if (silence() > AGAIN_MS) stay().catch(() => {});
  });
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action") === "/sign-out") forget();
  });
  const staying = () => {
    dialog.close();
    stay().catch(() => {});
  };
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    staying();
  });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault(); // Escape stays signed in as the button does
    staying();
  });
}

watch();
