// The search page: its own box takes the shortcut, and the focus stays on a result.
import { hitsOf, walkHits } from "./hits.js";

const box = document.getElementById("page-search");
const results = document.getElementById("search-results");

// The shortcut belongs to the page's own search box.
document.getElementById("global-search")?.removeAttribute("data-shortcut");
box.setSelectionRange(box.value.length, box.value.length);
walkHits(box, results);

// Keeps the focus on a result when new results arrive; moves it to the box when the result is gone.
let reading = null;

results.addEventListener("htmx:beforeSwap", () => {
  const { activeElement } = document;
  reading = results.contains(activeElement) ? activeElement.getAttribute("href") : null;
});

results.addEventListener("htmx:afterSwap", () => {
  if (reading === null) return;
  (hitsOf(results).find((hit) => hit.getAttribute("href") === reading) ?? box).focus();
});
