// Search boxes that show results beneath them while a person types: [data-quick-search] is the id
// of the place for the results. Enter still opens the search page.
import { walkHits } from "./hits.js";

for (const box of document.querySelectorAll("[data-quick-search]")) {
  const form = box.form;
  const results = document.getElementById(box.dataset.quickSearch);
  walkHits(box, results);

  const show = (shown) => {
    results.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
  };
  const showWhenTyped = () => show(Boolean(box.value.trim() && results.childElementCount));

  results.addEventListener("htmx:afterSwap", () => {
    if (form.contains(document.activeElement)) showWhenTyped();
  });
  box.addEventListener("input", () => {
    if (!box.value.trim()) show(false);
  });
  box.addEventListener("focus", showWhenTyped);
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) show(false);
  });
  form.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || results.hidden || event.target !== box) return;
      // The first Escape closes the results and keeps the text, the next one leaves the box.
      event.stopPropagation();
      event.preventDefault();
      show(false);
    },
    true,
  );
}
