// Forms of the front desk: the first invalid field gets the focus, amounts are selected, the button
// of a confirmation gets the focus.
const wrong = document.querySelector("form [aria-invalid=true], form .field--wrong input");
if (wrong) wrong.focus();
else if (document.querySelector("[data-select]")) document.querySelector("[data-select]").select();
else if (!document.querySelector("[autofocus]")) {
  // A confirmation: Enter confirms, Tab leads to "No".
  document.querySelector("form.confirm button[type=submit]")?.focus();
}

// The counter has its own search box, to which the shortcut belongs.
if (document.getElementById("counter-search")) {
  document.getElementById("global-search")?.removeAttribute("data-shortcut");
}
