// What every htmx request carries: the token that proves the form is ours.
document.addEventListener("htmx:configRequest", (event) => {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  if (token) event.detail.headers["X-CSRFToken"] = token;
});

// Whether somebody has typed into a form that they mean to send.
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

// A session that has ended answers with the sign-in page: go there, not into the partial. Where
// something is typed the page stays: sending it asks to sign in, and keeps it.
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
