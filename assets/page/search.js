// The search field of a large shop: asks while somebody types, shows what was found, and puts it into the basket or takes
// it out. A combobox as ARIA has it: the focus stays in the field, arrows go through the list, Enter takes, Escape closes.
import { change, choices, without } from "./choices.js";
import { all, byId } from "./dom.js";
import { on } from "./events.js";
import { morph } from "./morph.js";
import { shown } from "./showing.js";

const ADDRESS = "find";
const PAUSE_MS = 90;
const BUSY_MS = 600;

let timer = 0;
let busy = 0;
/** @type {AbortController | null} */
let asked = null;
/** The option that the arrows are at, from 0; -1 for none. */
let at = -1;

const field = () => byId("seek-text");
const list = () => byId("seek-found");
const options = () => all("[data-seek]", list());
const text = () => field().value.trim();
const group = () => byId("seek-group")?.value ?? "";

const say = (words) => {
  byId("seek-said").textContent = words;
};

const point = (to) => {
  at = to;
  options().forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
  const option = options()[at];
  if (option) {
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else field().removeAttribute("aria-activedescendant");
};

const open = (is) => {
  list().hidden = !is;
  field().setAttribute("aria-expanded", String(is));
  point(-1);
};

const close = () => {
  clearTimeout(timer);
  clearTimeout(busy);
  asked?.abort();
  open(false);
  say("");
};

const find = async () => {
  asked?.abort();
  const own = new AbortController();
  asked = own;
  if (!text() && !group()) return close();
  clearTimeout(busy);
  busy = setTimeout(() => say(byId("seek-said").dataset.busy), BUSY_MS);
  const { catalogue, language, items } = choices();
  try {
    const response = await fetch(new URL(ADDRESS, location.href), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: text(), group: group(), catalogue, language, items }),
      signal: own.signal,
    });
    if (!response.ok) throw new Error(String(response.status));
    const reply = await response.json();
    // Somebody has typed on, or the page has another shop by now.
    if (own.signal.aborted || !field()) return;
    morph(list(), reply.html);
    clearTimeout(busy);
    byId("seek-said").innerHTML = reply.said;
    open(reply.count > 0);
    byId("seek").scrollIntoView({ block: "nearest" });
  } catch {
    if (own.signal.aborted || !field()) return;
    clearTimeout(busy);
    open(false);
    say(byId("seek-said").dataset.failed);
  }
};

const soon = () => {
  clearTimeout(timer);
  timer = setTimeout(find, PAUSE_MS);
};

// As with a box: who takes what is there already takes it out.
const take = (option) => {
  const id = option.dataset.seek;
  field().value = "";
  close();
  change((next) => {
    next.items = next.items.includes(id) ? without(next.items, id) : [...next.items, id];
  });
};

const move = (step) => {
  const { length } = options();
  if (list().hidden || !length) return find();
  // Beyond the last the field itself, then the first.
  const to = at + step;
  point(to >= length ? -1 : to < -1 ? length - 1 : to);
};

const KEYS = {
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  Home: () => (at < 0 ? false : point(0)),
  End: () => (at < 0 ? false : point(options().length - 1)),
  // The best one, unless the arrows have chosen another.
  Enter: () => {
    const option = list().hidden ? null : options()[Math.max(at, 0)];
    if (option) take(option);
  },
  Escape: () => {
    if (list().hidden) field().value = "";
    close();
  },
};

on("input", "#seek-text", soon);
on("change", "#seek-group", find);
on("keydown", "#seek-text", (input, event) => {
  const act = KEYS[event.key];
  if (!act || event.isComposing) return;
  if (act() !== false) event.preventDefault();
});
// The focus stays in the field.
on("mousedown", "[data-seek]", (option, event) => event.preventDefault());
on("click", "[data-seek]", take);
on("focusin", "#seek-text", () => {
  if (text() && list().hidden) find();
});
on("focusout", "#seek", (box, event) => {
  if (!box.contains(event.relatedTarget)) close();
});

// Another shop or language: what was found is of the one before.
shown.listen((reply) => {
  if (!reply.parts.search || !field()) return;
  field().value = "";
  morph(list(), "");
  close();
});
