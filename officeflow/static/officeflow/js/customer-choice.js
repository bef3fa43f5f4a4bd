// Whose order or complaint it is. Choosing "Add … as a new customer" opens the fields beneath;
// typing in the box again closes them, and what was typed in them is kept.
export function customerChoice(root, { chosen, cleared }) {
  const name = root.querySelector("[data-customer]");
  const hidden = document.getElementById("id_customer");
  const fields = root.querySelector("[data-new-customer]");
  const newName = document.getElementById("id_new_name");

  name.addEventListener("combobox:choose", (event) => {
    const fresh = event.detail.data?.new;
    fields.hidden = !fresh;
    if (fresh) {
      name.value = fresh;
      newName.value = fresh;
    }
    chosen(fresh ? null : event.detail);
  });
  name.addEventListener("combobox:clear", () => {
    fields.hidden = true;
    cleared?.();
  });
  // Emptied by hand without a choice: a walk-in again.
  name.addEventListener("input", () => {
    if (hidden.value === "new") hidden.value = "";
    fields.hidden = hidden.value !== "new";
  });
  return { name, fields };
}
