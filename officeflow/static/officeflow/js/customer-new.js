// Shows likely duplicates while a person types. "No" before the form is sent only hides them.
const place = document.getElementById("duplicates-place");
const notThese = document.getElementById("id_not_these");

place.addEventListener("click", (event) => {
  const no = event.target.closest("[data-duplicates=live] [data-not-these]");
  if (!no) return;
  event.preventDefault();
  notThese.value = [notThese.value, no.value].filter(Boolean).join(",");
  place.replaceChildren();
  document.getElementById("id_address").focus();
});
