// The form of an order by keyboard. Enter moves from the customer to the lines, from the code to the
// quantity, from the quantity to the next line (adding one after the last), and from an empty last
// line to "Place order". A scanner types a code and Enter.
// Every amount is computed by the server.
import { customerChoice } from "./customer-choice.js";

const form = document.querySelector("[data-order-form]");
const list = form.querySelector("[data-lines]");
const template = document.getElementById("line-template");
const sums = document.getElementById("order-totals");
const place = document.getElementById("place-order");
const address = document.getElementById("id_delivery_address");
const home = form.querySelector("[data-customer-address]");
const PAUSE = 150;
const total = document.getElementById("id_line-TOTAL_FORMS");
let pending = 0;
let byTab = false;

const rows = () => [...list.querySelectorAll("[data-line]")];
const product = (row) => row.querySelector("[data-line-product]");
const quantity = (row) => row.querySelector("[data-line-quantity]");
const code = (row) => row.querySelector("input[type=hidden]");
const isEmpty = (row) => !product(row).value.trim();

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

// A code that a scanner types into a quantity belongs to the next line.
function isCode(text) {
  return /^\d{8,}$/.test(text) || /[a-z]/i.test(text);
}

function lookUp(box) {
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
}

function scan(text) {
  const box = product(rows().find(isEmpty) ?? addLine());
  box.focus();
  box.value = text;
  box.select();
  lookUp(box);
}

function enterInLine(row, box) {
  if (box === product(row)) {
    if (!isEmpty(row) && !code(row).value) {
      lookUp(box);
    } else if (!isEmpty(row)) {
      toQuantity(row);
    } else if (rows().some((each) => !isEmpty(each))) {
      place.focus();
    }
    return;
  }
  const text = box.value.trim();
  if (isCode(text)) {
    box.value = box.defaultValue;
    scan(text);
    return;
  }
  onwards(row);
}

function follow(box) {
  const controls = [...form.querySelectorAll("input, select, textarea, button[type=submit]")].filter(
    (each) => each.type !== "hidden" && !each.closest("[hidden]") && each.offsetParent,
  );
  controls[controls.indexOf(box) + 1]?.focus();
}

form.addEventListener(
  "keydown",
  (event) => {
    byTab = event.key === "Tab";
    // Selects an unknown code, so that the next scan replaces it.
    if (event.key === "Enter" && event.target.matches("[data-line-product]")) event.target.select();
  },
  true,
);

form.addEventListener("keydown", (event) => {
  const box = event.target;
  if (!event.isTrusted || event.isComposing || event.defaultPrevented) return;
  if (event.key === "Backspace" && box.matches("[data-line-product]") && !box.value) {
    if (rows().length < 2 || event.repeat) return;
    event.preventDefault();
    removeLine(box.closest("[data-line]"));
    return;
  }
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
  if (!box.matches("input")) return;
  event.preventDefault();
  // Ignores a held-down Enter, which would press every button that it reaches.
  if (event.repeat) return;
  const row = box.closest("[data-line]");
  if (row) enterInLine(row, box);
  else if (box.matches("[data-customer]")) begin(rows()[0]);
  else follow(box);
});

list.addEventListener("combobox:choose", (event) => {
  const row = event.target.closest("[data-line]");
  recount();
  if (!byTab) toQuantity(row);
});
list.addEventListener("combobox:clear", recount);
list.addEventListener("input", recount);

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

const choice = customerChoice(form.querySelector("[data-customer-choice]"), {
  chosen: (customer) => {
    offerAddress(customer?.data?.address ?? "");
    if (byTab) return;
    if (customer) begin(rows()[0]);
    else document.getElementById("id_new_phone").focus();
  },
  cleared: () => offerAddress(""),
});
document.getElementById("id_new_address").addEventListener("change", (event) => {
  offerAddress(event.target.value);
});
offerAddress(home.dataset.address);

if (!document.querySelector("[aria-invalid=true], .field--wrong, [data-duplicates]")) {
  if (document.getElementById("id_customer").value) begin(rows()[0]);
  else choice.name.focus();
}
