// Forms with a draft field ([data-draft]) are kept on the server while a person types, and when the
// page is hidden or left. The address then names the draft, so that "Reload" and "Back" restore it;
// before that the history's entry does, and what the server may not have yet is in kept-text.js.
import { dropText, forgetOthers, keepText, keptText, sendLeft, sendText } from "./kept-text.js";

const PAUSE = 1200;
const RETRY = 8000;
// Browsers finish a request after the page has gone only when its body is below 64 KB.
const MOST_AFTER_PAGE = 60000;
const MOST_UNDER_WAY = 3; // saves without an answer that the server expects at most
const NEVER_KEPT = "[type=password], [type=file], [autocomplete^=cc-], [data-never-kept]";
const PAGE_FIELDS = new Set(["csrfmiddlewaretoken", "form_author", "draft", "draft_version"]);

function typed(form) {
  const never = new Set([...form.querySelectorAll(NEVER_KEPT)].map((control) => control.name));
  const kept = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !PAGE_FIELDS.has(name) && !never.has(name)) {
      kept.append(name, value);
    }
  }
  return kept.toString();
}

const keyOf = (field) => field.value.split(":").at(-1);

function addressOf(key) {
  const address = new URL(location.href);
  address.searchParams.set("draft", key);
  return address.href;
}

// Shows what was typed here before a reload, or before the page was left; it may not have arrived.
async function restore(field, { say, askWhich }) {
  const key = history.state?.draft ?? keyOf(field);
  const kept = keptText(key);
  if (!kept) return;
  const { form } = field;
  const show = () => {
    keepText(key, kept.save, "");
    location.replace(addressOf(key));
  };
  if ("unsaved" in field.dataset) return dropText(key); // the form was sent since
  if (!kept.body) return key === keyOf(field) ? undefined : show();
  form.inert = true;
  try {
    const response = await sendText(kept);
    if (response.ok && response.status !== 204) return show();
    if (response.status === 409) {
      const newer = await response.json();
      askWhich(newer, async () => {
        await sendText({ ...kept, save: `${kept.save}?replace` });
        show();
      });
    } else dropText(key);
    form.inert = false;
  } catch {
    say(field.form.querySelector("[data-draft-status]").dataset.offline);
    setTimeout(() => restore(field, { say, askWhich }), RETRY);
  }
}

function keep(field) {
  const { form } = field;
  const version = form.elements.draft_version;
  const status = form.querySelector("[data-draft-status]");
  const choice = form.querySelector("[data-draft-choice]");
  let saved = "unsaved" in field.dataset ? "" : typed(form);
  // Whether no other window can have this draft, so that saves without an answer can be counted on.
  let alone = version.value === "0";
  let timer = 0;
  let underWay = 0;
  let sent = 0;
  let answered = 0;
  let waits = false;
  let isLost = false; // whether the last save failed
  let isGivenUp = false; // for the newer text
  let keepThis = () => save({ replace: true });

  function say(text, failed = true) {
    isLost = failed;
    status.classList.toggle("draft-status--failed", failed);
    if (status.textContent !== text) status.textContent = text;
  }

  function later(pause = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  function askWhich(answer, keepKept) {
    waits = true;
    if (keepKept) keepThis = keepKept;
    choice.querySelector("a").href = addressOf(answer.key);
    choice.hidden = false;
    say(status.dataset.newer);
  }

  function nameInHistory() {
    const key = keyOf(field);
    if (history.state?.draft !== key) history.replaceState({ ...history.state, draft: key }, "");
  }

  function nameInAddress(key) {
    const address = new URL(location.href);
    if (address.searchParams.get("draft") === key) return;
    history.replaceState(history.state, "", addressOf(key));
  }

  // The version that the draft has when the saves without an answer have arrived.
  function expected() {
    const more = alone ? Math.min(sent - answered, MOST_UNDER_WAY) : 0;
    return String(Number(version.value) + more);
  }

  function bodyOf(text) {
    const body = new URLSearchParams(text);
    for (const name of PAGE_FIELDS) body.set(name, form.elements[name]?.value ?? "");
    body.set("draft_version", expected());
    return body.toString();
  }

  async function handle(response, text, number) {
    if (form.dataset.sent) return;
    if (response.status === 401) {
      say(status.dataset.old);
      return;
    }
    if (response.status === 204) {
      saved = text;
      answered = Math.max(answered, number);
      return;
    }
    const answer = await response.json();
    if (response.ok) {
      saved = text;
      alone = true;
      // A save that was sent earlier may be answered later.
      if (number > answered) version.value = String(answer.version);
      answered = Math.max(answered, number);
      nameInAddress(answer.key);
      say(answer.message ?? status.dataset.kept, Boolean(answer.message));
    } else if (response.status === 409) {
      askWhich(answer);
    } else if (response.status === 410) {
      // This form was sent or discarded: what is typed now is another draft.
      field.value = answer.name;
      version.value = "0";
      answered = sent;
      nameInHistory();
      later(0);
    } else {
      say(answer.message ?? answer.detail);
    }
  }

  async function save({ leaving = false, replace = false } = {}) {
    clearTimeout(timer);
    if (form.dataset.sent || (waits && !replace)) return;
    const text = typed(form);
    if (text === saved || (underWay && !leaving)) {
      if (underWay) later();
      return;
    }
    const body = bodyOf(text);
    underWay += 1;
    sent += 1;
    const number = sent;
    try {
      const response = await fetch(field.dataset.save + (replace ? "?replace" : ""), {
        method: "POST",
        body: new URLSearchParams(body),
        headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        keepalive: body.length < MOST_AFTER_PAGE,
      });
      await handle(response, text, number);
    } catch {
      if (!form.dataset.sent) say(status.dataset.offline);
      later(RETRY);
    } finally {
      underWay = Math.max(underWay - 1, 0);
    }
  }

  function leave() {
    if (form.dataset.sent || form.inert || isGivenUp) return;
    const text = typed(form);
    if (text === saved) return dropText(keyOf(field));
    keepText(keyOf(field), field.dataset.save, bodyOf(text));
    save({ leaving: true });
  }

  for (const name of ["input", "change", "click", "combobox:choose", "combobox:clear"]) {
    form.addEventListener(name, () => {
      nameInHistory();
      later();
    });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save({ leaving: true });
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) underWay = 0;
  });
  window.addEventListener("beforeunload", (event) => {
    if ((waits || isLost) && !isGivenUp && !form.dataset.sent && typed(form) !== saved) event.preventDefault();
  });
  // The sent form contains what the saves under way have: its sending ends the draft.
  form.addEventListener("submit", () => (version.value = expected()));
  choice.querySelector("a").addEventListener("click", () => {
    isGivenUp = true;
    dropText(history.state?.draft ?? keyOf(field));
  });
  choice.querySelector("button").addEventListener("click", () => {
    waits = false;
    choice.hidden = true;
    keepThis();
  });
  restore(field, { say, askWhich });
  if (!saved) save();
}

// After the page's own scripts have filled in what they know.
document.addEventListener("DOMContentLoaded", () => {
  forgetOthers();
  const fields = [...document.querySelectorAll("input[data-draft]")];
  fields.forEach(keep);
  sendLeft(fields.length ? history.state?.draft : undefined);
});
