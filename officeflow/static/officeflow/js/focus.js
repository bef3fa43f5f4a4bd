// A field that the page or a key focuses, and not a pointer: a number or a code in it is selected, so
// that typing replaces it. In words that a page begins with, the cursor stands at their end. Browsers
// put it before them.
const MOST = 24; // characters of a code
const NO_TEXT = "[type=search], [type=password], [type=checkbox], [type=radio], [readonly]";
let pressed = null;

const isNumber = (box) => box.type === "number" || ["decimal", "numeric"].includes(box.inputMode);
const isCode = (text) => text.length <= MOST && /^\S*\d\S*$/.test(text);

function select(box) {
  if (!(box instanceof HTMLInputElement || box instanceof HTMLTextAreaElement) || !box.value) return;
  const isLine = box instanceof HTMLInputElement && !box.matches(NO_TEXT);
  if (isLine && (isNumber(box) || isCode(box.value))) box.select();
}

function toEnd(box) {
  if (box.selectionStart !== 0 || box.selectionEnd !== 0 || box.readOnly) return;
  box.setSelectionRange(box.value.length, box.value.length);
}

function isPressed(box) {
  return pressed && (box.contains(pressed) || [...(box.labels ?? [])].some((label) => label.contains(pressed)));
}

document.addEventListener("pointerdown", (event) => (pressed = event.target), true);
document.addEventListener("click", () => setTimeout(() => (pressed = null)), true);
document.addEventListener("keydown", () => (pressed = null), true);
document.addEventListener("focusin", (event) => {
  if (!isPressed(event.target)) select(event.target);
});

// The browser has focused it before this script, unless somebody has typed since.
const first = document.activeElement;
if (first.value && first.value === first.defaultValue) {
  select(first);
  toEnd(first);
}
