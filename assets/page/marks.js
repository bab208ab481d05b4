// What an item was ticked as: its button goes on from bought to in the cart, to looked at, and back.
import { change, without } from "./choices.js";
import { press } from "./events.js";

const KINDS = ["cart", "viewed"];

press({
  mark: (button) => {
    const { value, next: mark } = button.dataset;
    change((next) => {
      for (const kind of KINDS) next[kind] = without(next[kind], value);
      if (KINDS.includes(mark)) next[mark] = [...next[mark], value];
    });
  },
});
