// A scan on a ticket with lines: names and marks the line of the product, or says that the order does
// not have it. Records are opened as on every page.
import { sayScan } from "./scans.js";

let marked = "";

const linesOf = (sku) => [...document.querySelectorAll(`[data-scan-sku="${CSS.escape(sku)}"]`)];

function mark() {
  for (const line of document.querySelectorAll("[data-found]")) delete line.dataset.found;
  for (const line of linesOf(marked)) line.dataset.found = "";
}

document.addEventListener("scanned", (event) => {
  const place = document.querySelector("[data-scan-lines]");
  const { kind, sku, name, text } = event.detail;
  if (!place || kind === "record") return;
  event.preventDefault();
  marked = sku ?? "";
  mark();
  if (kind === "unknown") return sayScan(text, { tone: "error" });
  const lines = linesOf(sku);
  if (!lines.length) {
    return sayScan(place.dataset.absent.replace("{product}", () => name), { tone: "error" });
  }
  lines[0].scrollIntoView({ block: "nearest" });
  sayScan(lines.map((line) => line.dataset.scanText).join("; "));
});

// The list is replaced when the ticket changes.
document.addEventListener("htmx:afterSettle", mark);
