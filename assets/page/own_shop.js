// My shop: reads what a visitor pastes, drops or chooses, sends it in pieces, and shows what the server makes of it. The
// key of the shop stays in this browser: it stands in no address.
import { answered } from "./asking.js";
import { change, choices } from "./choices.js";
import { all, byId } from "./dom.js";
import { on, press } from "./events.js";
import { receive, refusals, send } from "./gradio.js";
import { morph } from "./morph.js";
import { hand, inPieces } from "./parcel.js";
import { shown } from "./showing.js";

const KEPT = "own-shop";
const WAS = "own-shop-was";
const RETRY_MS = 5000;
const FOLDERS = "own-shop/";

let key = "";
let model = "";
let turn = 0;
let timer = 0;
/** @type {string[]} The pieces of a file that are not sent yet, in order, the first being number `sent`. */
let pieces = [];
let sent = 0;
let about = {};

const recall = (name) => {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
};
const note = (name, value) => {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing: the shop is this tab's alone.
  }
};

const ask = (act, more = {}) => {
  clearTimeout(timer);
  turn += 1;
  send("own", { do: act, key, turn, language: choices()?.language ?? document.documentElement.lang, ...more });
};

const look = () => ask("look", { was: recall(WAS) });

// Says that something is being read, or that nothing is.
const busy = (is) => {
  const place = byId("own-busy");
  if (place) place.textContent = is ? place.dataset.words : "";
  byId("own-shop")?.setAttribute("aria-busy", String(is));
};

// The sentences are the server's, and stand hidden in the panel.
const refuse = (kind) => {
  const told = byId("own-refusals").querySelector(`[data-refusal="${kind}"]`);
  byId("own-refused").replaceChildren(...(told ? [told.cloneNode(true)] : []));
  busy(false);
};

const bring = async (given, name) => {
  const most = Number(byId("own-bring").dataset.most);
  if (given.size > most) return refuse("larger");
  if (!given.size) return refuse("nothing");
  refuse("");
  busy(true);
  try {
    const { parts, zipped } = await inPieces(given);
    pieces = parts;
    sent = 0;
    about = { name, zipped, of: parts.length };
    next();
  } catch {
    // Moved or changed since it was chosen.
    refuse("unreadable");
  }
};

const next = () => ask("piece", { ...about, number: sent, data: pieces[sent] });

const openShop = () =>
  change((state) => Object.assign(state, { catalogue: key, items: null, new: [], cart: [], viewed: [] }));

receive("own", (reply) => {
  // Also told of what it has just sent itself.
  if (reply?.html === undefined || reply.turn !== turn) return;
  key = reply.key;
  note(KEPT, key);
  note(WAS, reply.poll ? "training" : "");
  if (typeof reply.next === "number") {
    sent = reply.next;
    return next();
  }
  pieces = [];
  busy(false);
  const focused = document.activeElement?.id;
  morph(byId("own-body"), reply.html);
  if (byId("own-draft") && !byId("own-body").contains(document.activeElement)) byId("own-draft-title").focus();
  else if (focused && document.activeElement?.id !== focused) byId(focused)?.focus({ preventScroll: true });
  byId("own-shop").setAttribute("data-turn", String(reply.turn));
  if (reply.poll) timer = setTimeout(look, reply.poll);
  if (reply.open) openShop();
  // Another model answers for the shop that is shown.
  else if (reply.model !== model && choices()?.catalogue === key) change(() => {});
  model = reply.model;
});

refusals.listen(() => {
  busy(false);
  if (recall(WAS)) timer = setTimeout(look, RETRY_MS);
});

on("submit", "[data-form=own]", (form, event) => {
  event.preventDefault();
  bring(new Blob([byId("own-text").value.trim()], { type: "text/plain" }), "");
});
on("change", "#own-file", (field) => {
  const [file] = field.files;
  if (file) bring(file, file.name);
  // The same file may be chosen again.
  field.value = "";
});
on("dragover", "#own-shop", (panel, event) => event.preventDefault());
on("drop", "#own-shop", (panel, event) => {
  const [file] = event.dataTransfer.files;
  if (!file) return;
  event.preventDefault();
  bring(file, file.name);
});
on("change", "[data-kind]", (radio) => {
  for (const uses of all("[data-uses]")) uses.hidden = uses.dataset.uses !== radio.value;
});
on("submit", "[data-form=own-draft]", (form, event) => {
  event.preventDefault();
  const kind = form.querySelector("[data-kind]:checked").value;
  const fields = all(`[data-of="${kind}"]`, form);
  busy(true);
  const columns = Object.fromEntries(fields.map((field) => [field.dataset.use, field.value]));
  ask("take", { kind, columns, days: byId("own-days")?.value });
});

press({
  own: (button) => {
    const does = button.dataset.value;
    const more = does === "train" ? { minutes: Number(byId("own-minutes").value), repeats: byId("own-repeats").value } : {};
    ask(does, more);
  },
  // Asked for in a request's body: an address would carry the key.
  "own-download": async (button) => {
    const what = button.dataset.value;
    button.disabled = true;
    try {
      const body = JSON.stringify({ key });
      const headers = { "content-type": "application/json" };
      const response = await fetch(new URL(FOLDERS + what, location.href), { method: "POST", headers, body });
      if (!response.ok) throw new Error(String(response.status));
      hand(await response.blob(), what === "folder" ? "my-shop.zip" : "sales.csv");
    } catch {
      refuse("not-sent");
    }
    button.disabled = false;
  },
  "own-customer": ({ dataset: { value } }) =>
    change((state) =>
      Object.assign(state, { catalogue: key, items: value.split(" "), new: [], cart: [], viewed: [] }),
    ),
});

// In another language the panel is a new one.
shown.listen((reply) => {
  if (reply.parts.own && key) look();
});
// A reload, or a second tab of the same visitor: the shop that is there already.
let begun = false;
answered.listen(() => {
  if (begun || !byId("own-shop")) return;
  begun = true;
  key = recall(KEPT);
  // The page's own reply comes before the ports of the other components are open.
  if (key) setTimeout(look);
});
