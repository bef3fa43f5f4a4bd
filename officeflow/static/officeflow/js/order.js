// The form of an order by keyboard. Enter moves from the customer to the lines, from the code to the
// quantity and from the quantity to the next line (adding one after the last). It never places the
// order: Ctrl+Enter and the button do. A scan adds a line, or raises the quantity of the line with the
// same product, wherever the focus is.
// Every amount is computed by the server.
import { customerChoice } from "./customer-choice.js";
import { isScanning, sayScan } from "./scans.js";

const form = document.querySelector("[data-order-form]");
const list = form.querySelector("[data-lines]");
const template = document.getElementById("line-template");
const sums = document.getElementById("order-totals");
const place = document.getElementById("place-order");
const address = document.getElementById("id_delivery_address");
const hint = form.querySelector("[data-lines-hint]");
const words = list.dataset;
const home = form.querySelector("[data-customer-address]");
const PAUSE = 150;
const total = document.getElementById("id_line-TOTAL_FORMS");
let pending = 0;
let byTab = false;
let before = ""; // the quantity before a person typed into it
let removed = false; // whether Backspace has just removed a line

const rows = () => [...list.querySelectorAll("[data-line]")];
const product = (row) => row.querySelector("[data-line-product]");
const quantity = (row) => row.querySelector("[data-line-quantity]");
const code = (row) => row.querySelector("input[type=hidden]");
const isEmpty = (row) => !product(row).value.trim();

// Shows a product's name below its box where it does not fit.
function showNames() {
  for (const row of rows()) {
    const box = product(row);
    const name = row.querySelector("[data-line-name]");
    name.hidden = !code(row).value || box.scrollWidth <= box.clientWidth;
    name.textContent = name.hidden ? "" : box.value;
  }
}

function recount() {
  clearTimeout(pending);
  pending = setTimeout(() => window.htmx.trigger(sums, "totals"), PAUSE);
}

function addLine() {
  const holder = document.createElement("ol");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", total.value);
  total.value = Number(total.value) + 1;
  const row = holder.querySelector("[data-line]");
  list.append(row);
  row.dispatchEvent(new CustomEvent("combobox:enhance", { bubbles: true }));
  return row;
}

function removeLine(row) {
  const all = rows();
  const at = all.indexOf(row);
  row.remove();
  const left = rows();
  const beside = left[Math.min(Math.max(at - 1, 0), left.length - 1)] ?? addLine();
  (isEmpty(beside) ? product(beside) : quantity(beside)).focus();
  recount();
}

function begin(row) {
  product(row).focus();
}

function toQuantity(row) {
  const box = quantity(row);
  box.focus();
  box.select();
}

// Focuses the next line; adds one after the last unless the last is empty.
function onwards(row) {
  const all = rows();
  begin(all[all.indexOf(row) + 1] ?? addLine());
}

// Adds one to a quantity as it was typed; returns false for one that is no number.
function raise(box) {
  const text = box.value.trim() || "0";
  const match = /^(\d{1,8})([.,]\d*)?$/.exec(text);
  if (!match) return false;
  box.value = `${Number(match[1]) + 1}${match[2] ?? ""}`;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}

function setText(box, text) {
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

// A scan. `scanned` is the code, which a slow scanner has typed into the box of a product or quantity.
function addProduct({ sku, name, scanned, isFocusFree }) {
  const text = `${sku} ${name}`;
  const mistaken = rows().map(quantity).find((box) => isCode(scanned) && box.value.trim() === scanned);
  if (mistaken) setText(mistaken, before);
  const typed = rows().find((row) => !code(row).value && product(row).value.trim() === scanned);
  let row = rows().findLast((each) => code(each).value === sku);
  if (row) {
    if (typed) setText(product(typed), "");
    if (!raise(quantity(row))) {
      if (isFocusFree) toQuantity(row);
      return sayScan(words.scanUnclear.replace("{product}", () => text), { tone: "warning" });
    }
  } else {
    row = typed ?? rows().find(isEmpty) ?? addLine();
    byTab = false;
    const detail = { id: sku, label: text, data: {} };
    product(row).dispatchEvent(new CustomEvent("combobox:set", { detail }));
  }
  if (isFocusFree) toQuantity(row);
  const count = quantity(row).value;
  sayScan(words.scanAdded.replace("{quantity}", count).replace("{product}", () => text));
}

document.addEventListener("scanned", (event) => {
  const found = event.detail;
  if (found.kind !== "product") return;
  event.preventDefault();
  if (found.text) sayScan(found.text, { tone: "error" });
  else addProduct(found);
});

// What a scanner types too slowly to be recognised as one.
const isBarcode = (text) => /^\d{8,14}$/.test(text.trim());
const isCode = (text) => isBarcode(text) || /[a-z]/i.test(text);

function scan(text) {
  document.dispatchEvent(new CustomEvent("scan", { detail: { code: text.trim() } }));
}

function enterInLine(row, box) {
  if (box === product(row)) {
    if (code(row).value) toQuantity(row);
    else if (!isEmpty(row)) return;
    else if (row !== rows().at(-1)) onwards(row);
    else hint.textContent = hint.dataset.text;
    return;
  }
  if (box === quantity(row) && isCode(box.value)) scan(box.value);
  else onwards(row);
}

function follow(box) {
  const controls = [...form.querySelectorAll("input, select, textarea, button[type=submit]")].filter(
    (each) => each.type !== "hidden" && each !== place && !each.closest("[hidden]") && each.offsetParent,
  );
  controls[controls.indexOf(box) + 1]?.focus();
}

form.addEventListener(
  "keydown",
  (event) => {
    const box = event.target;
    byTab = event.key === "Tab";
    hint.textContent = "";
    // Backspace removes an empty line and then nothing more, until another key is pressed.
    if (event.key !== "Backspace") removed = false;
    else if (removed) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (event.key !== "Enter" || !box.matches("[data-line-product]")) return;
    // Selects an unknown code, so that the next one replaces it.
    box.select();
    const row = box.closest("[data-line]");
    if (event.isTrusted && !code(row).value && isBarcode(box.value)) {
      event.preventDefault();
      event.stopPropagation();
      scan(box.value);
    } else if (event.isTrusted && !isEmpty(row) && !code(row).value && box.ariaExpanded !== "true") {
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  },
  true,
);

form.addEventListener("keydown", (event) => {
  const box = event.target;
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Backspace" && box.matches("[data-line-product]") && !box.value) {
    if (rows().length < 2 || event.repeat) return;
    event.preventDefault();
    removed = true;
    removeLine(box.closest("[data-line]"));
    return;
  }
  if (event.key !== "Enter") return;
  // Ignores a held-down Enter, which would press every button that it reaches.
  if (event.repeat && !box.matches("textarea")) return event.preventDefault();
  if (event.ctrlKey || event.metaKey || !box.matches("input")) return;
  event.preventDefault();
  const row = box.closest("[data-line]");
  if (row) enterInLine(row, box);
  else if (box.matches("[data-customer]")) begin(rows()[0]);
  else follow(box);
});

list.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-line-quantity]")) before = event.target.value;
});

// An order is not placed without what was scanned last.
form.addEventListener("submit", (event) => {
  if (!isScanning()) return;
  event.preventDefault();
  sayScan(words.scanWaits, { tone: "warning" });
});

list.addEventListener("combobox:choose", (event) => {
  const row = event.target.closest("[data-line]");
  showNames();
  recount();
  if (!byTab) toQuantity(row);
});
list.addEventListener("combobox:clear", () => {
  showNames();
  recount();
});
new ResizeObserver(showNames).observe(list);
list.addEventListener("input", (event) => {
  if (event.target.matches("[data-line-product]")) showWrong(event.target, false);
  recount();
});

function showWrong(box, isWrong) {
  if (isWrong) box.setAttribute("aria-invalid", "true");
  else box.removeAttribute("aria-invalid");
  box.closest(".field").classList.toggle("field--wrong", isWrong);
  const errors = document.getElementById(`${box.id}-error`);
  if (errors && !isWrong) errors.replaceChildren();
}

// The response with the amounts has the errors of quantities and discounts.
sums.addEventListener("htmx:afterSettle", () => {
  for (const box of list.querySelectorAll("[data-line-quantity], [data-line-discount]")) {
    const errors = document.getElementById(`${box.id}-error`);
    showWrong(box, Boolean(errors?.childElementCount));
  }
});

form.addEventListener("click", (event) => {
  if (event.target.closest("[data-line-add]")) {
    event.preventDefault();
    begin(addLine());
    return;
  }
  const remove = event.target.closest("[data-line-remove]");
  if (remove) {
    event.preventDefault();
    removeLine(remove.closest("[data-line]"));
  }
});

// Fills in the customer's address for delivery, unless an address was typed.
function offerAddress(text) {
  const offered = home.dataset.address;
  if (!address.value.trim() || address.value === offered) address.value = text;
  home.dataset.address = text;
}

let chosenAddress = home.dataset.address;

const choice = customerChoice(form.querySelector("[data-customer-choice]"), {
  chosen: (customer, next) => {
    chosenAddress = customer?.data?.address ?? "";
    offerAddress(chosenAddress);
    if (byTab) return;
    if (customer) begin(rows()[0]);
    else next.focus();
  },
  cleared: () => offerAddress(""),
  remembered: () => offerAddress(chosenAddress),
});
document.getElementById("id_new_address").addEventListener("change", (event) => {
  offerAddress(event.target.value);
});
offerAddress(home.dataset.address);

if (!document.querySelector("[aria-invalid=true], .field--wrong, [data-duplicates], [data-error-summary]")) {
  const scanned = rows().findLast((row) => code(row).value);
  if (scanned) recount();
  if (scanned) toQuantity(scanned);
  else if (document.getElementById("id_customer").value) begin(rows()[0]);
  else choice.name.focus();
}
