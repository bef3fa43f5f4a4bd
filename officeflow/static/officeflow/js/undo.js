// The bar with Undo counts its seconds and goes when they are over. Without scripts it stays until the
// next page, and the server says that the time is over.
const bar = document.querySelector("[data-undo]");

if (bar) {
  const count = bar.querySelector("[data-undo-count]");
  const end = performance.now() + Number(bar.dataset.undo) * 1000;
  const tick = () => {
    const left = Math.ceil((end - performance.now()) / 1000);
    if (left <= 0) {
      clearInterval(timer);
      bar.remove();
      return;
    }
    count.textContent = count.dataset.undoCount.replace("{seconds}", left);
  };
  const timer = setInterval(tick, 250);
  count.hidden = false;
  tick();
  // A click just before the end is on its way.
  bar.addEventListener("submit", () => clearInterval(timer));
}
