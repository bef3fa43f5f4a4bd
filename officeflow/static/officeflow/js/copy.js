// A button with data-copy="id" copies that field's value to the clipboard. It is hidden where the
// browser does not support this.
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
