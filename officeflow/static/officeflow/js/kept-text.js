// What is typed into a form with a draft and has not reached the server when its page is left: it is
// kept in this tab (sessionStorage), so that "Reload" and "Forward" show it at once. It belongs to its
// author: a page of anybody else, or of nobody, deletes it.
const PREFIX = "draft:";
const { person } = document.body.dataset; // empty when nobody is signed in

function all() {
  try {
    return Object.keys(sessionStorage).filter((name) => name.startsWith(PREFIX));
  } catch {
    return [];
  }
}

// Returns {person, save, body} of a draft's key; `body` is empty when the server has the text.
export function keptText(key) {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + key));
  } catch {
    return null;
  }
}

export function keepText(key, save, body) {
  try {
    sessionStorage.setItem(PREFIX + key, JSON.stringify({ person, save, body }));
  } catch {
    // Full, or not allowed: the server has what was typed until a moment ago.
  }
}

export function dropText(key) {
  try {
    sessionStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was kept.
  }
}

// Sends a kept text again, which is no conflict when it has arrived already. Returns the response.
export function sendText({ save, body }) {
  return fetch(save, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" } });
}

export function forgetOthers() {
  if (person === undefined) return; // an error page
  for (const name of all()) {
    const key = name.slice(PREFIX.length);
    if (keptText(key)?.person !== person) dropText(key);
  }
}

// Sends what other pages of this tab have left, and deletes the words that have arrived.
export async function sendLeft(except) {
  for (const name of all()) {
    const key = name.slice(PREFIX.length);
    const kept = keptText(key);
    if (key === except || !kept?.body) continue;
    try {
      const { status } = await sendText(kept);
      if (status === 200) keepText(key, kept.save, "");
      else if (status !== 409 && status < 500) dropText(key);
    } catch {
      return;
    }
  }
}
