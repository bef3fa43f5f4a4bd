// The first invalid field of a form gets the focus, or the button of a confirmation; what is in the
// field is selected by focus.js.
const wrong = document.querySelector("form [aria-invalid=true], form .field--wrong input");
if (wrong) wrong.focus();
else if (!document.querySelector("[autofocus]")) {
  // A confirmation: Enter confirms, Tab leads to "No".
  document.querySelector("form.confirm button[type=submit]:not([disabled])")?.focus();
}

// The counter has its own search box, to which the shortcut belongs.
if (document.getElementById("counter-search")) {
  document.getElementById("global-search")?.removeAttribute("data-shortcut");
}
