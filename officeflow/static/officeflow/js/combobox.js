// Combobox after the ARIA 1.2 pattern (list autocomplete, manual selection) over an input with
// data-combobox-url. Options:
//   data-combobox-target  id of the control that receives the chosen id
//   data-combobox-min     number of letters before a lookup (1)
// Text without a choice stays as typed. Fires combobox:choose with the chosen result, and combobox:clear when the choice is
// undone. A row added later is enhanced by dispatching combobox:enhance on it.
const PAUSE = 120;
let count = 0;

const words = document.getElementById("office-texts")?.dataset ?? {};

class Combobox {
  constructor(input) {
    this.input = input;
    this.results = [];
    this.active = -1;
    this.request = null;
    this.timer = 0;
    this.pointed = false;
    this.target = document.getElementById(input.dataset.comboboxTarget ?? "");
    this.build();
    this.listen();
  }

  build() {
    const { input } = this;
    this.box = document.createElement("div");
    this.box.className = "combobox";
    input.replaceWith(this.box);
    this.list = document.createElement("ul");
    this.list.className = "combobox__list";
    this.list.id = `${input.id || "combobox"}-list-${(count += 1)}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.label());
    this.list.hidden = true;
    this.note = document.createElement("p");
    this.note.className = "visually-hidden";
    this.note.setAttribute("role", "status");
    this.box.append(input, this.list, this.note);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("autocomplete", "off");
    input.spellcheck = false;
    this.chosen = this.target?.value ? input.value : null;
    this.mark();
  }

  label() {
    const { input } = this;
    return input.labels?.[0]?.textContent.trim() || input.getAttribute("aria-label") || "";
  }

  listen() {
    const { input, list } = this;
    input.addEventListener("input", () => {
      this.pointed = false;
      this.forget();
      this.later();
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("focusout", () => this.close());
    input.addEventListener("beforeinput", () => {
      if (this.chosen !== null) this.before = input.value;
    });
    input.addEventListener("scanner:undo", () => this.remember());
    // Chosen elsewhere on the page: {id, label, data}.
    input.addEventListener("combobox:set", (event) => this.take(event.detail));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(Number(option.dataset.index));
    });
  }

  get open() {
    return !this.list.hidden;
  }

  key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp": {
        event.preventDefault();
        if (!this.open) return void this.look(true);
        const step = event.key === "ArrowDown" ? 1 : -1;
        const size = this.results.length;
        if (size) this.point((this.active + step + size) % size);
        this.pointed = size > 0;
        return;
      }
      case "Enter":
        if (this.marked) {
          event.preventDefault();
          this.choose(this.active);
        } else if (this.waiting) {
          // Before the response arrives, Enter chooses an exact match alone: nobody has seen the list.
          event.preventDefault();
          this.chooseExact = true;
          if (this.timer) this.look();
        }
        return;
      case "Tab":
        if (this.marked) this.choose(this.active);
        return;
      case "Escape":
        if (this.open) {
          event.preventDefault();
          event.stopPropagation();
          this.close();
        }
        return;
      case "Home":
      case "End":
        this.point(-1);
        return;
      default:
    }
  }

  get waiting() {
    return Boolean(this.timer || this.request) && this.input.value.trim() !== "";
  }

  // Whether an option was chosen deliberately: while a request is pending, the list on display belongs
  // to fewer letters, so its first option does not count.
  get marked() {
    return this.open && this.active >= 0 && (this.pointed || !(this.timer || this.request));
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look(always = false) {
    clearTimeout(this.timer);
    this.timer = 0;
    this.request?.abort();
    this.request = null;
    const text = this.input.value.trim();
    const least = Number(this.input.dataset.comboboxMin ?? 1);
    if (!always && text.length < least) return this.close();
    const request = new AbortController();
    this.request = request;
    this.box.dataset.state = "looking";
    try {
      const url = new URL(this.input.dataset.comboboxUrl, location.href);
      url.searchParams.set("q", text);
      const answer = await fetch(url, {
        headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
        signal: request.signal,
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { results } = await answer.json();
      if (this.request !== request) return;
      this.request = null;
      this.show(results ?? [], text);
    } catch (error) {
      if (error.name === "AbortError") return;
      if (this.request !== request) return;
      this.request = null;
      this.chooseExact = false;
      this.show([], text, words.failed);
    } finally {
      if (!this.request) delete this.box.dataset.state;
    }
  }

  show(results, text, failure) {
    this.results = results;
    this.active = -1;
    this.pointed = false;
    if (document.activeElement !== this.input) return this.close();
    this.list.replaceChildren(
      ...results.map((result, index) => this.option(result, index, text)),
    );
    if (!results.length) {
      const none = document.createElement("li");
      none.className = "combobox__note";
      none.setAttribute("role", "presentation");
      none.textContent = failure ?? words.none ?? "";
      this.list.append(none);
    }
    // Adding a new record is no result.
    const known = results.filter((result) => !result.data?.new);
    const offered = known.length < results.length ? results.at(-1).label : "";
    this.note.textContent = known.length
      ? (words.found ?? "").replace("{count}", known.length)
      : [failure ?? words.none, offered].filter(Boolean).join(". ");
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    // Enter never chooses a fuzzy match, but for a new record, which may be there already with another
    // spelling: the most similar one is active then, and shown beneath when it is chosen.
    const sure = results.findIndex((result) => !result.near);
    const isNew = Boolean(results[sure]?.data?.new) && known.length > 0;
    if (sure >= 0) this.point(isNew ? 0 : sure);
    if (this.chooseExact) {
      this.chooseExact = false;
      const exact = results.filter((result) => result.exact);
      const byCode = exact.find((result) => result.id.toLowerCase() === text.toLowerCase());
      if (byCode || exact.length === 1) this.take(byCode ?? exact[0]);
    }
  }

  option(result, index, text) {
    const option = document.createElement("li");
    option.className = "combobox__option";
    option.id = `${this.list.id}-${index}`;
    option.dataset.index = index;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    const label = document.createElement("span");
    label.append(...highlighted(result.label ?? "", text));
    option.append(label);
    if (result.hint) {
      const hint = document.createElement("span");
      hint.className = "combobox__hint";
      hint.append(...highlighted(result.hint, text));
      option.append(hint);
    }
    return option;
  }

  point(index) {
    this.active = index;
    [...this.list.querySelectorAll("[role=option]")].forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === index));
      if (at === index) option.scrollIntoView({ block: "nearest" });
    });
    if (index >= 0) this.input.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    if (this.results[index]) this.take(this.results[index]);
  }

  take(result) {
    this.input.value = result.label;
    this.chosen = result.label;
    if (this.target) {
      this.target.value = result.id;
      this.target.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.close();
    this.mark();
    this.input.dispatchEvent(new CustomEvent("combobox:choose", { bubbles: true, detail: result }));
  }

  forget() {
    if (this.chosen === null) return;
    this.forgotten = { chosen: this.chosen, id: this.target?.value, text: this.before };
    this.chosen = null;
    if (this.target) this.target.value = "";
    this.mark();
    this.input.dispatchEvent(new CustomEvent("combobox:clear", { bubbles: true }));
  }

  // Undoes what the letters of a scan have cleared.
  remember() {
    this.close();
    if (this.forgotten?.text !== this.input.value) return;
    this.chosen = this.forgotten.chosen;
    if (this.target) this.target.value = this.forgotten.id;
    this.mark();
    this.input.dispatchEvent(new CustomEvent("combobox:remember", { bubbles: true }));
  }

  mark() {
    if (this.chosen === null) delete this.box.dataset.chosen;
    else this.box.dataset.chosen = "";
  }

  close() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.request?.abort();
    this.request = null;
    this.chooseExact = false;
    delete this.box.dataset.state;
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

// Returns a letter without accent and case; one without a single plain letter is unchanged.
function plain(letter) {
  const bare = letter.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return bare.length === letter.length ? bare : letter;
}

function highlighted(label, text) {
  const parts = text.split(/\s+/).filter(Boolean).map((part) => [...part].map(plain).join(""));
  // Letter by letter, so that positions in the plain text are positions in the label.
  const lower = [...label].length === label.length ? [...label].map(plain).join("") : label.toLowerCase();
  const nodes = [];
  let at = 0;
  while (at < label.length) {
    let next = -1;
    let length = 0;
    for (const part of parts) {
      const found = lower.indexOf(part, at);
      if (found >= 0 && (next < 0 || found < next || (found === next && part.length > length))) {
        next = found;
        length = part.length;
      }
    }
    if (next < 0) break;
    if (next > at) nodes.push(document.createTextNode(label.slice(at, next)));
    const mark = document.createElement("mark");
    mark.textContent = label.slice(next, next + length);
    nodes.push(mark);
    at = next + length;
  }
  if (at < label.length) nodes.push(document.createTextNode(label.slice(at)));
  return nodes;
}

function enhance(root) {
  for (const input of root.querySelectorAll("input[data-combobox-url]:not([role=combobox])")) {
    new Combobox(input);
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
document.addEventListener("combobox:enhance", (event) => enhance(event.target));
