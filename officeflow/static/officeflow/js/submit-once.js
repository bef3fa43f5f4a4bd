// form[data-submit-once]: ignores a second submit. The pressed button is marked busy and not
// disabled, because the value of a disabled button is not sent.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches?.("form[data-submit-once]")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented) return;
  // Without a connection the browser's error page would lose the input.
  if (navigator.onLine === false) {
    event.preventDefault();
    const text = document.getElementById("office-texts")?.dataset.offline;
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "warning" } }));
    return;
  }
  form.dataset.sent = "1";
  const pressed = event.submitter ?? form.querySelector("button[type=submit], button:not([type])");
  pressed?.setAttribute("aria-busy", "true");
  // Another listener handles the form, or htmx, which releases it after its response.
  setTimeout(() => {
    if (event.defaultPrevented && !form.matches("[hx-post], [data-hx-post]")) release(form);
  });
});

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// The form can be used again after "Back", or an htmx response that did not replace it.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.querySelectorAll("form[data-submit-once][data-sent]").forEach(release);
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt } = event.detail;
  // The requests of a form's parts, such as its totals, are not its sending.
  const isSending = elt?.matches?.("form, button[type=submit]");
  const form = isSending && elt.closest("form[data-submit-once]");
  if (form) release(form);
});
