// Charts: Tab focuses a chart's first point, arrow keys the others, Enter opens the link.
// Open tables stay open when a live part is refreshed, and all tables are printed.
const opened = new Set();
let forPaper = [];

function pointsOf(link) {
  return [...link.closest(".chart__picture").querySelectorAll(".chart__link")];
}

function go(link, points) {
  for (const point of points) point.setAttribute("tabindex", point === link ? "0" : "-1");
  link.focus();
}

function inSeries(link) {
  return [...link.parentNode.querySelectorAll(".chart__link")];
}

document.addEventListener("keydown", (event) => {
  const link = event.target.closest?.(".chart__link");
  if (!link || event.ctrlKey || event.metaKey || event.altKey) return;
  const points = pointsOf(link);
  const own = inSeries(link);
  const place = own.indexOf(link);
  const series = [...new Set(points.map((point) => point.parentNode))];
  const at = series.indexOf(link.parentNode);
  const isRows = link.parentNode.classList.contains("chart__series--rows");
  const [onward, back] = isRows ? ["ArrowDown", "ArrowUp"] : ["ArrowRight", "ArrowLeft"];
  const [next, previous] = isRows ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
  let to;
  if (event.key === onward) to = own[place + 1];
  else if (event.key === back) to = own[place - 1];
  else if (event.key === "Home") to = own[0];
  else if (event.key === "End") to = own.at(-1);
  else if (event.key === next || event.key === previous) {
    const other = series[at + (event.key === next ? 1 : -1)];
    const others = other ? [...other.querySelectorAll(".chart__link")] : [];
    to = others[Math.min(place, others.length - 1)];
  } else return;
  event.preventDefault();
  if (to) go(to, points);
});

document.addEventListener(
  "toggle",
  (event) => {
    if (!event.target.matches?.(".chart__numbers") || forPaper.length) return;
    if (event.target.open) opened.add(event.target.id);
    else opened.delete(event.target.id);
  },
  true,
);

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.requestConfig?.elt;
  // No refresh while a point has the focus.
  const busy = part?.querySelector(".chart") && part.contains(document.activeElement);
  if (part?.matches("[data-live]") && busy) event.detail.shouldSwap = false;
});

document.addEventListener("htmx:afterSwap", () => {
  for (const id of opened) {
    const numbers = document.getElementById(id);
    if (numbers) numbers.open = true;
  }
});

window.addEventListener("beforeprint", () => {
  forPaper = [...document.querySelectorAll(".chart__numbers:not([open])")];
  for (const numbers of forPaper) numbers.open = true;
});

window.addEventListener("afterprint", () => {
  for (const numbers of forPaper) numbers.open = false;
  setTimeout(() => (forPaper = []));
});
