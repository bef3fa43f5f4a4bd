// A button with data-copy="id" puts what stands in that field on the clipboard. It shows only where
// the browser lets a page do that; the field itself can be selected anywhere.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  if (!field) continue;
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    const detail = { text: button.dataset.copied, tone: "success" };
    document.dispatchEvent(new CustomEvent("toast", { detail }));
  });
}
