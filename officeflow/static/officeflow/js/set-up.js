// The set-up form proposes the browser's own time zone until somebody types another one.
import "./hours.js";

const zone = document.querySelector("[data-zone-proposal]");

if (zone && !document.querySelector(".error-summary")) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (here) zone.value = here.replaceAll("_", " ");
}
