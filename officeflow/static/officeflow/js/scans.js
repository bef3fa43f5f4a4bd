// What a scan does: it is looked up, one after another, and fires "scanned" on the document with what
// it is: {kind: "product", sku, name, url, text}, {kind: "record", code, url} or {kind: "unknown",
// text}, each with the code as `scanned` and whether the focus may move (`isFocusFree`). A page that handles it prevents the default: a product begins an order, a record is opened.
import { unsent } from "./unsent.js";
import "./scanner.js";

const place = document.getElementById("scans");
const words = place?.dataset ?? {};
const begun = [];
let last = Promise.resolve();
let waiting = 0;

// Returns whether a scan is not handled yet.
export function isScanning() {
  return waiting > 0;
}

// Says what a scan did; replaces what was said of the scan before. An error can be heard.
export function sayScan(text, { tone = "success", link } = {}) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text, tone, link, about: "scan" } }));
  if (tone === "error" || tone === "warning") beep();
}

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.value = 0.06;
  tone.frequency.value = 220;
  tone.connect(volume).connect(audio.destination);
  tone.onended = () => audio.close();
  tone.start();
  tone.stop(audio.currentTime + 0.25);
}

async function lookUp({ code, other }) {
  const url = new URL(words.url, location.href);
  url.searchParams.append("code", code);
  if (other && other !== code) url.searchParams.append("code", other);
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return answer.json();
}

function open(url, name, label) {
  if (!unsent()) return location.assign(url);
  const text = words.unsent.replace("{product}", () => name);
  sayScan(text, { tone: "warning", link: { url, label } });
}

function act(found) {
  if (found.kind === "record") return open(found.url, found.code, words.open);
  if (found.text) return sayScan(found.text, { tone: "error" });
  const order = document.querySelector("[data-begins-with-product]");
  const name = `${found.sku} ${found.name}`;
  if (!order) {
    if (found.url) return open(found.url, name, words.open);
    return sayScan(name, { tone: "info" });
  }
  // A further scan before the page has changed belongs to the same order.
  begun.push(found.sku);
  const url = new URL(order.href);
  for (const sku of begun) url.searchParams.append("product", sku);
  open(url.href, name, words.begin);
  if (unsent()) begun.pop();
}

async function handle(scan) {
  let found;
  const { activeElement: focused } = document;
  const { value } = focused ?? {};
  try {
    found = { ...(await lookUp(scan)), scanned: scan.code };
    // Whoever types elsewhere by now keeps the focus.
    found.isFocusFree = document.activeElement === focused && focused?.value === value;
  } catch {
    return sayScan(`${scan.code}: ${words.failed}`, { tone: "error" });
  }
  const event = new CustomEvent("scanned", { cancelable: true, detail: found });
  if (document.dispatchEvent(event)) act(found);
}

// The page is shown again by "Back": a scan begins another order.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) begun.length = 0;
});

document.addEventListener("scan", (event) => {
  waiting += 1;
  document.getElementById("shortcuts")?.close();
  // A fault in one scan does not stop the next ones.
  last = last
    .then(() => handle(event.detail))
    .catch((error) => console.error(error))
    .finally(() => (waiting -= 1));
});
