// What every htmx request carries: the token that proves the form is ours.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// A session that has ended answers with the sign-in page: go there, not into the partial.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  if (!xhr.responseURL || !pathInfo) return;
  const answered = new URL(xhr.responseURL);
  const asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href);
  const page = /^\s*<!doctype html/i.test(xhr.responseText ?? "");
  if (page && answered.pathname !== asked.pathname) {
    event.detail.shouldSwap = false;
    location.reload();
  }
});
