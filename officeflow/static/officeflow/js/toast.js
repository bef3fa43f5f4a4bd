// Toasts: those that the page came with, and those that scripts or htmx answers ask for.
const region = document.getElementById("toasts");
const READING = 7000;

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

function say({ text, tone = "info" }) {
  if (!region || !text) return;
  const toast = document.createElement("div");
  toast.className = `toast toast--${tone}`;
  toast.dataset.toast = "";
  toast.setAttribute("role", tone === "error" || tone === "warning" ? "alert" : "status");
  const words = document.createElement("p");
  words.className = "toast__text";
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "toast__close";
  close.dataset.toastClose = "";
  close.setAttribute("aria-label", region.dataset.closeLabel ?? "");
  close.textContent = "×";
  toast.append(words, close);
  region.append(toast);
  settle(toast);
}

document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-toast-close]");
  if (close) dismiss(close.closest("[data-toast]"));
});

document.addEventListener("toast", (event) => say(event.detail ?? {}));

region?.querySelectorAll("[data-toast]").forEach(settle);

// A refused form: the word at its top takes the focus, so that it is read first.
document.querySelector("[data-error-summary]")?.focus();
