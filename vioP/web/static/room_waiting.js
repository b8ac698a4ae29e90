// Who waits outside, as their host sees it: a button for each of them.
import { inWords } from "./words.js";
const part = (id) => document.getElementById(id);

function buttonFor({ key, name }, admit) {
  const button = document.createElement("button");
  button.type = "button";
  button.dataset.key = key;
  button.textContent = inWords("Let {name} in", { name });
  button.addEventListener("click", () => admit(key));
  return button;
}

// Whoever was about to press a button has it still, or the one nearest to what they wanted.
export function showWaiting(people, admit) {
  const held = part("waiting").contains(document.activeElement) ? document.activeElement : null;
  const buttons = people.map((each) => buttonFor(each, admit));
  part("waiting-list").replaceChildren(...buttons.map((button) => {
    const item = document.createElement("li");
    item.append(button);
    return item;
  }));
  part("waiting").hidden = people.length === 0;
  const names = people.map((each) => each.name).join(", ");
  part("waiting-word").textContent = names && inWords("{names} would like to come in.", { names });
  if (!held) return;
  const same = held.dataset.key && buttons.find((each) => each.dataset.key === held.dataset.key);
  (same || (people.length ? part("admit-all") : part("mute"))).focus();
}
