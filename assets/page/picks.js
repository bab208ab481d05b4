// The candidates to explain, chosen on the chart: one, or two to hold against each other. Every instrument that can
// explain what is chosen is told of it; what the open one shows counts.
import { all, byId } from "./dom.js";
import { press } from "./events.js";
import { aim, explained, isOpen, show } from "./instruments.js";
import { shown } from "./showing.js";

const FIRST = "reasons";

/** @type {string[]} Ids, the one to explain first. */
let picked = [];

const able = () => all("[data-picks]").map((panel) => panel.dataset.panel);
const look = () => ({ item: picked[0] ?? "", against: picked[1] ?? "" });

// The sentence of the open instrument, beside the bars that it is about.
const sync = () => {
  for (const bar of all("[data-do=pick]")) bar.setAttribute("aria-pressed", String(picked.includes(bar.dataset.value)));
  const place = byId("picked");
  if (!place) return;
  const name = able().find(isOpen);
  const told = name ? byId(`panel-${name}`).querySelector(".finding") : null;
  const says = picked.length > 0 && told !== null;
  place.hidden = !says;
  if (name) byId("picked-all").dataset.value = name;
  byId("pick-hint").hidden = says;
  byId("picked-said").replaceChildren(...(says ? told.cloneNode(true).childNodes : []));
};

const choose = () => {
  const names = able();
  const name = names.find(isOpen) ?? FIRST;
  aim(names, look());
  show(name, { anew: true });
  sync();
};

press({
  // One more is held against the first, a further one in its place; one that is chosen is let go.
  pick: (bar) => {
    const id = bar.dataset.value;
    picked = picked.includes(id) ? picked.filter((one) => one !== id) : [...picked.slice(0, 1), id];
    choose();
  },
  unpick: () => {
    picked = [];
    choose();
    byId("chart-title")?.focus();
  },
});

explained.listen((reply) => {
  const panel = byId(`panel-${reply.instrument}`);
  const fields = ["item", "against"].map((name) => panel.querySelector(`[data-set=${name}]`));
  if (panel.hasAttribute("data-picks") && fields[0]) {
    // As the server has found them: what stands above comes first, and what is no longer on offer is gone.
    picked = fields.map((field) => field.value).filter(Boolean);
    aim(able().filter((name) => name !== reply.instrument), look());
  }
  sync();
});
shown.listen(sync);
