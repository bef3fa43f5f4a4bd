// The style guide's own samples: a toast on request, and forms that go nowhere.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-sample-toast]");
  if (!button) return;
  const detail = { text: button.dataset.sampleToast, tone: "success" };
  document.dispatchEvent(new CustomEvent("toast", { detail }));
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-sample-form]")) event.preventDefault();
});
