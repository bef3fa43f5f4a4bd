// Fills in the browser's time zone in the set-up form.
import "./hours.js";

const zone = document.querySelector("[data-zone-proposal]");

if (zone && !document.querySelector(".error-summary")) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (here) zone.value = here.replaceAll("_", " ");
}
