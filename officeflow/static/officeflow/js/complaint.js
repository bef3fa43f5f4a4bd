// The complaint page: the order belongs to the chosen customer, the lines to the chosen order.
// A scan chooses the product, or the order of a printed number, wherever the focus is.
import { customerChoice } from "./customer-choice.js";
import { sayScan } from "./scans.js";

const form = document.querySelector("[data-complaint-form]");
const order = form.querySelector("[data-about-order]");
const line = document.getElementById("about-line");
const lookup = order.dataset.comboboxUrl;

function ordersOf(number) {
  order.dataset.comboboxUrl = number ? `${lookup}?customer=${encodeURIComponent(number)}` : lookup;
}

const { name } = customerChoice(form.querySelector("[data-customer-choice]"), {
  chosen: (customer, next) => {
    ordersOf(customer?.id);
    (next ?? form.querySelector("[name=category]"))?.focus();
  },
  cleared: () => ordersOf(""),
  remembered: () => ordersOf(document.getElementById("id_customer").value),
});

const known = document.getElementById("id_customer").value;
ordersOf(known === "new" ? "" : known);

const showLines = () => window.htmx.trigger(line, "about");
order.addEventListener("combobox:choose", showLines);
order.addEventListener("change", showLines);

const product = form.querySelector("[data-about-product]");

document.addEventListener("scanned", (event) => {
  const { kind, sku, name, code, text } = event.detail;
  const isOrder = kind === "record" && code.startsWith(order.dataset.aboutOrder);
  if (kind !== "product" && !isOrder) return;
  event.preventDefault();
  if (text) return sayScan(text, { tone: "error" });
  const box = isOrder ? order : product;
  const detail = isOrder ? { id: code, label: code, data: {} } : { id: sku, label: `${sku} ${name}`, data: {} };
  box.dispatchEvent(new CustomEvent("combobox:set", { detail }));
  sayScan(form.dataset.scanChosen.replace("{label}", () => detail.label));
});

// Enter in an input focuses the next one; it does not send an incomplete complaint.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.defaultPrevented || event.ctrlKey || event.metaKey) return;
  const box = event.target;
  if (!box.matches("input:not([type=radio], [type=checkbox])")) return;
  event.preventDefault();
  const controls = [...form.querySelectorAll("input, select, textarea, button")].filter(
    (each) => each.type !== "hidden" && !each.closest("[hidden]") && each.offsetParent,
  );
  controls[controls.indexOf(box) + 1]?.focus();
});

if (!document.querySelector("[aria-invalid=true], .field--wrong, [data-duplicates]")) {
  if (known) (form.querySelector("[name=category]:checked") ?? form.querySelector("[name=category]")).focus();
  else name.focus();
}
