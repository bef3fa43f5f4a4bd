// Parts of a page that refresh themselves: [data-live="seconds"] with hx-get and hx-trigger="live".
// Requests have If-None-Match, so that an unchanged part is answered with 304. Hidden windows make no
// requests, and a control or menu in use is not replaced; what was unfolded stays so. A part that the
// person may no longer see is emptied.
const TICK = 250;
const lastAsked = new Map();
const lost = document.getElementById("connection-lost");
let failures = 0;
let isClosed = false;
let unfolded = [];

function inUse(part) {
  const active = document.activeElement;
  const fields = "input:not([type=submit], [type=button]), textarea, select";
  if (active && part.contains(active) && active.matches(fields)) return true;
  // Menus beside the part are replaced with it. They close when the person goes on.
  return document.querySelector("main details[data-menu][open]") !== null;
}

function keyOf(part) {
  return part.id || part.getAttribute("hx-get");
}

function tick() {
  if (document.hidden) return;
  const now = performance.now();
  for (const part of document.querySelectorAll("[data-live]")) {
    const key = keyOf(part);
    const seconds = Number(part.dataset.live) || 2;
    const wait = seconds * 1000 * Math.min(1 + failures, 8);
    if (!lastAsked.has(key)) lastAsked.set(key, now);
    if (now - lastAsked.get(key) < wait || inUse(part)) continue;
    if (part.classList.contains("htmx-request")) continue;
    lastAsked.set(key, now);
    window.htmx?.trigger(part, "live");
  }
}

function connection(good) {
  failures = good ? 0 : failures + 1;
  if (!lost || isClosed) return;
  const shown = failures >= 2;
  if (shown && lost.hidden) lost.textContent = lost.dataset.text;
  lost.hidden = !shown;
}

// A role has ended, say: what was typed beside the part stays, until the person reloads the page.
function close(part) {
  part.removeAttribute("data-live");
  part.replaceChildren();
  isClosed = true;
  if (!lost) return;
  lost.textContent = lost.dataset.closed;
  lost.hidden = false;
}

document.addEventListener("htmx:configRequest", (event) => {
  const part = event.detail.elt;
  if (!part.matches("[data-live]")) return;
  event.detail.headers["X-Live"] = "1";
  if (part.dataset.etag) event.detail.headers["If-None-Match"] = part.dataset.etag;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.requestConfig?.elt;
  if (!part?.matches("[data-live]")) return;
  // Drops the response when a person has begun to type in the part, or has opened a menu.
  if (inUse(part)) event.detail.shouldSwap = false;
  else unfolded = [...part.querySelectorAll("details[id][open]")].map((each) => each.id);
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!event.detail.requestConfig?.elt?.matches("[data-live]")) return;
  for (const id of unfolded.splice(0)) document.getElementById(id)?.setAttribute("open", "");
});

document.addEventListener("htmx:afterRequest", (event) => {
  const part = event.detail.requestConfig?.elt;
  if (!part?.matches("[data-live]")) return;
  const { xhr } = event.detail;
  connection(xhr.status > 0 && xhr.status < 500);
  if (xhr.status === 403 || xhr.status === 404) close(part);
  if (xhr.status !== 200 || event.detail.shouldSwap === false) return;
  const fresh = part.id ? document.getElementById(part.id) : part;
  const etag = xhr.getResponseHeader("ETag");
  if (fresh && etag && fresh !== part) fresh.dataset.etag = etag;
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) lastAsked.clear();
});

setInterval(tick, TICK);
