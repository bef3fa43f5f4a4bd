// Forms with a draft field ([data-draft]) are kept on the server while a person types, and when the
// page is hidden or left. The address then names the draft, so that "Reload" and "Back" restore it.
const PAUSE = 1200;
const RETRY = 8000;
// Browsers finish a request after the page has gone only when its body is below 64 KB.
const MOST_AFTER_PAGE = 60000;
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

function keep(field) {
  const { form } = field;
  const version = form.elements.draft_version;
  const status = form.querySelector("[data-draft-status]");
  const choice = form.querySelector("[data-draft-choice]");
  let saved = "unsaved" in field.dataset ? "" : typed(form);
  // Whether no other window can have this draft, so that a save under way can be counted on.
  let alone = version.value === "0";
  let timer = 0;
  let underWay = 0;
  let sent = 0;
  let answered = 0;
  let waits = false;

  function say(text, failed = true) {
    status.classList.toggle("draft-status--failed", failed);
    if (status.textContent !== text) status.textContent = text;
  }

  function later(pause = PAUSE) {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  }

  function askWhich(answer) {
    waits = true;
    const newer = new URL(location.href);
    newer.searchParams.set("draft", answer.key);
    choice.querySelector("a").href = newer.href;
    choice.hidden = false;
    say(status.dataset.newer);
  }

  function nameInAddress(key) {
    const address = new URL(location.href);
    if (address.searchParams.get("draft") === key) return;
    address.searchParams.set("draft", key);
    history.replaceState(history.state, "", address);
  }

  async function handle(response, text, number) {
    if (form.dataset.sent) return;
    if (response.status === 401) {
      say(status.dataset.old);
      return;
    }
    if (response.status === 204) {
      saved = text;
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
    const body = new URLSearchParams(text);
    for (const name of PAGE_FIELDS) body.set(name, form.elements[name]?.value ?? "");
    if (underWay && alone) body.set("draft_version", String(Number(version.value) + underWay));
    underWay += 1;
    sent += 1;
    const number = sent;
    try {
      const response = await fetch(field.dataset.save + (replace ? "?replace" : ""), {
        method: "POST",
        body,
        headers: { Accept: "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
        keepalive: body.toString().length < MOST_AFTER_PAGE,
      });
      await handle(response, text, number);
    } catch {
      if (!form.dataset.sent) say(status.dataset.offline);
      later(RETRY);
    } finally {
      underWay -= 1;
    }
  }

  for (const name of ["input", "change", "click", "combobox:choose", "combobox:clear"]) {
    form.addEventListener(name, () => later());
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) save({ leaving: true });
  });
  window.addEventListener("pagehide", () => save({ leaving: true }));
  choice.querySelector("button").addEventListener("click", () => {
    waits = false;
    choice.hidden = true;
    save({ replace: true });
  });
  if (!saved) save();
}

// After the page's own scripts have filled in what they know.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("input[data-draft]").forEach(keep);
});
