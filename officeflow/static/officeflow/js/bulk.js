// Selecting rows of a live list. The selection is stored by value, so that a refresh keeps it. x
// selects the focused row, Shift extends the selection to the last one.
import "./scanner.js";

const bar = document.querySelector("[data-bulk]");
const chosen = new Set();
let last = "";

function items() {
  return [...document.querySelectorAll("[data-bulk-item]")];
}

function show() {
  const here = items();
  const known = new Set(here.map((item) => item.value));
  for (const value of [...chosen]) if (!known.has(value)) chosen.delete(value);
  for (const item of here) {
    item.checked = chosen.has(item.value);
    item.closest("tr")?.toggleAttribute("data-chosen", item.checked);
  }
  const all = document.querySelector("[data-bulk-all]");
  if (all) {
    all.disabled = !here.length;
    all.checked = here.length > 0 && chosen.size === here.length;
    all.indeterminate = chosen.size > 0 && chosen.size < here.length;
  }
  if (!bar) return;
  bar.hidden = !chosen.size;
  bar.dataset.ready = "";
  bar.querySelector("[data-bulk-count]").textContent = chosen.size;
}

function choose(item, wanted, range) {
  const here = items();
  const from = range ? here.findIndex((other) => other.value === last) : -1;
  const to = here.indexOf(item);
  const [low, high] = from < 0 ? [to, to] : [Math.min(from, to), Math.max(from, to)];
  for (const each of here.slice(low, high + 1)) {
    if (wanted) chosen.add(each.value);
    else chosen.delete(each.value);
  }
  last = item.value;
  show();
}

document.addEventListener("click", (event) => {
  const item = event.target.closest?.("[data-bulk-item]");
  if (item) {
    choose(item, item.checked, event.shiftKey);
    // The list refreshes itself only while none of its controls is in use.
    if (event.detail) item.closest("tr")?.querySelector("[data-row]")?.focus({ preventScroll: true });
    return;
  }
  const all = event.target.closest?.("[data-bulk-all]");
  if (all) {
    for (const each of items()) {
      if (all.checked) chosen.add(each.value);
      else chosen.delete(each.value);
    }
    show();
    if (event.detail) all.blur();
    return;
  }
  if (event.target.closest?.("[data-bulk-clear]")) clear();
});

function clear() {
  chosen.clear();
  show();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && chosen.size) clear();
});

document.addEventListener("singlekey", (event) => {
  const { key, shiftKey } = event.detail;
  if (document.querySelector("dialog[open]")) return;
  if (key !== "x" && !(shiftKey && key === "X")) return;
  const row = document.activeElement?.closest("tr");
  const item = row?.querySelector("[data-bulk-item]");
  if (item) choose(item, !item.checked, shiftKey);
});

document.addEventListener("htmx:afterSettle", show);
// The browser restores checked boxes when a person returns to the page.
window.addEventListener("pageshow", () => {
  for (const item of items()) if (item.checked) chosen.add(item.value);
  show();
});
show();

// Opening the filters focuses the first one.
const filters = document.querySelector("details.filter-box");
filters?.querySelector("summary")?.addEventListener("click", () => {
  if (!filters.open) setTimeout(() => filters.querySelector("input:not([type=hidden])")?.focus());
});
