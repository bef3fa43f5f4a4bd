// Toasts of the page, of scripts and of htmx responses.
const region = document.getElementById("toasts");
const pattern = document.getElementById("toast-template");
const READING = 7000;
const REFERENCE_NUMBER = /\b([A-Z]{2,3}-(?:\d{4}-)?\d{6})\b/;

function dismiss(toast) {
  toast.remove();
}

function settle(toast) {
  const stays = toast.matches(".toast--error, .toast--warning");
  if (stays) return;
  let timer = setTimeout(() => dismiss(toast), READING);
  const hold = () => clearTimeout(timer);
  const resume = () => {
    clearTimeout(timer);
    timer = setTimeout(() => dismiss(toast), READING);
  };
  toast.addEventListener("mouseenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("mouseleave", resume);
  toast.addEventListener("focusout", resume);
}

// A reference number is not broken at the end of a line.
function words(text) {
  return text.split(REFERENCE_NUMBER).map((part, index) => {
    if (index % 2 === 0) return part;
    const number = document.createElement("span");
    number.className = "whole";
    number.textContent = part;
    return number;
  });
}

// `about` replaces the toast before about the same; `link` has a url and a label.
function say({ text, tone = "info", link, about }) {
  if (!region || !pattern || !text) return;
  if (about) region.querySelector(`[data-about="${CSS.escape(about)}"]`)?.remove();
  const toast = pattern.content.firstElementChild.cloneNode(true);
  toast.classList.add(`toast--${tone}`);
  toast.setAttribute("role", tone === "error" || tone === "warning" ? "alert" : "status");
  for (const icon of toast.querySelectorAll("[data-tone]")) icon.hidden = icon.dataset.tone !== tone;
  // What a modal dialog covers can be neither seen nor heard.
  (document.querySelector("dialog[open]") ?? document.body).append(region);
  if (about) toast.dataset.about = about;
  toast.querySelector(".toast__text").replaceChildren(...words(text));
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.url;
    anchor.textContent = link.label;
    toast.querySelector(".toast__text").append(" ", anchor);
  }
  region.append(toast);
  settle(toast);
}

document.addEventListener("close", () => region && document.body.append(region), true);

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-toast-close]");
  if (close) dismiss(close.closest("[data-toast]"));
});

document.addEventListener("toast", (event) => say(event.detail ?? {}));

region?.querySelectorAll("[data-toast]").forEach(settle);

// The error summary of a form gets the focus, except the sample in the style guide.
document.querySelector("[data-error-summary]:not(.guide__side *)")?.focus();
