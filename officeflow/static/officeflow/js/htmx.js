import { unsent } from "./unsent.js";

// Adds the CSRF token to every htmx request.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

let told = false;

function tellOnce() {
  if (told) return;
  told = true;
  const text = document.getElementById("office-texts")?.dataset.signedOut;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "warning" } }));
}

// After the session has ended a partial is answered with the sign-in page: opens it, unless there
// is unsent input, because sending the form asks to sign in and preserves it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  if (!xhr.responseURL || !pathInfo) return;
  const answered = new URL(xhr.responseURL);
  const asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href);
  const page = /^\s*<!doctype html/i.test(xhr.responseText ?? "");
  if (page && answered.pathname !== asked.pathname) {
    event.detail.shouldSwap = false;
    if (unsent()) tellOnce();
    else location.reload();
  }
});
