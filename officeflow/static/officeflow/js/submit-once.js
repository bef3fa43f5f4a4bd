// form[data-submit-once]: a second press does nothing, and the pressed button's value still goes
// along (a disabled button would lose it, so it is only marked busy).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-submit-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented) return;
  // The browser would leave the page for its own, and what is typed here with it.
  if (navigator.onLine === false) {
    event.preventDefault();
    const text = document.getElementById("office-texts")?.dataset.offline;
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "warning" } }));
    return;
  }
  form.dataset.sent = "1";
  const pressed = event.submitter ?? form.querySelector("button[type=submit], button:not([type])");
  pressed?.setAttribute("aria-busy", "true");
  // Another listener kept the form here; htmx does that too, and lets go after its answer.
  setTimeout(() => {
    if (event.defaultPrevented && !form.matches("[hx-post], [data-hx-post]")) release(form);
  });
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// Back in the browser, or an htmx answer that did not replace the form, makes it usable again.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-submit-once][data-sent]").forEach(release);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt?.closest?.("form[data-submit-once]");
  if (form) release(form);
});
