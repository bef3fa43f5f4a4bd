// Forms of the front desk: the first invalid field gets the focus, amounts are selected, the button
// of a confirmation gets the focus, Ctrl+Enter sends.
const wrong = document.querySelector("form [aria-invalid=true], form .field--wrong input");
if (wrong) wrong.focus();
else if (document.querySelector("[data-select]")) document.querySelector("[data-select]").select();
else if (!document.querySelector("[autofocus]")) {
  // A confirmation: Enter confirms, Tab leads to "No".
  document.querySelector("form.confirm button[type=submit]")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-submit-once]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.button--primary[type=submit]"));
});

// The list of shortcuts shows Ctrl+Enter on pages with a form.
if (document.querySelector("main form[data-submit-once]")) document.documentElement.dataset.ctrlEnter = "";

// The counter has its own search box, to which the shortcut belongs.
if (document.getElementById("counter-search")) {
  document.getElementById("global-search")?.removeAttribute("data-shortcut");
}
