// The style guide's samples: a button that shows a toast, and forms that are not sent.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sample-toast]");
  if (!button) return;
  const detail = { text: button.dataset.sampleToast, tone: "success" };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sample-form]")) event.preventDefault();
});
