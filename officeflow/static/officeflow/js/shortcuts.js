// The keyboard at the counter: [data-shortcut] names one key ("n", "/") or two ("g d").
// They focus a control or press a link or button, and are ignored while a person types. They can be
// turned off in the list of shortcuts, for people who use speech input or press keys by accident.
const WAIT = 1200;
const OFF = "shortcuts-off";
let first = "";
let timer = 0;

function typing(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[role=listbox], [role=combobox]")) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "submit", "reset"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function shown(element) {
  return !element.disabled && !element.closest("[inert], [hidden]");
}

function follow(keys) {
  const found = [...document.querySelectorAll(`[data-shortcut="${CSS.escape(keys)}"]`)].find(shown);
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

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.isComposing || event.key.length !== 1 || typing(event.target)) return;
  if (!wanted() || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  if (first) {
    const keys = `${first} ${key}`;
    forget();
    if (follow(keys)) event.preventDefault();
    return;
  }
  if (document.querySelector(`[data-shortcut^="${CSS.escape(key)} "]`)) {
    first = key;
    timer = setTimeout(forget, WAIT);
    return;
  }
  if (follow(key)) event.preventDefault();
});

// Escape leaves the search box without losing what was typed.
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.matches?.("#global-search")) event.target.blur();
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
  for (const element of document.querySelectorAll("[data-shortcut]")) {
    const key = element.dataset.shortcut;
    if (key.length !== 1 || named.has(key) || !shown(element)) continue;
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
