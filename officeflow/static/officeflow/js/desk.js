// Small comforts of the desk's forms: a refused form puts the cursor where the first thing is
// wrong, an amount is ready to be typed over, a question waits for Enter, Ctrl+Enter sends.
const wrong = document.querySelector("form [aria-invalid=true], form .field--wrong input");
if (wrong) wrong.focus();
else if (document.querySelector("[data-select]")) document.querySelector("[data-select]").select();
else if (!document.querySelector("[autofocus]")) {
  // A plain question: Enter says yes, and Tab leads to no.
  document.querySelector("form.confirm button[type=submit]")?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-submit-once]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("button.button--primary[type=submit]"));
});

// The sheet of keys tells of it where there is a form to send.
if (document.querySelector("main form[data-submit-once]")) document.documentElement.dataset.ctrlEnter = "";

// The counter has a search box of its own; one key leads to one box.
if (document.getElementById("counter-search")) {
  document.getElementById("global-search")?.removeAttribute("data-shortcut");
}
