// What a tab keeps of what was typed goes when a page of somebody else is opened in it.
const { who = "" } = document.body.dataset;
const typed = JSON.parse(sessionStorage.getItem("viop-typed") ?? "null");
if (typed && !who) sessionStorage.setItem("viop-typed", JSON.stringify({ ...typed, ended: true }));
else if (typed && typed.who !== who) sessionStorage.removeItem("viop-typed");
