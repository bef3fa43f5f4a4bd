// The keyboard at the counter: [data-shortcut] names one key ("n", "/") or two ("g d").
// They focus a control or press a link or button. They are single keys outside text fields, never part
// of a scan, and in the case in which they are written, so that Caps Lock presses nothing. They can be
// turned off in the list of shortcuts, for people who use speech input or press keys by accident.
import { typing } from "./scanner.js";

const WAIT = 1200;
const OFF = "shortcuts-off";
let first = "";
let timer = 0;

function shown(element) {
  return !element.disabled && !element.closest("[inert], [hidden]");
}

// The page's own controls come before those of every page.
function controls(selector) {
  const found = [...document.querySelectorAll(selector)].filter(shown);
  return found.sort((one, other) => ("navAction" in one.dataset) - ("navAction" in other.dataset));
}

function follow(keys) {
  const found = controls(`[data-shortcut="${CSS.escape(keys)}"]`)[0];
  if (!found) return false;
  if (found.matches("input, textarea, select")) {
    found.focus();
    found.select?.();
  } else {
    found.click();
  }
  return true;
}

function wanted() {
  try {
    return localStorage.getItem(OFF) !== "1";
  } catch {
    return true;
  }
}

function forget() {
  first = "";
  clearTimeout(timer);
}

document.addEventListener("singlekey", (event) => {
  if (event.defaultPrevented || typing(event.target)) return;
  if (!wanted() || document.querySelector("dialog[open]")) return;
  const { key } = event.detail;
  if (first) {
    const keys = `${first} ${key}`;
    forget();
    follow(keys);
    return;
  }
  if (document.querySelector(`[data-shortcut^="${CSS.escape(key)} "]`)) {
    first = key;
    timer = setTimeout(forget, WAIT);
    return;
  }
  follow(key);
});

// Escape leaves the search box without losing what was typed.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches?.("#global-search")) event.target.blur();
});

// Ctrl+Enter sends the form by its main button, or by its only one.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  const form = event.target.closest?.("form[data-submit-once]");
  const buttons = [...(form?.elements ?? [])].filter((each) => each.type === "submit");
  const main = buttons.find((each) => each.matches(".button--primary"));
  const button = main ?? (buttons.length === 1 ? buttons[0] : null);
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

// The list of shortcuts shows the shortcuts of the page, with the texts of their controls.
function wordsOf(element) {
  const named = element.dataset.shortcutLabel || element.ariaLabel || element.labels?.[0]?.textContent;
  if (named) return named.replace(/\s+/g, " ").trim();
  const copy = element.cloneNode(true);
  for (const part of copy.querySelectorAll("kbd, svg, [aria-hidden=true]")) part.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function nameKeys() {
  const pattern = document.querySelector("[data-shortcut-of-page]");
  if (!pattern) return;
  for (const row of document.querySelectorAll("[data-shortcut-named]")) row.remove();
  const named = new Set(["/", "?"]);
  for (const element of controls("[data-shortcut]")) {
    const key = element.dataset.shortcut;
    if (key.length !== 1 || named.has(key)) continue;
    named.add(key);
    const row = pattern.cloneNode(true);
    row.removeAttribute("data-shortcut-of-page");
    row.dataset.shortcutNamed = "";
    row.querySelector("dt").textContent = wordsOf(element);
    row.querySelector("kbd").textContent = key;
    row.hidden = false;
    pattern.before(row);
  }
  for (const row of document.querySelectorAll("[data-shortcut-when]")) {
    row.hidden = !document.querySelector(row.dataset.shortcutWhen);
  }
}

// The list is made when it is opened, because parts of the page change.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-dialog-open=shortcuts]")) nameKeys();
}, true);

const box = document.querySelector("[data-shortcuts-on]");
if (box) {
  box.checked = wanted();
  box.addEventListener("change", () => {
    try {
      if (box.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    } catch {
      box.checked = true;
    }
  });
}
