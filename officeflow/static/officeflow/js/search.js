// The search page by keyboard: arrow keys move between the box and the results, Enter opens a
// result, and letters are typed into the box.
const box = document.getElementById("page-search");
const results = document.getElementById("search-results");

// The shortcut belongs to the page's own search box.
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

// Keeps the focus on a result when new results arrive; moves it to the box when the result is gone.
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
    // The box gets the focus before the letter is typed.
    box.focus();
    event.stopPropagation();
  } else step(event, here);
});
