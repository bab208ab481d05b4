// Boxes, sliders and radio buttons: shown as the choices are, for the server sends them without; and what they change.
import { link } from "./address.js";
import { change, changes, choices, without } from "./choices.js";
import { all, byId, figures, page } from "./dom.js";
import { on, press, signal } from "./events.js";
import { receive, send } from "./gradio.js";
import { morph } from "./morph.js";

const OPTIONS = ["temperature", "top_k", "top_p", "seed"];

/** Told how far a model is that was asked for by the other side of a comparison. */
export const loads = signal();

/** The field that is being moved or typed into, until it says what came of it. */
let moving = null;

export const sync = () => {
  const state = choices();
  const bought = new Set(state.items);
  for (const box of all("[data-item]")) box.checked = bought.has(box.dataset.item);
  for (const box of all("[data-all]")) {
    const items = all("[data-item]", byId(box.dataset.all));
    const ticked = items.filter((item) => item.checked).length;
    box.checked = ticked === items.length;
    box.indeterminate = ticked > 0 && ticked < items.length;
  }
  for (const radio of all("[data-route]")) radio.checked = radio.value === state.route;
  for (const radio of all("[data-model]")) radio.checked = radio.value === state.model;
  for (const name of OPTIONS) {
    const input = byId(`option-${name}`);
    if (!input) continue;
    // What is being moved or typed stays as the visitor has it.
    if (input !== moving && input.getAttribute("aria-invalid") === null) input.value = state[name];
    input.disabled = name !== "temperature" && state.temperature === 0;
    tell(name, state[name]);
  }
  const seed = byId("seed-new");
  if (seed) seed.disabled = state.temperature === 0;
  const greedy = byId("greedy");
  if (greedy) greedy.hidden = state.temperature !== 0;
  const address = byId("link");
  if (address) address.value = link();
  for (const button of all("[data-do=download]")) button.disabled = !page().querySelector("[data-best]");
};

// The number beside a slider.
const tell = (name, number) => {
  const output = byId(`value-${name}`);
  if (output) output.textContent = figures(Number(number), choices().language, { maximumFractionDigits: 2 });
};

// A value that can't be is not sent: the reason stands beside the field until one comes that can.
const fits = (field) => {
  const does = field.value !== "" && field.validity.valid;
  const told = byId(`refused-${field.dataset.option}`);
  if (told) told.hidden = does;
  if (told && !does) told.scrollIntoView({ block: "nearest" });
  if (does) field.removeAttribute("aria-invalid");
  else field.setAttribute("aria-invalid", "true");
  return does;
};

const tick = (next, id, ticked) => {
  if (ticked && !next.items.includes(id)) next.items.push(id);
  if (!ticked) next.items = without(next.items, id);
};

changes.listen(sync);

on("change", "#page [data-item]", (box) => change((next) => tick(next, box.dataset.item, box.checked)));
on("change", "#page [data-all]", (box) => {
  const items = all("[data-item]", byId(box.dataset.all));
  change((next) => items.forEach((item) => tick(next, item.dataset.item, box.checked)));
});
on("change", "#page [data-route]", (radio) => change((next) => (next.route = radio.value)));
on("change", "#page [data-option]", (field) => {
  moving = null;
  if (choices() && fits(field)) change((next) => (next[field.dataset.option] = Number(field.value)));
});
on("input", "#page [data-option]", (field) => {
  moving = field;
  if (choices()) tell(field.dataset.option, field.value);
});

press({
  seed: () => {
    const field = byId("option-seed");
    field.value = Math.floor(Math.random() * 1e6);
    fits(field);
    change((next) => (next.seed = Number(field.value)));
  },
});

on("change", "#page [data-model]", (radio) => {
  const state = choices();
  if (!state) return;
  if (radio.value !== state.model) send("load", { model: radio.value, language: state.language, turn: Date.now() });
  // The other model stays chosen until this one is there.
  sync();
});

receive("load", (told) => {
  if (!told?.html) return;
  if (told.side) return loads.tell(told);
  morph(byId("loading"), told.html);
  if (told.ready) change((next) => (next.model = told.model));
  if (told.failed) sync();
});
