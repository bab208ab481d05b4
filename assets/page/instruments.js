// See why: opens an instrument, asks for it, and asks again whenever the answer that it is about has changed.
import { entry } from "./address.js";
import { failures } from "./asking.js";
import { choices } from "./choices.js";
import { all, byId, focus, pace, page } from "./dom.js";
import { on, press, signal } from "./events.js";
import { reset } from "./fields.js";
import { receive, send } from "./gradio.js";
import { inLesson } from "./lesson/record.js";
import { morph } from "./morph.js";
import { keep, recall } from "./session.js";
import { have, put, shown } from "./showing.js";

const LATE_MS = 300;
const GIVE_UP_MS = 40000;

const KEPT = "instruments";

/** @type {{open: string | null, looks: Record<string, object>}} What a page that is loaded again had open. */
const before = entry() ? recall(KEPT, { open: null, looks: {} }) : { open: null, looks: {} };

/** @type {Record<string, object>} Each instrument's settings. */
const looks = before.looks;
/** @type {Record<string, string>} What each of those that are shown was worked out for. */
const seen = {};
/** @type {string | null} The one that is open. */
let open = before.open;
/** @type {{name: string, ask: number, subject: string} | null} The question that is not answered yet. */
let asked = null;
let number = 0;
let late = 0;
let lost = 0;

/** Told of each reply, once its instrument is on the page. */
export const explained = signal();

const panel = (name) => byId(`panel-${name}`);
const body = (name) => panel(name)?.querySelector("[data-body]");
const stale = (name) => panel(name).querySelector("[data-stale]");

// What an instrument is worked out for: while it is the same, it need not be asked again.
const subject = (name) => {
  const { items, language, route, catalogue, new: typed, model, viewed, cart } = choices();
  if (panel(name)?.hasAttribute("data-fixed")) return JSON.stringify([language, model]);
  const taken = window.languages[language].routes ? route : "";
  return JSON.stringify([items, language, taken, catalogue, typed, model, viewed, cart]);
};

const ask = (name) => {
  asked = { name, ask: ++number, subject: subject(name) };
  clearTimeout(late);
  clearTimeout(lost);
  late = setTimeout(() => work(name), LATE_MS);
  lost = setTimeout(fail, GIVE_UP_MS);
  stale(name).hidden = true;
  send("why", { ask: number, instrument: name, look: looks[name] ?? {}, state: choices(), have, ...inLesson() });
};

// Says of one instrument, or of none, that it is being worked out.
const work = (name) => {
  for (const one of all(".panel")) {
    const says = one.querySelector(".working");
    const working = one.dataset.panel === name;
    one.setAttribute("aria-busy", working);
    if (says) says.textContent = working ? says.dataset.working : "";
  }
};

const done = () => {
  clearTimeout(late);
  clearTimeout(lost);
  asked = null;
  work(null);
};

// Whoever wants it then asks for it, or changes something.
const fail = () => {
  const name = asked?.name;
  done();
  if (name && panel(name)) stale(name).hidden = false;
};

receive("why", (reply) => {
  // Also told of what it has just sent itself.
  if (reply?.html === undefined || !asked || reply.ask !== asked.ask) return;
  const { name, subject: about } = asked;
  done();
  const focused = document.activeElement?.id;
  looks[name] = { ...reply.look };
  morph(body(name), reply.html);
  reset(body(name));
  put(reply.parts ?? {});
  seen[name] = about;
  keep(KEPT, { open, looks });
  page().setAttribute("data-why", reply.ask);
  // With its marks: what stands in the other script is read out in its own language.
  byId("why-said").replaceChildren(...(body(name).querySelector(".finding")?.cloneNode(true).childNodes ?? []));
  if (focused && document.activeElement?.id !== focused) focus(focused);
  explained.tell(reply);
  mark();
});

// Asks anew for the open instrument where it is about another answer, and forgets the closed ones that are.
const mark = () => {
  for (const name of Object.keys(seen)) {
    if (choices() && seen[name] === subject(name)) panel(name)?.removeAttribute("data-old");
    else if (name !== open) {
      body(name)?.replaceChildren();
      delete seen[name];
    } else {
      panel(name)?.setAttribute("data-old", "true");
      if (!asked) ask(name);
    }
  }
};

const sync = () => {
  keep(KEPT, { open, looks });
  for (const button of all("[data-do=why][aria-controls]")) {
    const is = button.dataset.value === open;
    button.setAttribute("aria-expanded", is);
    panel(button.dataset.value).hidden = !is;
  }
};

/**
 * Opens an instrument; `look` sets it up, `anew` asks even where it was asked before.
 * @param {string} name
 * @param {{look?: object | null, anew?: boolean, scroll?: boolean}} [how]
 */
export const show = (name, { look = null, anew = false, scroll = false } = {}) => {
  open = name;
  if (look) looks[name] = { ...look };
  sync();
  if (anew || look || seen[name] !== subject(name)) ask(name);
  if (scroll) reach(name);
};

/** @param {string} name */
export const isOpen = (name) => open === name;

/**
 * Sets instruments up for when they are next open: what they have found by other settings is forgotten.
 * @param {string[]} names
 * @param {object} look
 */
export const aim = (names, look) => {
  for (const name of names) {
    const next = { ...looks[name], ...look };
    if (name !== open && JSON.stringify(next) !== JSON.stringify(looks[name])) delete seen[name];
    looks[name] = next;
  }
  keep(KEPT, { open, looks });
};

// Beside its question an answer begins at the top of the section; below it, under it.
const reach = (name) => {
  const question = byId(`ask-${name}`);
  const below = panel(name).getBoundingClientRect().top >= question.getBoundingClientRect().bottom - 2;
  (below ? question.parentElement : question.closest(".asks")).scrollIntoView({ block: "start", behavior: pace() });
};

const choose = (control, value) => {
  const name = control.closest(".panel")?.dataset.panel;
  if (!name) return;
  looks[name] = { ...looks[name], [control.dataset.set]: value };
  ask(name);
};

press({
  why: (button) => {
    const name = button.dataset.value;
    if (!button.hasAttribute("aria-controls")) {
      show(name, { scroll: true });
      focus(`ask-${name}`);
    } else if (open === name) {
      open = null;
      sync();
      mark();
    } else show(name);
  },
  look: (button) => ask(button.dataset.value),
  set: (button) => choose(button, button.dataset.value),
});

on("change", "select[data-set], input[data-set]", (control) =>
  choose(control, control.type === "range" ? Number(control.value) : control.value),
);

failures.listen(fail);
shown.listen((reply) => {
  // In another language the section is a new one, and empty.
  if (reply.parts.why) for (const name of Object.keys(seen)) delete seen[name];
  if (open && !panel(open)) open = null;
  sync();
  if (reply.parts.why && open) ask(open);
  mark();
});
