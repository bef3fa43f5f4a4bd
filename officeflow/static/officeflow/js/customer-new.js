// Shows likely duplicates while a person types. "No" before the form is sent only hides them.
const place = document.getElementById("duplicates-place");
const declined = document.getElementById("id_declined");

place.addEventListener("click", (event) => {
  const no = event.target.closest("[data-duplicates=live] [data-decline]");
  if (!no) return;
  event.preventDefault();
  declined.value = [declined.value, no.value].filter(Boolean).join(",");
  place.replaceChildren();
  document.getElementById("id_address").focus();
});
