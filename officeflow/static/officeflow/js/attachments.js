// Uploads files that are chosen, dropped, pasted or photographed, one by one with progress.
// Without this script the form sends all of them at once.
const token = () => document.querySelector("meta[name=csrf-token]").content;

function say(place, template, name) {
  return place.dataset[template].replace("{name}", name);
}

function line(place) {
  const item = document.createElement("li");
  place.querySelector("[data-attach-progress]").append(item);
  return item;
}

function wrong(place, text) {
  const item = line(place);
  item.className = "attach__wrong";
  item.dataset.wrong = "";
  item.textContent = text;
}

function refresh(place) {
  const list = document.getElementById(place.dataset.list);
  if (!list) return;
  delete list.dataset.etag;
  window.htmx.trigger(list, "live");
}

function send(place, file) {
  if (file.size > Number(place.dataset.mostBytes)) {
    wrong(place, say(place, "tooLarge", file.name));
    return Promise.resolve();
  }
  const item = line(place);
  const label = document.createElement("span");
  label.className = "progress__label";
  label.textContent = say(place, "uploading", file.name);
  const bar = document.createElement("progress");
  bar.className = "progress__bar";
  bar.setAttribute("aria-label", label.textContent);
  item.className = "progress";
  item.append(label, bar);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", file, file.name || "picture.png");
    request.open("POST", place.dataset.addUrl);
    request.responseType = "json";
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.max = event.total;
      bar.value = event.loaded;
    });
    request.addEventListener("loadend", () => {
      item.remove();
      const answer = request.response;
      if (!answer?.taken) wrong(place, say(place, "failed", file.name));
      const refused = answer?.refused ?? (answer?.detail ? [answer.detail] : []);
      for (const text of refused) wrong(place, text);
      for (const each of answer?.taken ?? []) {
        if (!each.already) continue;
        const detail = { text: say(place, "already", each.name), tone: "info" };
        document.dispatchEvent(new CustomEvent("toast", { detail }));
      }
      resolve();
    });
    request.send(body);
  });
}

async function sendAll(place, files) {
  for (const old of place.querySelectorAll("[data-wrong]")) old.remove();
  place.dataset.sending = Number(place.dataset.sending || 0) + 1;
  for (const file of files) await send(place, file);
  place.dataset.sending = Number(place.dataset.sending) - 1;
  refresh(place);
}

function ready(place) {
  const zone = place.querySelector("[data-attach-zone]");
  if (!zone) return;
  place.dataset.attachReady = "";
  for (const each of place.querySelectorAll("[data-with-script]")) each.hidden = false;
  for (const each of place.querySelectorAll("[data-without-script]")) each.hidden = true;
  for (const input of zone.querySelectorAll("[data-attach-input]")) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      input.value = ""; // uploaded here, so that the form does not send them again
      if (files.length) sendAll(place, files);
    });
  }
  const over = (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    zone.dataset.over = "";
  };
  place.addEventListener("dragenter", over);
  place.addEventListener("dragover", over);
  place.addEventListener("dragleave", (event) => {
    if (!place.contains(event.relatedTarget)) delete zone.dataset.over;
  });
  place.addEventListener("drop", (event) => {
    delete zone.dataset.over;
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    sendAll(place, [...event.dataTransfer.files]);
  });
  place.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-drop-url]");
    if (!button) return;
    event.preventDefault();
    await fetch(button.dataset.dropUrl, {
      method: "POST",
      headers: { "X-CSRFToken": token() },
    });
    refresh(place);
    zone.querySelector("[data-attach-input]").focus();
  });
}

const places = [...document.querySelectorAll("[data-attach]")];
places.forEach(ready);

// When a page has one place for files, a picture pasted anywhere on the page is uploaded there.
const only = places.filter((place) => "attachReady" in place.dataset);
if (only.length === 1) {
  document.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    sendAll(only[0], files);
  });
  // The form around it is sent after the uploads have finished.
  only[0].closest("form[data-submit-once]:not(.attach)")?.addEventListener("submit", (event) => {
    if (Number(only[0].dataset.sending || 0) === 0) return;
    event.preventDefault();
    const { form, submitter } = { form: event.target, submitter: event.submitter };
    const wait = setInterval(() => {
      if (Number(only[0].dataset.sending || 0) > 0) return;
      clearInterval(wait);
      form.requestSubmit(submitter);
    }, 100);
  });
}
