// What a browser keeps for one person goes when a page of somebody else, or of nobody, is opened.
const { who = "" } = document.body.dataset;

// Days are kept under the account they belong to; every other one goes.
async function forgetDays(mine) {
  if (!("caches" in window)) return; // browsers keep nothing where nothing is encrypted
  for (const name of await caches.keys()) {
    if (name.startsWith("day-") && name !== `day-${mine}`) await caches.delete(name);
  }
}

const typed = JSON.parse(sessionStorage.getItem("viop-typed") ?? "null");
if (typed && !who) sessionStorage.setItem("viop-typed", JSON.stringify({ ...typed, ended: true }));
else if (typed && typed.who !== who) sessionStorage.removeItem("viop-typed");
forgetDays(who).catch(() => {});

// Without a network signing out leads nowhere, but the copy goes all the same.
document.addEventListener("submit", (event) => {
  if (event.target.getAttribute("action") === "/sign-out") forgetDays("").catch(() => {});
});
