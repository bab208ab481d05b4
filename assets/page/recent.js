// What was seen lately in a large shop: what was chosen and what was recommended, the latest first, as long as the tab is
// open. The server draws it; a small shop has all its items in sight.
import { answered, contribute } from "./asking.js";
import { choices } from "./choices.js";
import { byId, page } from "./dom.js";
import { keep, recall } from "./session.js";

const KEPT = "recent";
const MOST = 32;

const name = () => `${KEPT}-${choices()?.catalogue ?? ""}`;

contribute(() => (byId("seek") ? { recent: recall(name(), []) } : {}));

answered.listen(() => {
  if (!byId("seek")) return;
  const best = page().querySelector("[data-best]")?.dataset.best;
  const now = [...(best ? [best] : []), ...choices().items.toReversed()];
  keep(name(), [...new Set([...now, ...recall(name(), [])])].slice(0, MOST));
});
