// Lists by keyboard: j and k, or arrow keys while a row has the focus, move between rows
// ([data-row]); Enter opens the link. Keys are ignored while a person types.
import "./scanner.js";

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length) return;
  const here = rows.findIndex((row) => row.closest("tr, li")?.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
  rows[Math.max(0, Math.min(next, rows.length - 1))].focus();
}

document.addEventListener("singlekey", (event) => {
  const by = { j: 1, k: -1 }[event.detail.key];
  if (by && !document.querySelector("dialog[open]")) step(by);
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !document.activeElement?.matches("[data-row]")) return;
  event.preventDefault();
  step(by);
});
