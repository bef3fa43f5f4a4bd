// Suggests colleagues after @ in textarea[data-mentions=url]. The URL answers ?q= with
// {"results": [{id, label, hint}]}. Without JavaScript a typed @name works too.
const PAUSE = 120;
const words = document.getElementById("office-texts")?.dataset ?? {};

class Mentions {
  constructor(area) {
    this.area = area;
    this.results = [];
    this.active = -1;
    this.box = document.createElement("div");
    this.box.className = "mentions";
    area.before(this.box);
    this.list = document.createElement("ul");
    this.list.className = "combobox__list mentions__list";
    this.list.id = `${area.id}-people`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", "@");
    this.list.hidden = true;
    this.note = document.createElement("p");
    this.note.className = "visually-hidden";
    this.note.setAttribute("role", "status");
    this.box.append(area, this.list, this.note);
    area.setAttribute("aria-controls", this.list.id);
    area.setAttribute("aria-autocomplete", "list");
    area.addEventListener("input", () => this.later());
    area.addEventListener("keydown", (event) => this.key(event));
    area.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const option = event.target.closest("[role=option]");
      if (option) this.take(Number(option.dataset.index));
    });
  }

  // Returns the text between @ and the cursor; null outside a mention.
  asked() {
    const before = this.area.value.slice(0, this.area.selectionStart);
    const found = /(?:^|[^\w@.+-])@([\w.+-]*)$/.exec(before);
    return found ? found[1] : null;
  }

  later() {
    clearTimeout(this.timer);
    if (this.asked() === null) return this.close();
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    const asked = this.asked();
    if (asked === null) return this.close();
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    try {
      const url = new URL(this.area.dataset.mentions, location.href);
      url.searchParams.set("q", asked);
      const answer = await fetch(url, { signal: request.signal });
      if (!answer.ok) return this.close();
      const { results } = await answer.json();
      if (this.request === request) this.show(results ?? []);
    } catch {
      if (this.request === request) this.close();
    }
  }

  show(results) {
    this.results = results;
    if (!results.length || this.asked() === null) return this.close();
    this.list.replaceChildren(
      ...results.map((person, index) => {
        const option = document.createElement("li");
        option.className = "combobox__option";
        option.id = `${this.list.id}-${index}`;
        option.dataset.index = index;
        option.setAttribute("role", "option");
        option.append(person.label);
        const hint = document.createElement("span");
        hint.className = "combobox__hint";
        hint.textContent = person.hint;
        option.append(hint);
        return option;
      }),
    );
    this.list.hidden = false;
    this.note.textContent = (words.found ?? "").replace("{count}", results.length);
    this.point(0);
  }

  point(index) {
    this.active = index;
    [...this.list.children].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    this.area.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  key(event) {
    if (this.list.hidden || event.isComposing) return;
    const size = this.results.length;
    if (event.key === "ArrowDown") this.point((this.active + 1) % size);
    else if (event.key === "ArrowUp") this.point((this.active + size - 1) % size);
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
      this.take(this.active);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  take(index) {
    const person = this.results[index];
    const asked = this.asked();
    if (!person || asked === null) return this.close();
    const end = this.area.selectionStart;
    this.area.setRangeText(`${person.id} `, end - asked.length, end, "end");
    this.area.dispatchEvent(new Event("input", { bubbles: true }));
    this.close();
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = null;
    this.list.hidden = true;
    this.area.removeAttribute("aria-activedescendant");
  }
}

for (const area of document.querySelectorAll("textarea[data-mentions]")) new Mentions(area);
