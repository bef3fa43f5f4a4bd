// The navigation drawer on small screens, and the menu under the person's name.
const wide = window.matchMedia("(min-width: 64rem)");
let opener = null;

function drawerOf(name) {
  return document.getElementById(name);
}

function open(button) {
  const drawer = drawerOf(button.dataset.drawerOpen);
  if (!drawer) return;
  opener = button;
  drawer.dataset.open = "";
  button.setAttribute("aria-expanded", "true");
  for (const other of outside(drawer)) other.inert = true;
  drawer.querySelector("[data-drawer-close]")?.focus();
}

function close() {
  const drawer = document.querySelector("[data-drawer][data-open]");
  if (!drawer) return;
  delete drawer.dataset.open;
  for (const other of outside(drawer)) other.inert = false;
  opener?.setAttribute("aria-expanded", "false");
  opener?.focus();
  opener = null;
}

function outside(drawer) {
  return [...drawer.parentElement.children].filter(
    (each) => each !== drawer && !each.hasAttribute("data-drawer-close"),
  );
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-drawer-open]");
  if (button) return open(button);
  if (event.target.closest("[data-drawer-close]")) return close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  }
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest?.("details[data-menu][open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

wide.addEventListener("change", close);
