// Two side by side: what is chosen on the page is side A; side B is what `choices().other` has otherwise.
import { change, choices } from "./choices.js";
import { loads } from "./controls.js";
import { all, byId } from "./dom.js";
import { on, press } from "./events.js";
import { send } from "./gradio.js";
import { morph } from "./morph.js";
import { shown } from "./showing.js";

const BASKET = ["items", "viewed", "cart"];

const set = (name, value) =>
  change((next) => {
    next.other = { ...next.other, [name]: value || null };
    if (name === "items") Object.assign(next.other, { items: value ? value.split(" ") : null, viewed: [], cart: [] });
  });

// What differs changes places; what is the same on both sides stays.
const swap = () =>
  change((next) => {
    const other = { ...next.other };
    const names = ["language", "route", "model"].filter((name) => other[name] !== null);
    if (other.items !== null) names.push(...BASKET);
    for (const name of names) [next[name], other[name]] = [other[name], next[name]];
    next.other = other;
  });

press({
  compare: (button) => change((next) => (next.other = next.other ? null : JSON.parse(button.dataset.value))),
  versus: (button) => change((next) => (next.other = JSON.parse(button.dataset.value))),
  swap,
  "beside-load": ({ dataset: { value } }) =>
    send("load", { model: value, language: choices().language, side: "other", turn: Date.now() }),
});

on("change", "#page [data-beside]", (list) => set(list.dataset.beside, list.value));

loads.listen((told) => {
  const place = byId("beside-loading");
  if (told.ready) change(() => {});
  else if (place) morph(place, told.html);
});

// A list keeps what was last chosen, whatever its attributes become.
shown.listen(() => {
  for (const list of all("[data-beside]")) list.value = list.querySelector("option[selected]")?.value ?? "";
});
