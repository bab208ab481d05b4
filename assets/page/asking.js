// Asks for the page as the choices want it: one event at a time, and only the newest choices. Whatever is chosen
// meanwhile is asked in one go.
import { entry } from "./address.js";
import { change, changes, choices, turn } from "./choices.js";
import { all } from "./dom.js";
import { press, signal } from "./events.js";
import { opening, receive, refusals, send } from "./gradio.js";
import { have, show } from "./showing.js";

const SLOW_MS = 12000;
/** What in an address is this page's, and not Gradio's. */
const OURS = ["items", "lang", "route", "catalogue", "new", "viewed", "cart", "lesson", "beside"];

let asking = false;
let again = false;
let timer = 0;
/** The page as everybody finds it. */
let first = null;
/** @type {object | null} What the page was left as, or its address says, until the server has read it. */
let unread = null;
/** @type {(() => object)[]} */
const givers = [];

/** Told of each reply that is on the page. */
export const answered = signal();
/** Told, with the kind, where no answer came. */
export const failures = signal();

export const isAsking = () => asking;

/**
 * Adds to what is sent with each question.
 * @param {() => object} give
 */
export const contribute = (give) => givers.push(give);

/** @param {object} [what] in place of the choices */
export const ask = (what) => {
  if (asking && !what) {
    again = true;
    return;
  }
  asking = true;
  clearTimeout(timer);
  timer = setTimeout(() => fail("slow"), SLOW_MS);
  const more = Object.assign({}, ...givers.map((give) => give()));
  send("ask", { turn: turn(), have, ...(what ?? { state: choices() }), ...more });
};

const arrive = (reply) => {
  if (!reply || reply.turn < turn()) return settle();
  unread = null;
  show(reply);
  answered.tell(reply);
  settle();
};

const settle = () => {
  asking = false;
  clearTimeout(timer);
  trouble(null);
  if (again) {
    again = false;
    ask();
  }
};

const fail = (kind) => {
  asking = again = false;
  clearTimeout(timer);
  // Nothing was shown yet: the page as everybody finds it, and the address as it is.
  if (!choices() && first) show(first);
  trouble(kind);
  failures.tell(kind);
};

const trouble = (kind) => {
  for (const box of all("[data-trouble]")) box.hidden = box.dataset.trouble !== kind;
};

opening.listen((reply) => {
  const query = new URLSearchParams(location.search);
  first = reply;
  const left = entry();
  // A reload finds all choices, also those that no link carries.
  if (left) unread = { state: left.choices };
  else if (OURS.some((name) => query.has(name))) unread = { query: location.search };
  else return arrive(reply);
  // The ports of the other components open right after this one.
  setTimeout(() => ask(unread));
});
receive("page", arrive);
refusals.listen(fail);
changes.listen(() => ask());
press({ again: () => (unread ? ask(unread) : change(() => {})) });
