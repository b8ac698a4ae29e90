// Our words in the language of the page. English is the key; the page brings the others along.
const brought = document.querySelector('meta[name="script-words"]');
const known = JSON.parse(brought?.content || "{}");

// What stands in braces is filled in: inWords("Let {name} in", { name: "Ada" }).
export function inWords(text, holes = {}) {
  return (known[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => holes[name]);
}
