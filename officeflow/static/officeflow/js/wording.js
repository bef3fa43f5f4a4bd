// Wordings: the button of a placeholder inserts it at the last position of the cursor.
const form = document.getElementById("wording-form");
const body = form.querySelector("textarea");
let last = body;

for (const each of form.querySelectorAll("textarea, input[type=text]")) {
  each.addEventListener("focus", () => { last = each; });
}
for (const each of document.querySelectorAll("[data-with-script]")) each.hidden = false;
for (const each of document.querySelectorAll("[data-without-script]")) each.hidden = true;

for (const button of document.querySelectorAll("[data-placeholder]")) {
  button.addEventListener("click", () => {
    last.focus();
    const text = `{${button.dataset.placeholder}}`;
    last.setRangeText(text, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
