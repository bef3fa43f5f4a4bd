import { unsent } from "./unsent.js";

// Adds the CSRF token to every htmx request.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// An answer that comes while a button is pressed waits until it is released: a button that moved away
// beneath the pointer would not be clicked.
const AFTER = 50; // milliseconds from the release to the end of its click, at most
const LONGEST = 2000; // milliseconds that an answer waits
const held = [];
let isPressed = false;
let timer = 0;

function letGo() {
  isPressed = false;
  for (const answer of held.splice(0)) answer();
}

function letGoAfter(delay) {
  clearTimeout(timer);
  timer = setTimeout(letGo, delay);
}

window.addEventListener("pointerdown", () => {
  isPressed = true;
  letGoAfter(LONGEST);
}, true);
for (const name of ["pointerup", "pointercancel"]) {
  window.addEventListener(name, () => letGoAfter(AFTER), true);
}
document.addEventListener("htmx:beforeSend", (event) => {
  const { xhr } = event.detail;
  const answer = xhr.onload;
  xhr.onload = () => (isPressed ? held.push(() => answer.call(xhr)) : answer.call(xhr));
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
