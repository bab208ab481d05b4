// Back and forth among the visitor's changes: each is an entry of the browser's history, so that its buttons, the page's
// own and the keys do the same, and a reload finds everything.
import { entry, link, remember } from "./address.js";
import { answered } from "./asking.js";
import { change, changes, choices, turn } from "./choices.js";
import { byId, focus } from "./dom.js";
import { on, press } from "./events.js";
import { keep, recall } from "./session.js";

/** The place of the newest entry. */
const LAST = "last";
const NEAR = { undo: "redo", redo: "undo" };

/** The turn whose entry is there, so that its answer needs no further one. */
let noted = 0;
let travels = false;

const snapshot = () => structuredClone(choices());
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

const push = () => {
  const at = (entry()?.at ?? -1) + 1;
  remember(new URL(link()).search, { at, choices: snapshot() }, true);
  keep(LAST, at);
  noted = turn();
};

const sync = () => {
  const at = entry()?.at ?? 0;
  const can = { undo: at > 0, redo: at < recall(LAST, 0) };
  for (const [id, may] of Object.entries(can)) {
    const button = byId(id);
    if (!button) continue;
    const focused = document.activeElement === button;
    button.disabled = !may;
    if (focused && !may) focus(can[NEAR[id]] ? NEAR[id] : "basket-title");
  }
};

changes.listen(() => {
  if (travels) noted = turn();
  else if (entry() && !isSame(snapshot(), entry().choices)) push();
  sync();
});

// What was typed becomes items by its answer: only then is there something new to go back from.
answered.listen((reply) => {
  const before = entry();
  if (before && noted < turn() && !isSame(snapshot(), before.choices)) push();
  if (!before) keep(LAST, 0);
  remember(reply.link, { at: entry()?.at ?? 0, choices: snapshot() });
  sync();
});

window.addEventListener("popstate", () => {
  const then = entry();
  if (!then || !choices()) return;
  travels = true;
  change((next) => Object.assign(next, structuredClone(then.choices)));
  travels = false;
});

// What is on the screen stays there: the browser would go to where the visitor was at that time.
history.scrollRestoration = "manual";

press({ undo: () => history.back(), redo: () => history.forward() });

// In a field these keys are the field's own.
on("keydown", "body", (body, event) => {
  const key = event.key.toLowerCase();
  const isOurs = (event.ctrlKey || event.metaKey) && !event.altKey && (key === "z" || key === "y");
  if (!isOurs || event.target.closest("input:not([type=checkbox], [type=radio], [type=range]), textarea, select")) return;
  event.preventDefault();
  byId(key === "y" || event.shiftKey ? "redo" : "undo")?.click();
});
