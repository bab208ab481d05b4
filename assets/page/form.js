// The form for items that no shop has.
import { answered, contribute, isAsking } from "./asking.js";
import { change } from "./choices.js";
import { byId } from "./dom.js";
import { on, press } from "./events.js";

/** @type {{text: string, bought: boolean}[]} What was typed and isn't answered yet. */
let typed = [];

contribute(() => (typed.length ? { typed } : {}));

on("submit", "[data-form=add]", (form, event) => {
  event.preventDefault();
  const entry = { text: byId("add-name").value, bought: event.submitter?.value !== "offered" };
  // Until it is answered the text stays in the field; an entry that found no answer is the one that is sent again.
  typed = isAsking() ? [...typed, entry] : [entry];
  change(() => {});
});

// Where the answer is a guess its button leads to the field, whose area may be folded away on a small screen.
press({
  "add-related": () => {
    const field = byId("add-name");
    field.scrollIntoView({ block: "center" });
    field.focus({ preventScroll: true });
  },
});

// What was typed has been answered: what was refused stays in the field, beside the reason.
answered.listen(({ left = "" }) => {
  if (!typed.length) return;
  const field = byId("add-name");
  if (field.value === typed.at(-1).text) field.value = left;
  typed = [];
  if (left) field.focus({ preventScroll: true });
  byId("add-said").scrollIntoView({ block: "nearest" });
});
