// The menus that change tags, and the form of a case: one at a time, with keys of its own.
//
// A menu is a grid of buttons. A row of the list of touchpoints has one for each polarity; every
// other row has one button.

class Menus {
  // `report` is called with what was chosen.
  constructor(report) {
    this.report = report;
    this.away = (event) => {
      if (this.popup && !this.popup.contains(event.target) && !this.anchor.contains(event.target)) {
        this.dismiss();
      }
    };
    document.addEventListener("pointerdown", this.away);
  }

  close() {
    document.removeEventListener("pointerdown", this.away);
  }

  // Opens the menu `kind` below a button, for the mentions `ids`; again, it closes.
  open(anchor, kind, { data, card, ids }) {
    if (this.toggled(anchor)) return;
    const { words } = data;
    this.item = (text, change, { on = false, label = text, style } = {}) => {
      const made = make("button", {
        type: "button", role: "menuitemradio", "aria-checked": String(on), "aria-label": label,
        title: label, class: style, tabindex: -1,
      }, text);
      made.onclick = (event) => {
        event.stopPropagation();
        this.report({ do: "change", ids, ...change });
      };
      return made;
    };
    const popup = make("div", { role: "menu", class: "popup", "aria-label": words[kind] });
    this.grid = [];
    if (kind === "sentiment") this.tones(popup, words, card);
    if (kind === "complaint" || (kind === "sentiment" && card)) this.complaints(popup, words, card);
    if (kind === "touchpoint") this.touchpoint(popup, data, card, anchor.dataset);
    if (kind === "touchpoints") this.touchpoints(popup, data, card);
    this.put(popup, anchor);
    const on = this.grid.flat().find((cell) => cell.getAttribute("aria-checked") === "true");
    (on ?? this.grid[0][0]).focus({ preventScroll: true });
    popup.scrollIntoView({ block: "nearest" });
  }

  tones(popup, words, card) {
    for (const key of POLARITIES) {
      const on = card?.dataset.sentiment === key;
      this.row(popup, this.item(words.polarities[key], { sentiment: key }, { on }));
    }
  }

  complaints(popup, words, card) {
    const now = card?.dataset.complaint;
    this.row(popup, this.item(words.is_complaint, { complaint: true }, { on: now === "yes" }));
    this.row(popup, this.item(words.no_complaint, { complaint: false }, { on: now === "no" }));
  }

  touchpoint(popup, { words }, card, { touchpoint, to }) {
    const now = JSON.parse(card.dataset.touchpoints)[touchpoint];
    for (const key of POLARITIES) {
      const change = { touchpoints: { [touchpoint]: key } };
      this.row(popup, this.item(words.polarities[key], change, { on: now === key }));
    }
    this.row(popup, this.item(words.away, { touchpoints: { [touchpoint]: null } }));
    const link = make("a", { href: `mentions?${to}`, role: "menuitem", tabindex: -1 }, words.list_all);
    this.row(popup, link);
  }

  touchpoints(popup, { words, touchpoints }, card) {
    const spoken = card ? JSON.parse(card.dataset.touchpoints) : {};
    for (const [name, title] of touchpoints) {
      const cells = POLARITIES.map((key) => {
        const tone = words.polarities[key];
        const change = { touchpoints: { [name]: key } };
        return this.item(tone.slice(0, 1), change, {
          on: spoken[name] === key, label: `${title}: ${tone}`, style: key,
        });
      });
      if (spoken[name] || !card) {
        const change = { touchpoints: { [name]: null } };
        cells.push(this.item("×", change, { label: `${title}: ${words.away}` }));
      }
      this.grid.push(cells);
      popup.append(make("div", { class: "row", role: "group", "aria-label": title },
        make("span", {}, title), make("span", { class: "cells" }, ...cells)));
    }
  }

  row(popup, cell) {
    popup.append(cell);
    this.grid.push([cell]);
  }

  // Opens the form of a case for what is selected.
  form(anchor, { data }) {
    if (this.toggled(anchor)) return;
    const popup = make("div", {
      role: "dialog", class: "popup wide", "aria-label": data.words.case,
    });
    popup.append(parsed(data.form));
    this.put(popup, anchor);
    popup.querySelector("select, input").focus({ preventScroll: true });
  }

  toggled(anchor) {
    const again = this.anchor === anchor;
    this.dismiss();
    return again;
  }

  put(popup, anchor) {
    this.popup = popup;
    this.anchor = anchor;
    anchor.setAttribute("aria-expanded", "true");
    const bar = anchor.closest(".bulk");
    const holder = bar ?? anchor.closest(".sm-card");
    holder.append(popup);
    const own = holder.getBoundingClientRect();
    const at = anchor.getBoundingClientRect();
    const left = Math.min(at.left - own.left, own.width - popup.offsetWidth - 8);
    popup.style.left = `${Math.max(0, left)}px`;
    if (bar) popup.style.bottom = `${own.bottom - at.top + 4}px`;
    else popup.style.top = `${at.bottom - own.top + 4}px`;
  }

  dismiss(refocus = false) {
    if (!this.popup) return;
    const { popup, anchor } = this;
    this.popup = this.anchor = this.grid = null;
    popup.remove();
    anchor.removeAttribute("aria-expanded");
    if (refocus) anchor.focus();
  }

  pressed(event) {
    if (event.key === "Escape") this.dismiss(true);
    else if (!this.grid || !this.popup.contains(document.activeElement)) return;
    else if (event.key === "Tab") return this.dismiss(true);
    else if (!this.steered(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  steered(key) {
    const { grid } = this;
    const row = grid.findIndex((cells) => cells.includes(document.activeElement));
    const column = grid[row].indexOf(document.activeElement);
    const to = (r, c) => {
      const cells = grid[(r + grid.length) % grid.length];
      cells[Math.max(0, Math.min(cells.length - 1, c))].focus();
      return true;
    };
    const steps = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      Home: [0, column],
      End: [-1, column],
    };
    if (steps[key]) return to(...steps[key]);
    const digit = "123".indexOf(key);
    if (digit >= 0 && grid[row].length > 1) {
      grid[row][digit].click();
      return true;
    }
    if (key.length > 1 || key === " ") return false;
    // A letter goes to the next row that begins with it.
    const begins = (cells) =>
      (cells[0].closest(".row") ?? cells[0]).textContent.toLowerCase().startsWith(key.toLowerCase());
    const found = [...grid.keys()].map((i) => (row + 1 + i) % grid.length)
      .find((i) => begins(grid[i]));
    return found !== undefined && to(found, column);
  }
}
