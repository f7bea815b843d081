// The list of mentions: shows the cards that Python has written, and tells it what was pressed.
//
// `data` holds `cards`, pairs of an id and its HTML with everything of a mention escaped, and the
// words of the bar and the menus. What is pressed goes back as one trigger, `did`:
// {do: "change", ids: [1, 2] | "all", sentiment | complaint | touchpoints}, {do: "open", id} ...

const desks = new WeakMap();
const POLARITIES = ["negative", "neutral", "positive"];
const FIELDS = "input, textarea, select, [contenteditable]";
const HARMFUL = "script, iframe, object, embed, style, link, meta, base, svg, math, img, video";

export default function ({ parentElement, data, setTriggerValue }) {
  let desk = desks.get(parentElement);
  if (!desk) {
    desk = new Desk(parentElement.querySelector(".sm-desk"));
    desks.set(parentElement, desk);
  }
  desk.show(data, (did) => setTriggerValue("did", did));
  return () => desk.close();
}

function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// All is escaped in Python; should that ever fail, nothing of it runs all the same.
function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const found of template.content.querySelectorAll(HARMFUL)) found.remove();
  for (const element of template.content.querySelectorAll("*")) {
    for (const { name, value } of [...element.attributes]) {
      const elsewhere = name === "href" && !/^(https?:\/\/|[a-z]+\?|#)/.test(value);
      if (name.startsWith("on") || name === "style" && /url|expression/i.test(value) || elsewhere) {
        element.removeAttribute(name);
      }
    }
  }
  return template.content;
}

class Desk {
  constructor(root) {
    this.root = root;
    this.html = new Map();
    this.selected = new Set();
    this.all = false;
    this.live = make("div", { role: "status", "aria-live": "polite", class: "unseen" });
    this.done = make("div", { class: "done" });
    this.feed = make("div", { role: "feed" });
    this.bar = make("div", { class: "bulk", role: "toolbar", hidden: true });
    this.keys = make("dialog", { class: "keys" });
    root.replaceChildren(this.live, this.feed, this.bar, this.done, this.keys);
    root.onclick = (event) => this.clicked(event);
    root.onchange = (event) => this.changed(event);
    root.onsubmit = (event) => this.submitted(event);
    root.onfocusin = (event) => this.entered(event);
    // Before Streamlit's own keys, some of which are the same.
    this.typed = (event) => this.pressed(event);
    window.addEventListener("keydown", this.typed, true);
    this.away = (event) => {
      if (this.popup && !this.popup.contains(event.target)) this.dismiss();
    };
    document.addEventListener("pointerdown", this.away);
  }

  close() {
    window.removeEventListener("keydown", this.typed, true);
    document.removeEventListener("pointerdown", this.away);
  }

  // ---- what is shown

  show(data, say) {
    const first = this.data?.list !== data.list;
    if (first) this.clear();
    const before = this.data;
    this.data = data;
    this.say = say;
    this.feed.setAttribute("aria-label", data.words.list);
    this.feed.setAttribute("aria-busy", "false");
    this.bar.setAttribute("aria-label", data.words.bulk);
    const kept = this.place();
    this.reconcile(data.cards);
    this.back(kept);
    if (before?.done?.key !== data.done?.key) this.tell(data.done);
    this.keys.replaceChildren(parsed(data.keys));
    this.remember(data.reader);
    if (!this.card(this.current)) this.current = data.cards[0]?.[0];
    if (data.open && before?.open !== data.open) this.reach(data.open, !first || data.linked);
    this.mark();
  }

  reconcile(cards) {
    const wanted = new Set(cards.map(([id]) => id));
    for (const id of this.html.keys()) {
      if (!wanted.has(id)) {
        this.card(id)?.remove();
        this.html.delete(id);
      }
    }
    let last = null;
    for (const [id, html] of cards) {
      let card = this.card(id);
      if (!card || this.html.get(id) !== html) {
        const fresh = parsed(html).firstElementChild;
        const folded = card && [...card.querySelectorAll("details")].map((one) => one.open);
        card?.remove();
        card = fresh;
        if (folded) {
          card.querySelectorAll("details").forEach((one, i) => (one.open ||= folded[i] ?? false));
        }
        this.html.set(id, html);
      }
      card.classList.remove("busy");
      const next = last ? last.nextElementSibling : this.feed.firstElementChild;
      if (next !== card) this.feed.insertBefore(card, next);
      last = card;
    }
  }

  card(id) {
    return id == null ? null : this.feed.querySelector(`:scope > [data-id="${id}"]`);
  }

  // Where the reader is: the card, and what of it has the focus.
  place() {
    const at = document.activeElement;
    const card = at?.closest?.(".sm-card");
    if (!card || !this.feed.contains(card)) return null;
    const keep = at.dataset.focus;
    return { id: card.dataset.id, keep };
  }

  back(place) {
    if (!place || this.feed.contains(document.activeElement)) return;
    const card = this.card(place.id);
    const same = place.keep && card?.querySelector(`[data-focus="${CSS.escape(place.keep)}"]`);
    (same || card)?.focus({ preventScroll: true });
  }

  reach(id, focus) {
    const card = this.card(id);
    if (!card || !focus) return;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }

  tell(done) {
    this.done.replaceChildren(...(done ? [parsed(done.html)] : []));
    this.live.textContent = done ? done.said : "";
  }

  remember(name) {
    const value = `simak_reader=${encodeURIComponent(name)}`;
    if (name && !document.cookie.split("; ").includes(value)) {
      document.cookie = `${value}; max-age=31536000; path=/; SameSite=Strict`;
    }
  }

  mark() {
    for (const card of this.feed.children) {
      const id = Number(card.dataset.id);
      const chosen = this.all || this.selected.has(id);
      card.tabIndex = id === this.current ? 0 : -1;
      card.classList.toggle("selected", chosen);
      const box = card.querySelector('input[data-do="select"]');
      if (box) box.checked = chosen;
    }
    const n = this.all ? this.data.total : this.selected.size;
    this.bar.hidden = !n;
    if (!n) return;
    const { words } = this.data;
    const button = (text, what, more = {}) =>
      make("button", { type: "button", "data-do": what, ...more }, text);
    const menu = (text, kind) => button(`${text} ▾`, "menu", {
      "data-menu": kind, "aria-haspopup": "menu", "data-focus": `bulk-${kind}`,
    });
    const page = this.data.cards.length;
    const kept = this.bar.contains(document.activeElement) && document.activeElement.dataset.focus;
    this.bar.replaceChildren(
      make("b", {}, fill(this.all ? words.everything : words.selected, this.count(n))),
      ...(this.all || n >= page ? [] : [button(fill(words.page, this.count(page)), "page")]),
      ...(this.all || !this.data.all ? [] : [button(fill(words.all, this.data.all), "all")]),
      menu(words.sentiment, "sentiment"),
      menu(words.complaint, "complaint"),
      menu(words.touchpoint, "touchpoints"),
      button(`${words.case} ▾`, "case", { "aria-haspopup": "dialog", "data-focus": "bulk-case" }),
      button(words.clear, "clear", { class: "plain" }),
    );
    if (kept) this.bar.querySelector(`[data-focus="${kept}"]`)?.focus();
  }

  count(n) {
    return Number(n).toLocaleString(this.data.lang);
  }

  // ---- what is selected

  clear() {
    this.selected.clear();
    this.all = false;
  }

  select(ids, chosen = true) {
    this.all = false;
    for (const id of ids) chosen ? this.selected.add(id) : this.selected.delete(id);
    this.mark();
    this.live.textContent = fill(this.data.words.selected, this.count(this.selected.size));
  }

  // What a change is meant for: what is selected, where the card is among it; else the card.
  meant(id) {
    if (id != null && !this.all && !this.selected.has(id)) return [id];
    return this.all ? "all" : [...this.selected];
  }

  report(did) {
    this.dismiss();
    const ids = did.ids === "all" ? [...this.html.keys()] : did.ids ?? [did.id];
    for (const id of ids) this.card(id)?.classList.add("busy");
    this.feed.setAttribute("aria-busy", "true");
    this.say(did);
  }

  // ---- mouse and touch

  clicked(event) {
    const pressed = event.target.closest("[data-do]");
    const card = event.target.closest(".sm-card");
    const id = card && this.feed.contains(card) ? Number(card.dataset.id) : null;
    if (id != null) this.current = id;
    if (!pressed || pressed.matches("input, form")) return this.settle();
    const what = pressed.dataset.do;
    if (what === "menu") this.menu(pressed, pressed.dataset.menu, id);
    else if (what === "case") this.form(pressed);
    else if (what === "clear") this.select([...this.selected], false);
    else if (what === "page") this.select(this.data.cards.map(([one]) => one));
    else if (what === "add") this.select(pressed.dataset.ids.split(",").map(Number));
    else if (what === "keys") this.keys.showModal();
    else if (what === "shut") this.keys.close();
    else if (what === "all") {
      this.all = true;
      this.live.textContent = fill(this.data.words.everything, this.count(this.data.total));
    } else {
      this.report({ ...pressed.dataset, id: id ?? (Number(pressed.dataset.id) || null) });
    }
    this.settle();
  }

  settle() {
    this.mark();
  }

  changed(event) {
    const box = event.target;
    if (box.dataset.do !== "select") return;
    const id = Number(box.closest(".sm-card").dataset.id);
    if (this.all) for (const one of this.html.keys()) this.selected.add(one);
    this.select([id], box.checked);
  }

  submitted(event) {
    event.preventDefault();
    const form = event.target;
    const card = form.closest(".sm-card");
    const fields = Object.fromEntries(new FormData(form));
    const ids = card ? [Number(card.dataset.id)] : this.meant(null);
    this.report({ do: form.dataset.do, ids, fields, bulk: !card });
  }

  entered(event) {
    const card = event.target.closest(".sm-card");
    if (card && this.feed.contains(card) && this.current !== Number(card.dataset.id)) {
      this.current = Number(card.dataset.id);
      this.mark();
    }
  }

  // ---- keyboard

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = document.activeElement;
    if (this.keys.open) return;
    if (this.popup) return this.steer(event);
    const inside = this.root.contains(at);
    if (!(inside || at === document.body) || at?.matches?.(FIELDS)) {
      if (!(inside && at.matches('input[type="checkbox"]'))) return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!inside && key !== "j") return;
    const card = this.card(this.current);
    const onCard = at === card;
    const acts = {
      j: () => this.move(inside ? 1 : 0),
      k: () => this.move(-1),
      x: () => this.select([this.current], !(this.all || this.selected.has(this.current))),
      1: () => this.tag("negative"),
      2: () => this.tag("neutral"),
      3: () => this.tag("positive"),
      c: () => this.complain(card),
      t: () => this.menu(card.querySelector('[data-menu="touchpoints"]'), "touchpoints", this.current),
      e: () => this.report({ do: card.dataset.open ? "close" : "open", id: this.current }),
      u: () => this.done.querySelector('[data-do="undo"]')?.click(),
      "?": () => this.keys.showModal(),
      ...(onCard && { ArrowDown: () => this.move(1), ArrowUp: () => this.move(-1) }),
      ...((this.all || this.selected.size) && { Escape: () => { this.clear(); this.mark(); } }),
    };
    if (!acts[key] || !card) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    acts[key]();
  }

  move(by) {
    const cards = [...this.feed.children];
    const at = cards.findIndex((card) => Number(card.dataset.id) === this.current);
    const next = cards[Math.max(0, Math.min(cards.length - 1, at + by))];
    this.current = Number(next.dataset.id);
    this.mark();
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  tag(sentiment) {
    this.report({ do: "change", ids: this.meant(this.current), sentiment });
  }

  complain(card) {
    const complaint = card.dataset.complaint !== "yes";
    this.report({ do: "change", ids: this.meant(this.current), complaint });
  }

  // ---- menus

  menu(anchor, kind, id) {
    if (!anchor) return;
    const again = this.anchor === anchor;
    this.dismiss();
    if (again) return;
    const { words } = this.data;
    const ids = this.meant(id);
    const change = (said) => () => this.report({ do: "change", ids, ...said });
    const item = (text, said, on = false) => {
      const made = make("button", {
        type: "button", role: "menuitemradio", "aria-checked": String(on), tabindex: -1,
      }, text);
      made.onclick = (event) => { event.stopPropagation(); change(said)(); };
      return made;
    };
    const card = this.card(id);
    const rows = [];
    if (kind === "sentiment") {
      POLARITIES.forEach((key) => rows.push(
        [item(words.polarities[key], { sentiment: key }, card?.dataset.sentiment === key)]));
    }
    if (kind === "complaint" || (kind === "sentiment" && card)) {
      const now = card?.dataset.complaint;
      rows.push([item(words.is_complaint, { complaint: true }, now === "yes")]);
      rows.push([item(words.no_complaint, { complaint: false }, now === "no")]);
    }
    if (kind === "touchpoints" || kind === "touchpoint") {
      const spoken = card ? JSON.parse(card.dataset.touchpoints) : {};
      const only = anchor.dataset.touchpoint;
      for (const [name, title] of this.data.touchpoints) {
        if (only && name !== only) continue;
        const cells = POLARITIES.map((key) => {
          const label = words.polarities[key];
          const made = item(only ? label : label.slice(0, 1), { touchpoints: { [name]: key } },
            spoken[name] === key);
          made.setAttribute("aria-label", `${title}: ${label}`);
          made.title = `${title}: ${label}`;
          made.classList.add(key);
          return made;
        });
        if (spoken[name] || !card) {
          const away = item(only ? words.away : "×", { touchpoints: { [name]: null } });
          away.setAttribute("aria-label", `${title}: ${words.away}`);
          away.title = `${title}: ${words.away}`;
          cells.push(away);
        }
        if (only) cells.forEach((cell) => rows.push([cell]));
        else rows.push({ title, cells });
      }
    }
    const popup = make("div", { role: "menu", class: "popup", "aria-label": words[kind] });
    this.grid = rows.map((row) => row.cells ?? row);
    for (const row of rows) {
      if (!row.cells) popup.append(...row);
      else popup.append(make("div", { class: "row", role: "group", "aria-label": row.title },
        make("span", {}, row.title), make("span", { class: "cells" }, ...row.cells)));
    }
    const list = anchor.dataset.to && make("a", {
      href: `mentions?${anchor.dataset.to}`, role: "menuitem", tabindex: -1,
    }, words.list_all);
    if (list) {
      popup.append(list);
      this.grid.push([list]);
    }
    this.put(popup, anchor);
    const on = this.grid.flat().find((cell) => cell.getAttribute("aria-checked") === "true");
    (on ?? this.grid[0][0]).focus({ preventScroll: true });
    popup.scrollIntoView({ block: "nearest" });
  }

  form(anchor) {
    const again = this.anchor === anchor;
    this.dismiss();
    if (again) return;
    const popup = make("div", { role: "dialog", class: "popup case", "aria-label": this.data.words.case });
    popup.append(parsed(this.data.form));
    this.grid = null;
    this.put(popup, anchor);
    popup.querySelector("select, input").focus({ preventScroll: true });
  }

  put(popup, anchor) {
    this.popup = popup;
    this.anchor = anchor;
    anchor.setAttribute("aria-expanded", "true");
    const holder = anchor.closest(".bulk") ?? anchor.closest(".sm-card") ?? this.root;
    holder.append(popup);
    const own = holder.getBoundingClientRect();
    const at = anchor.getBoundingClientRect();
    const left = Math.max(0, Math.min(at.left - own.left, own.width - popup.offsetWidth - 8));
    popup.style.left = `${left}px`;
    if (holder === this.bar) popup.style.bottom = `${own.bottom - at.top + 4}px`;
    else popup.style.top = `${at.bottom - own.top + 4}px`;
  }

  dismiss(refocus = false) {
    if (!this.popup) return;
    this.popup.remove();
    this.anchor.removeAttribute("aria-expanded");
    if (refocus) this.anchor.focus();
    this.popup = this.anchor = this.grid = null;
  }

  steer(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return this.dismiss(true);
    }
    if (!this.grid || !this.popup.contains(document.activeElement)) return;
    if (event.key === "Tab") return this.dismiss();
    const row = this.grid.findIndex((cells) => cells.includes(document.activeElement));
    const column = this.grid[row].indexOf(document.activeElement);
    const to = (r, c) => {
      const cells = this.grid[(r + this.grid.length) % this.grid.length];
      cells[Math.max(0, Math.min(cells.length - 1, c))].focus();
    };
    const steps = {
      ArrowDown: () => to(row + 1, column),
      ArrowUp: () => to(row - 1, column),
      ArrowRight: () => to(row, column + 1),
      ArrowLeft: () => to(row, column - 1),
      Home: () => to(0, column),
      End: () => to(-1, column),
    };
    const digit = "123".indexOf(event.key);
    const name = event.key.length === 1 && event.key.toLowerCase();
    if (steps[event.key]) steps[event.key]();
    else if (digit >= 0 && this.grid[row].length > digit) this.grid[row][digit].click();
    else if (name && name !== " ") {
      // A letter goes to the next row that begins with it.
      const begins = (cells) =>
        (cells[0].closest(".row") ?? cells[0]).textContent.toLowerCase().startsWith(name);
      const order = [...this.grid.keys()].map((i) => (row + 1 + i) % this.grid.length);
      const found = order.find((i) => begins(this.grid[i]));
      if (found !== undefined) to(found, column);
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}

function fill(text, n) {
  return text.replace("{n}", n);
}
