// The results of a search box by keyboard: arrow keys move between the box and the results, Enter
// opens a result, and letters are typed into the box.
export const hitsOf = (results) => [...results.querySelectorAll("a[data-hit]")];

export function walkHits(box, results) {
  function step(event, here) {
    const all = hitsOf(results);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
    if (next === undefined || !all.length) return;
    event.preventDefault();
    if (next < 0) box.focus();
    else all[Math.min(next, all.length - 1)].focus();
  }

  box.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") step(event, -1);
  });

  results.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const here = hitsOf(results).indexOf(document.activeElement);
    if (here < 0) return;
    if (event.key === "Escape") box.focus();
    else if (event.key === "Backspace" || (event.key.length === 1 && event.key !== " ")) {
      // The box gets the focus before the letter is typed.
      box.focus();
      event.stopPropagation();
    } else step(event, here);
  });
}
