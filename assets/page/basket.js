// What the basket's buttons do, and its strip when something is dragged along it.
import { change, choices, without } from "./choices.js";
import { on, press } from "./events.js";

/** @type {string | null} */
let dragged = null;

const move = (id, step) =>
  change((next) => {
    const from = next.items.indexOf(id);
    const to = Math.min(Math.max(from + step, 0), next.items.length - 1);
    if (from < 0) return;
    next.items.splice(to, 0, ...next.items.splice(from, 1));
  });

press({
  // A shop begins with a customer of its own, which the server knows.
  catalogue: (button) => change((next) => Object.assign(next, { catalogue: button.dataset.value, items: null, new: [] })),
  // A typed name in the shop that it is shown in, and nothing else.
  try: ({ dataset: { shop, value, known } }) =>
    change((next) => Object.assign(next, { catalogue: shop, items: [value], new: known === undefined ? [value] : [] })),
  example: (button) => change((next) => (next.items = button.dataset.value.split(" "))),
  take: (button) => change((next) => next.items.push(button.dataset.value)),
  clear: () => change((next) => (next.items = [])),
  out: (button) => change((next) => (next.items = without(next.items, button.dataset.value))),
  earlier: (button) => move(button.dataset.value, -1),
  later: (button) => move(button.dataset.value, 1),
  forget: (button) =>
    change((next) => {
      next.items = without(next.items, button.dataset.value);
      next.new = without(next.new, button.dataset.name);
    }),
});

on("dragstart", "[data-bought]", (item, event) => {
  dragged = item.dataset.bought;
  event.dataTransfer.effectAllowed = "move";
});
on("dragover", "[data-bought]", (item, event) => {
  if (dragged) event.preventDefault();
});
on("drop", "[data-bought]", (item, event) => {
  const onto = item.dataset.bought;
  if (!dragged || onto === dragged) return;
  event.preventDefault();
  const { items } = choices();
  move(dragged, items.indexOf(onto) - items.indexOf(dragged));
});
on("dragend", "*", () => {
  dragged = null;
});
