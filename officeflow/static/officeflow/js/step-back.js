// Escape follows the way out of a page, a[data-step-back], when nothing else is open that it closes. A
// form with unsent input that is not kept as a draft is not left.
import { unsent } from "./unsent.js";

const OPEN = [
  "dialog[open]",
  "details[data-menu][open]",
  "[data-drawer][data-open]",
  "[role=listbox]:not([hidden])",
  ".quick-results:not([hidden])",
  "[data-bulk]:not([hidden])",
].join();
let isTaken = false;

// Before what is open closes.
window.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  isTaken = document.querySelector(OPEN) !== null || event.target.matches?.("[type=search], select");
}, true);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || isTaken || event.isComposing) return;
  const way = document.querySelector("a[data-step-back]");
  if (!way) return;
  event.preventDefault();
  if (document.querySelector("[data-draft]") || !unsent()) return way.click();
  const text = document.getElementById("office-texts")?.dataset.unsent;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "warning", about: "unsent" } }));
});
