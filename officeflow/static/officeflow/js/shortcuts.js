// The keyboard at the counter: [data-shortcut] names one key ("n", "/") or two ("g d").
// A control is focused, a link or button is pressed; nothing happens while someone types.
// People who speak to their computer, or strike keys by accident, can switch them off in the sheet.
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

// The sheet names only the keys that do something for this person, here and now.
function nameKeys() {
  for (const row of document.querySelectorAll("[data-shortcut-needs]")) {
    const keys = CSS.escape(row.dataset.shortcutNeeds);
    row.hidden = ![...document.querySelectorAll(`[data-shortcut="${keys}"]`)].some(shown);
  }
  for (const row of document.querySelectorAll("[data-shortcut-when]")) {
    row.hidden = !document.querySelector(row.dataset.shortcutWhen);
  }
}

nameKeys();
document.addEventListener("htmx:afterSettle", nameKeys);

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
