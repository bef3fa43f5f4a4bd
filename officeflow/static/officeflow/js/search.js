// The search page by keyboard: the arrows go from the box through what was found and back, Enter
// opens; whoever types on goes on in the box.
const box = document.getElementById("page-search");
const results = document.getElementById("search-results");

// One key leads to one box.
document.getElementById("global-search")?.removeAttribute("data-shortcut");
box.setSelectionRange(box.value.length, box.value.length);

const hits = () => [...results.querySelectorAll("a[data-hit]")];

function step(event, here) {
  const all = hits();
  const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
  if (next === undefined || !all.length) return;
  event.preventDefault();
  if (next < 0) box.focus();
  else all[Math.min(next, all.length - 1)].focus();
}

box.addEventListener("keydown", (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown") step(event, -1);
});

// Somebody who already steps through what was found stays where they are when the answer to the
// last letters arrives, or comes back to the box when theirs is no longer among it.
let reading = null;

results.addEventListener("htmx:beforeSwap", () => {
  const { activeElement } = document;
  reading = results.contains(activeElement) ? activeElement.getAttribute("href") : null;
});

results.addEventListener("htmx:afterSwap", () => {
  if (reading === null) return;
  (hits().find((hit) => hit.getAttribute("href") === reading) ?? box).focus();
});

results.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const here = hits().indexOf(document.activeElement);
  if (here < 0) return;
  if (event.key === "Escape") box.focus();
  else if (event.key === "Backspace" || (event.key.length === 1 && event.key !== " ")) {
    // The letter itself goes into the box, which has the focus by the time it arrives.
    box.focus();
    event.stopPropagation();
  } else step(event, here);
});
