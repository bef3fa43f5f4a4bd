// The choice of a customer. Choosing "Add … as a new customer" shows the fields of a new customer;
// typing in the box again hides them and keeps their values. Likely duplicates are shown while a
// person types; choosing one is the same as choosing it in the box.
export function customerChoice(root, { chosen, cleared, remembered }) {
  const name = root.querySelector("[data-customer]");
  const hidden = document.getElementById("id_customer");
  const fields = root.querySelector("[data-new-customer]");
  const newName = document.getElementById("id_new_name");
  const newPhone = document.getElementById("id_new_phone");
  const newEmail = document.getElementById("id_new_email");
  const declined = document.getElementById("id_declined");
  const duplicates = root.querySelector("[data-duplicates-place]");

  name.addEventListener("combobox:choose", (event) => {
    const { new: fresh, scan } = event.detail.data ?? {};
    fields.hidden = !fresh;
    if (scan) {
      name.value = "";
      document.dispatchEvent(new CustomEvent("scan", { detail: { code: scan } }));
      return;
    }
    if (fresh) {
      name.value = fresh.name || fresh.phone || fresh.email;
      newName.value = fresh.name;
      if (fresh.phone) newPhone.value = fresh.phone;
      if (fresh.email) newEmail.value = fresh.email;
      declined.value = "";
      window.htmx?.trigger(duplicates, "duplicates");
    } else {
      duplicates.replaceChildren();
    }
    // A new customer's next field is the name, when a phone or an e-mail was typed.
    if (fresh) chosen(null, fresh.name ? newPhone : newName);
    else chosen(event.detail);
  });
  name.addEventListener("combobox:clear", () => {
    fields.hidden = true;
    cleared?.();
  });
  name.addEventListener("combobox:remember", () => {
    fields.hidden = hidden.value !== "new";
    remembered?.();
  });
  // Shown after a refusal: the same as choosing it in the list.
  const add = root.querySelector("[data-add-customer]");
  add?.addEventListener("click", (event) => {
    event.preventDefault();
    if (!name.value.trim()) return void name.focus();
    const detail = { id: "new", label: name.value.trim(), data: { new: { ...add.dataset } } };
    name.dispatchEvent(new CustomEvent("combobox:set", { detail }));
  });
  const answered = () => {
    if (!add?.isConnected) return;
    add.parentElement.remove();
    name.closest(".field")?.classList.remove("field--wrong");
    document.getElementById("id_customer_name-error")?.remove();
    name.removeAttribute("aria-invalid");
  };
  name.addEventListener("input", answered);
  name.addEventListener("combobox:choose", answered);

  // An empty box without a choice is a walk-in.
  name.addEventListener("input", () => {
    if (hidden.value === "new") hidden.value = "";
    fields.hidden = hidden.value !== "new";
  });

  duplicates.addEventListener("click", (event) => {
    const use = event.target.closest("[data-use-customer]");
    if (use) {
      event.preventDefault();
      const { name: label, address } = use.dataset;
      const detail = { id: use.value, label, data: { address } };
      name.dispatchEvent(new CustomEvent("combobox:set", { detail }));
      return;
    }
    const no = event.target.closest("[data-duplicates=live] [data-decline]");
    if (no) {
      event.preventDefault();
      declined.value = [declined.value, no.value].filter(Boolean).join(",");
      duplicates.replaceChildren();
      (newPhone.value ? newName : newPhone).focus();
    }
  });
  return { name, fields };
}
