// The list of mentions: shows the cards that Python has written, and tells it what was pressed.
//
// `data` holds `cards`, pairs of an id and its HTML with everything of a mention escaped, and the
// words of the bar and the menus. What is pressed goes back as one trigger, `did`:
// {do: "change", ids: [1, 2] | "all", sentiment | complaint | touchpoints}, {do: "open", id} ...

const desks = new WeakMap();
const POLARITIES = ["negative", "neutral", "positive"];
const FIELDS = "input:not([type=checkbox]), textarea, select";
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
    if (value != null) element.setAttribute(name, value);
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
      const elsewhere = name === "href" && !/^(https?:\/\/|mentions\?)/.test(value);
      if (name.startsWith("on") || elsewhere) element.removeAttribute(name);
    }
  }
  return template.content;
}

function fill(text, n) {
  return text.replace("{n}", n);
}

class Desk {
  constructor(root) {
    this.root = root;
    this.html = new Map();
    this.selected = new Set();
    this.all = false;
    this.live = make("div", { role: "status", class: "unseen" });
    this.head = make("div", { class: "top" });
    this.feed = make("div", { role: "feed" });
    this.bar = make("div", { class: "bulk", role: "toolbar" });
    this.done = make("div", { class: "done" });
    this.keys = make("dialog", { class: "keys" });
    root.replaceChildren(this.live, this.head, this.feed, this.bar, this.done, this.keys);
    root.onclick = (event) => this.clicked(event);
    root.onchange = (event) => this.changed(event);
    root.onsubmit = (event) => this.submitted(event);
    root.addEventListener("focusin", (event) => this.entered(event));
    // Before Streamlit's own keys, some of which are the same.
    this.typed = (event) => this.pressed(event);
    window.addEventListener("keydown", this.typed, true);
    this.menus = new Menus((did) => this.report(did));
  }

  close() {
    window.removeEventListener("keydown", this.typed, true);
    this.menus.close();
  }

  // ---- what is shown

  show(data, say) {
    const before = this.data;
    const other = before?.list !== data.list;
    if (other || before.done?.key !== data.done?.key) this.clear();
    this.data = data;
    this.say = say;
    this.feed.setAttribute("aria-label", data.words.list);
    this.feed.setAttribute("aria-busy", "false");
    this.bar.setAttribute("aria-label", data.words.bulk);
    const place = this.place();
    this.menus.dismiss();
    this.reconcile(data.cards);
    if (before?.head !== data.head) this.head.replaceChildren(parsed(data.head));
    if (before?.keys !== data.keys) this.keys.replaceChildren(parsed(data.keys));
    if (before?.done?.key !== data.done?.key) this.tell(data.done);
    this.remember(data.reader);
    if (!this.card(this.current)) {
      const next = Math.min(place?.index ?? 0, data.cards.length - 1);
      this.current = data.cards[next]?.[0];
    }
    this.back(place);
    if (data.open && before?.open !== data.open && (before || data.linked)) this.reach(data.open);
    this.mark();
  }

  reconcile(cards) {
    const wanted = new Set(cards.map(([id]) => id));
    for (const id of [...this.html.keys()]) {
      if (wanted.has(id)) continue;
      this.card(id)?.remove();
      this.html.delete(id);
    }
    let last = null;
    for (const [id, html] of cards) {
      let card = this.card(id);
      if (!card || this.html.get(id) !== html) {
        const unfolded = card?.querySelector("details.text")?.open;
        card?.remove();
        card = parsed(html).firstElementChild;
        const text = card.querySelector("details.text");
        if (text && unfolded) text.open = true;
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

  // Where the reader is: which card, and what of it has the focus.
  place() {
    const at = this.menus.anchor ?? document.activeElement;
    const card = at.closest(".sm-card");
    if (!card || !this.feed.contains(card)) return null;
    const index = [...this.feed.children].indexOf(card);
    return { id: card.dataset.id, index, what: at === card ? null : at.dataset.focus };
  }

  // Brings the focus back to where it was; where that card has left the list, to the next one.
  back(place) {
    if (!place || (this.feed.contains(document.activeElement) && this.card(place.id))) return;
    const card = this.card(place.id) ?? this.card(this.current);
    const same = place.what && card?.querySelector(`[data-focus="${CSS.escape(place.what)}"]`);
    (same || card)?.focus({ preventScroll: true });
  }

  reach(id) {
    const card = this.card(id);
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
  }

  tell(done) {
    this.done.replaceChildren(...(done ? [parsed(done.html)] : []));
    this.live.textContent = done ? done.said : "";
  }

  // Keeps the reader's name for the next visit.
  remember(name) {
    const cookie = `simak_reader=${encodeURIComponent(name)}`;
    if (!document.cookie.split("; ").includes(cookie)) {
      document.cookie = `${cookie}; max-age=31536000; path=/; SameSite=Strict`;
    }
  }

  // ---- what is selected

  clear() {
    this.selected.clear();
    this.all = false;
  }

  select(ids, chosen = true) {
    this.all = false;
    for (const id of ids) {
      if (chosen) this.selected.add(id);
      else this.selected.delete(id);
    }
    this.live.textContent = fill(this.data.words.selected, this.number(this.selected.size));
    this.mark();
  }

  // Selects all that is shown; where all of it is, nothing.
  selectShown() {
    const shown = this.data.cards.map(([id]) => id);
    this.select(shown, !(this.all || shown.every((id) => this.selected.has(id))));
  }

  selectAll() {
    this.all = true;
    this.live.textContent = fill(this.data.words.everything, this.number(this.data.total));
    this.mark();
  }

  // What a change is meant for: all that is selected, where the card is among it; else the card.
  meant(id) {
    if (id != null && !this.all && !this.selected.has(id)) return [id];
    return this.all ? "all" : [...this.selected];
  }

  mark() {
    for (const card of this.feed.children) {
      const id = Number(card.dataset.id);
      const chosen = this.all || this.selected.has(id);
      card.tabIndex = id === this.current ? 0 : -1;
      card.classList.toggle("selected", chosen);
      const box = card.querySelector('input[data-do="select"]');
      if (box) box.checked = chosen; // who may only read has none
    }
    const n = this.all ? this.data.total : this.selected.size;
    this.bar.hidden = !n;
    const { words } = this.data;
    const at = this.bar.contains(document.activeElement) && document.activeElement.dataset.focus;
    const button = (text, what, more = {}) => make("button", {
      type: "button", "data-do": what, "data-focus": `bulk-${more["data-menu"] ?? what}`, ...more,
    }, text);
    const menu = (text, kind) =>
      button(`${text} ▾`, "menu", { "data-menu": kind, "aria-haspopup": "menu" });
    const here = this.data.cards.length;
    this.bar.replaceChildren(
      make("b", {}, fill(this.all ? words.everything : words.selected, this.number(n))),
      ...(this.all || n >= here ? [] : [button(fill(words.page, this.number(here)), "page")]),
      ...(this.all || !this.data.all
        ? [] : [button(fill(words.all, this.number(this.data.all)), "all")]),
      menu(words.sentiment, "sentiment"),
      menu(words.complaint, "complaint"),
      menu(words.touchpoint, "touchpoints"),
      button(`${words.case} ▾`, "case", { "aria-haspopup": "dialog" }),
      button(words.clear, "clear", { class: "plain" }),
    );
    if (at) this.bar.querySelector(`[data-focus="${at}"]`)?.focus();
  }

  number(n) {
    return Number(n).toLocaleString(this.data.lang);
  }

  // ---- what is pressed

  report(did) {
    const ids = did.ids === "all" ? [...this.html.keys()] : did.ids ?? [did.id];
    for (const id of ids) this.card(id)?.classList.add("busy");
    this.feed.setAttribute("aria-busy", "true");
    this.say(did);
  }

  clicked(event) {
    const pressed = event.target.closest("[data-do]");
    const card = event.target.closest(".sm-card");
    const id = card ? Number(card.dataset.id) : null;
    if (id != null) this.current = id;
    if (!pressed || pressed.matches("input, form")) return;
    const { data } = this;
    const acts = {
      menu: () => this.menu(pressed, pressed.dataset.menu, id),
      case: () => this.menus.form(pressed, { data }),
      clear: () => this.select([...this.selected], false),
      page: () => this.select(data.cards.map(([one]) => one)),
      shown: () => this.selectShown(),
      all: () => this.selectAll(),
      add: () => this.select(pressed.dataset.ids.split(",").map(Number)),
      keys: () => this.keys.showModal(),
      shut: () => this.keys.close(),
      hush: () => this.done.replaceChildren(),
    };
    const what = pressed.dataset.do;
    if (acts[what]) acts[what]();
    else this.report({ do: what, id: id ?? (Number(pressed.dataset.id) || null) });
  }

  menu(anchor, kind, id) {
    this.menus.open(anchor, kind, { data: this.data, card: this.card(id), ids: this.meant(id) });
  }

  changed(event) {
    const box = event.target;
    if (box.dataset.do !== "select") return;
    if (this.all) for (const id of this.html.keys()) this.selected.add(id);
    this.select([Number(box.closest(".sm-card").dataset.id)], box.checked);
  }

  submitted(event) {
    event.preventDefault();
    const card = event.target.closest(".sm-card");
    const ids = card ? [Number(card.dataset.id)] : this.meant(null);
    const fields = Object.fromEntries(new FormData(event.target));
    this.report({ do: event.target.dataset.do, ids, fields, bulk: !card });
  }

  entered(event) {
    const card = event.target.closest(".sm-card");
    if (!card || this.current === Number(card.dataset.id)) return;
    this.current = Number(card.dataset.id);
    for (const one of this.feed.children) one.tabIndex = one === card ? 0 : -1;
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (this.keys.open) return;
    if (this.menus.popup) return this.menus.pressed(event);
    const at = document.activeElement;
    const inside = this.root.contains(at);
    if (inside ? at.matches(FIELDS) : at !== document.body) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!inside && key !== "j") return; // from anywhere, j enters the list
    const card = this.card(this.current);
    if (!card) return;
    const id = this.current;
    const tag = (sentiment) => () =>
      this.report({ do: "change", ids: this.meant(id), sentiment });
    const acts = {
      j: () => this.move(inside ? 1 : 0),
      k: () => this.move(-1),
      x: () => this.select([id], !(this.all || this.selected.has(id))),
      a: () => this.selectShown(),
      1: tag("negative"),
      2: tag("neutral"),
      3: tag("positive"),
      c: () => this.report({
        do: "change", ids: this.meant(id), complaint: card.dataset.complaint !== "yes",
      }),
      t: () => this.menu(card.querySelector('[data-menu="touchpoints"]'), "touchpoints", id),
      e: () => this.report({ do: card.dataset.open ? "close" : "open", id }),
      u: () => this.done.querySelector('[data-do="undo"]')?.click(),
      "?": () => this.keys.showModal(),
    };
    if (at === card) {
      acts.ArrowDown = () => this.move(1);
      acts.ArrowUp = () => this.move(-1);
    }
    if (!this.data.writes) for (const one of "xa123ctu") delete acts[one];
    if (this.all || this.selected.size) acts.Escape = () => this.select([...this.selected], false);
    if (!acts[key]) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    acts[key]();
  }

  move(by) {
    const cards = [...this.feed.children];
    const at = cards.findIndex((card) => Number(card.dataset.id) === this.current);
    const next = cards[Math.max(0, Math.min(cards.length - 1, at + by))];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }
}
