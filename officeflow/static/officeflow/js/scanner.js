// Recognises a scanner: a keyboard that types a code with less than 30 ms between its keys and ends
// with Enter or Tab; a wireless scanner pauses now and then. Wherever the focus is, a scan fires
// "scan" on the document with {code, other};
// `other` is the code by the keys of a US keyboard, for a scanner whose layout is not the computer's
// and for Caps Lock. What the scan typed is taken out of the focused control again, a list keeps its
// value, and its Enter or Tab does nothing else. Search boxes and controls with data-scan-here keep it.
//
// A key outside text fields, or anywhere in [data-single-keys], fires "singlekey" on its control, with
// {key, shiftKey}, as soon as it is clear that no scan begins with it.
const GAP = 30; // milliseconds between the keys of a scan, at most
const PAUSE = 200; // milliseconds that a scanner pauses within a code, at most
const LEAST_PAUSED = 6; // characters of a code with pauses
const MOST_PAUSES = 0.25; // pauses for each character
const WAIT = 50; // milliseconds until a key is single
const LEAST = 3; // characters of a code
const ENDED = 100; // milliseconds in which a second Enter or Tab belongs to the scan

const US = {
  Minus: "-_", Equal: "=+", BracketLeft: "[{", BracketRight: "]}", Backslash: "\\|", Semicolon: ";:",
  Quote: "'\"", Backquote: "`~", Comma: ",<", Period: ".>", Slash: "/?", Space: "  ",
  NumpadDecimal: "..", NumpadSubtract: "--", NumpadAdd: "++", NumpadDivide: "//", NumpadMultiply: "**",
};
[...")!@#$%^&*("].forEach((sign, digit) => (US[`Digit${digit}`] = `${digit}${sign}`));

// Scans are for people who are signed in.
const active = Boolean(document.getElementById("scans"));
let burst = null;
let single = null;
let endedAt = -Infinity;

// Returns whether a key would be typed into the control.
export function typing(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("[role=listbox], [role=combobox]")) return true;
  if (target instanceof HTMLInputElement) {
    return !["checkbox", "radio", "button", "submit", "reset"].includes(target.type);
  }
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

const takesKeys = (control) => Boolean(control.closest?.("[data-single-keys]"));

function onUsKeyboard({ code, key, shiftKey }) {
  if (/^Key[A-Z]$/.test(code)) return shiftKey ? code[3] : code[3].toLowerCase();
  if (/^Numpad\d$/.test(code)) return code[6];
  return US[code]?.[shiftKey ? 1 : 0] ?? (key.length === 1 ? key : "");
}

function isCharacter(event) {
  if (event.ctrlKey && !event.altKey) return false;
  if (event.metaKey || (event.altKey && !event.getModifierState("AltGraph"))) return false;
  return event.key.length === 1 || event.key === "Dead";
}

function fire() {
  if (!single) return;
  const { event, timer, taken } = single;
  single = null;
  clearTimeout(timer);
  if (event.defaultPrevented && !taken) return;
  // The page has moved the focus to a text field, where the key was typed.
  if (!takesKeys(event.target) && typing(document.activeElement)) return;
  const from = event.target.isConnected ? event.target : document.body;
  const { key, shiftKey } = event;
  const detail = { key, shiftKey };
  from.dispatchEvent(new CustomEvent("singlekey", { bubbles: true, cancelable: true, detail }));
}

function forget() {
  clearTimeout(single?.timer);
  single = null;
}

// Returns what was typed before a pause if a scanner may have typed it: a hand needs longer than this
// for two keys, which are no shortcuts therefore. A single one was a shortcut, or a hand's.
function beforePause(event) {
  if (!burst || burst.control !== event.target) return null;
  if (burst.length < 2 || event.timeStamp - burst.at >= PAUSE) return null;
  const { keys, other, length, before, pauses } = joined(burst);
  return { keys, other, length, before, pauses: pauses + 1 };
}

function joined({ lead, keys, other, length, before, control }) {
  if (!lead) return { control, keys, other, length, before, pauses: 0 };
  return {
    control,
    keys: lead.keys + keys,
    other: lead.other + other,
    length: lead.length + length,
    before: lead.before,
    pauses: lead.pauses,
  };
}

// Returns what a scanner typed up to this Enter or Tab, or null.
function scanUpTo(event) {
  if (!burst) return null;
  const gap = event.timeStamp - burst.at;
  const whole = joined(burst);
  const pauses = whole.pauses + (gap < GAP ? 0 : 1);
  const isPaused = gap < PAUSE && (gap < GAP || burst.length > 1) && pauses > 0;
  if (isPaused && whole.length >= LEAST_PAUSED && pauses <= whole.length * MOST_PAUSES) return whole;
  return gap < GAP && burst.length >= LEAST ? burst : null;
}

function begin(event) {
  fire();
  const control = event.target;
  const lead = beforePause(event);
  burst = { control, keys: "", other: "", length: 0, before: control.value, lead };
  if (control instanceof HTMLSelectElement) burst.index = control.selectedIndex;
  if (typing(control) && !takesKeys(control)) return;
  // The quick find of a browser must not open.
  const isFind = !typing(control) && (event.key === "/" || event.key === "'");
  if (isFind) event.preventDefault();
  const taken = isFind || takesKeys(control);
  single = { event, taken, timer: setTimeout(fire, WAIT) };
}

function restoreList({ control, index }) {
  if (index === undefined || control.selectedIndex === index) return;
  control.selectedIndex = index;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

function restoreText({ control, before }) {
  if (before === undefined || control.value === before) return;
  control.value = before;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new CustomEvent("scanner:undo", { bubbles: true }));
}

function character(event) {
  const isNear = burst && event.timeStamp - burst.at < GAP;
  if (isNear) {
    forget();
    restoreList(burst);
    // Neither the page nor a list moves by the rest of a code.
    if (!typing(event.target) || burst.index !== undefined) event.preventDefault();
  } else begin(event);
  burst.at = event.timeStamp;
  burst.length += 1;
  burst.keys += event.key.length === 1 ? event.key : onUsKeyboard(event);
  burst.other += onUsKeyboard(event);
}

function swallow(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
}

function scanned(event, typed) {
  const { keys: code, other } = typed;
  const here = document.activeElement;
  if (here?.type === "password") return;
  endedAt = event.timeStamp;
  swallow(event);
  if (here?.matches("input[type=search], [data-scan-here]")) {
    here.value = code;
    here.dispatchEvent(new Event("input", { bubbles: true }));
    if (here.type === "search") here.form?.requestSubmit();
    return;
  }
  restoreText(typed);
  document.dispatchEvent(new CustomEvent("scan", { detail: { code, other } }));
}

window.addEventListener(
  "keydown",
  (event) => {
    if (["Shift", "AltGraph", "CapsLock", "Control", "Alt"].includes(event.key)) {
      if (burst && event.timeStamp - burst.at < GAP) burst.at = event.timeStamp;
      return;
    }
    if (event.isComposing || event.repeat) {
      fire();
      burst = null;
      return;
    }
    if (isCharacter(event)) return character(event);
    const isHeld = event.ctrlKey || event.metaKey || event.altKey; // Ctrl and Enter send a form
    const isEnd = !isHeld && (event.key === "Enter" || event.key === "Tab");
    if (isEnd && event.timeStamp - endedAt < ENDED) return swallow(event);
    const isNear = burst && event.timeStamp - burst.at < GAP;
    // The separator of GS1 codes is sent as Ctrl and ].
    if (isNear && event.ctrlKey && event.code === "BracketRight") {
      burst.at = event.timeStamp;
      burst.keys += "\x1d";
      burst.other += "\x1d";
      return event.preventDefault();
    }
    const typed = active && isEnd ? scanUpTo(event) : null;
    if (typed) {
      forget();
      scanned(event, typed);
    } else fire();
    burst = null;
  },
  true,
);
