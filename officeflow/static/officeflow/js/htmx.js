// Adds the CSRF token to every htmx request.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// Returns whether a form of the page has unsent input.
function typed() {
  return [...document.querySelectorAll("form[method=post] :is(input, textarea, select)")].some(
    (control) => {
      if (control.type === "hidden" || control.disabled) return false;
      if (control.matches("[type=checkbox], [type=radio]")) {
        return control.checked !== control.defaultChecked;
      }
      if (control.matches("select")) {
        return [...control.options].some((option) => option.selected !== option.defaultSelected)
          && control.selectedIndex > 0;
      }
      return control.value !== control.defaultValue;
    },
  );
}

let told = false;

function tellOnce() {
  if (told) return;
  told = true;
  const text = document.getElementById("office-texts")?.dataset.signedOut;
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone: "warning" } }));
}

// After the session has ended a partial is answered with the sign-in page: opens it, unless there
// is unsent input, because sending the form asks to sign in and preserves it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, pathInfo } = event.detail;
  if (!xhr.responseURL || !pathInfo) return;
  const answered = new URL(xhr.responseURL);
  const asked = new URL(pathInfo.finalRequestPath ?? pathInfo.requestPath, location.href);
  const page = /^\s*<!doctype html/i.test(xhr.responseText ?? "");
  if (page && answered.pathname !== asked.pathname) {
    event.detail.shouldSwap = false;
    if (typed()) tellOnce();
    else location.reload();
  }
});
