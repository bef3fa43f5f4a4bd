// Scrolls the current tab into view on narrow screens.
function showCurrent(root) {
  for (const row of root.querySelectorAll(".tabs")) {
    const current = row.querySelector('[aria-current="page"]');
    if (!current || row.scrollWidth <= row.clientWidth) continue;
    const offset = current.getBoundingClientRect().left - row.getBoundingClientRect().left;
    row.scrollLeft += offset - (row.clientWidth - current.offsetWidth) / 2;
  }
}

showCurrent(document);
