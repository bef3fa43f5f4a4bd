// Opening hours: "Copy down" copies a day's times to the next day and to every later open day.
for (const table of document.querySelectorAll("[data-hours]")) {
  const days = [...table.querySelectorAll("[data-hours-day]")];
  const times = (day) => [...day.querySelectorAll("input")];
  for (const [place, day] of days.entries()) {
    const button = day.querySelector("[data-hours-copy]");
    if (!button || place === days.length - 1) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      for (const [below, other] of days.slice(place + 1).entries()) {
        const isOpen = times(other).some((input) => input.value);
        if (below > 0 && !isOpen) continue;
        for (const [number, input] of times(other).entries()) input.value = times(day)[number].value;
      }
    });
  }
}
