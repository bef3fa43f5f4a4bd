// Forms about money, form[data-pay]. Enter in a field sends what was typed into the form; in one as it
// was opened it only moves to the button, which says what it will do. Neither Enter nor a click sends
// the form before the button's words are those of the typed values: it is sent as soon as they are.
// A method's letter chooses it. In an order's page a[data-pay-panel] opens its form in a side panel.
import "./scanner.js";

const typedAt = new WeakMap();
const askedAt = new WeakMap();
const waiting = new WeakSet(); // forms to send when their words are right

const formOf = (element) => element.closest?.("form[data-pay]");
const goOf = (form) => form.querySelector("button[type=submit]:not([disabled])");
// What a scanner types too slowly to be recognised as one.
const isBarcode = (text) => /^\d{8,14}$/.test(text.trim());
const short = (form) => form.querySelector(".pay__change--short");
const isStale = (form) => (typedAt.get(form) ?? 0) > (askedAt.get(form) ?? 0) && window.htmx;

// Returns whether the form was waiting.
function stopWaiting(form) {
  goOf(form)?.removeAttribute("aria-busy");
  return waiting.delete(form);
}

// While cash is missing the button has nothing to do.
function backToCash(form) {
  form.elements.cash_given?.focus();
  form.elements.cash_given?.select();
}

function prepare(root) {
  for (const form of root.querySelectorAll("form[data-pay]:not([data-ready])")) {
    form.dataset.ready = "";
    form.dataset.singleKeys = "";
    for (const radio of form.querySelectorAll("[data-method-key]")) {
      const key = document.createElement("kbd");
      key.className = "kbd";
      key.setAttribute("aria-hidden", "true");
      key.textContent = radio.dataset.methodKey;
      radio.closest("label").append(key);
    }
    // A confirmation begins at its choice, not at its button.
    if (document.activeElement === document.body && !document.querySelector("[autofocus]")) {
      (form.querySelector("[name=method]:checked") ?? form.querySelector("[name=method]"))?.focus();
    }
  }
}

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (!form?.querySelector("#change")) return;
  typedAt.set(form, performance.now());
  stopWaiting(form); // whoever types on has not finished
});

// The words are those of the values that were sent, unless somebody has typed since.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "change") event.detail.xhr.askedAt = performance.now();
});
document.addEventListener("htmx:afterRequest", (event) => {
  const { elt, xhr } = event.detail;
  const form = elt.id === "change" ? formOf(elt) : null;
  if (!form) return;
  // A later request follows.
  if (xhr.askedAt < typedAt.get(form)) return;
  askedAt.set(form, xhr.askedAt);
  const go = goOf(form);
  const isWanted = stopWaiting(form);
  if (short(form) && (isWanted || document.activeElement === go)) backToCash(form);
  else if (isWanted) form.requestSubmit(go);
});

document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  if (!form || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  if (event.key === "Enter") {
    if (target.matches("textarea, a, summary")) return;
    if (target === goOf(form) || target.matches("[data-give]")) {
      if (event.repeat) event.preventDefault();
      return;
    }
    event.preventDefault();
    if (event.repeat) return;
    if (short(form) && !isStale(form)) backToCash(form);
    else if (!typedAt.has(form) || isBarcode(target.value)) goOf(form)?.focus();
    else form.requestSubmit(goOf(form));
    return;
  }
  // A letter is no part of an amount (the key that opened the form may be pressed twice). A method's
  // letter chooses the method when it is no part of a scan.
  const isLetter = /^\p{L}$/u.test(event.key) && target.matches("[inputmode=decimal]");
  if (isLetter || (methodOf(form, event.key) && !target.matches("textarea"))) event.preventDefault();
});

const methodOf = (form, key) =>
  key.length === 1 ? form.querySelector(`[data-method-key="${CSS.escape(key)}"]`) : null;

document.addEventListener("singlekey", (event) => {
  const { target } = event;
  const form = formOf(target);
  const radio = form && !target.matches("textarea") && methodOf(form, event.detail.key);
  if (!radio) return;
  event.preventDefault(); // it is no other shortcut of the page
  radio.click();
  const given = form.elements.cash_given;
  if (given && radio.dataset.kind === "cash") given.focus();
  else if (target.matches("[type=radio]")) radio.focus();
  else if (!target.offsetParent) goOf(form)?.focus();
}, true);

document.addEventListener(
  "submit",
  (event) => {
    const form = formOf(event.target);
    if (!form || !isStale(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.add(form);
    goOf(form).setAttribute("aria-busy", "true");
  },
  true,
);

document.addEventListener("click", (event) => {
  const give = event.target.closest?.("[data-give]");
  if (!give) return;
  const form = formOf(give);
  const box = form.elements.cash_given;
  box.value = give.dataset.give;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  goOf(form).focus();
});

const panel = document.getElementById("pay-panel");
const body = document.getElementById("pay-panel-body");
let opener = "";

function focusFirst() {
  const first = body.querySelector("[aria-invalid=true]") ?? body.querySelector("[autofocus]");
  first?.focus();
  first?.select?.();
}

if (panel) {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-pay-panel]");
    if (!link || !window.htmx || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (panel.open || opener) return;
    opener = link.id;
    try {
      await window.htmx.ajax("GET", link.href, { target: body, swap: "innerHTML" });
    } catch {
      body.replaceChildren(); // no answer: the page itself says what is wrong
    }
    if (!body.querySelector("form")) {
      opener = "";
      return window.location.assign(link.href);
    }
    panel.showModal();
    focusFirst();
  });
  panel.addEventListener("close", () => {
    body.replaceChildren();
    document.getElementById(opener)?.focus();
    opener = "";
  });
}

document.addEventListener("htmx:load", (event) => {
  prepare(event.detail.elt.parentElement ?? document);
  if (panel?.open && body.contains(event.detail.elt) && event.detail.elt.matches("form")) focusFirst();
});
prepare(document);
