// The trail: the answers of this session, to be gone back to and taken away. They are kept in this tab alone.
import { answered } from "./asking.js";
import { change, choices } from "./choices.js";
import { all, byId } from "./dom.js";
import { press } from "./events.js";
import { save } from "./files.js";
import { keep, recall } from "./session.js";
import { shown } from "./showing.js";

/**
 * As `trail.entry` in `recommender/page/trail.py` makes it, and the choices that it answers.
 * @typedef {{key: string, html: string, document: object, row: string[], choices: object}} Kept
 */

const PLACE = "trail";
const MOST = 60;

/** @type {Kept[]} */
let kept = recall(PLACE, []);
let now = "";

const draw = () => {
  const list = byId("trail-list");
  if (!list) return;
  byId("trail").hidden = kept.length < 2;
  const drawn = all("li", list);
  kept.forEach(({ key, html }, place) => {
    if (drawn[place]?.dataset.key !== key) {
      const item = document.createElement("li");
      item.dataset.key = key;
      item.innerHTML = html;
      item.querySelector("button").value = key;
      if (drawn[place]) drawn[place].replaceWith(item);
      else list.append(item);
    }
  });
  for (const extra of drawn.slice(kept.length)) extra.remove();
  for (const item of all("li", list)) {
    const button = item.querySelector("button");
    if (item.dataset.key === now) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  const current = /** @type {HTMLElement | null} */ (list.querySelector("[aria-current]"))?.parentElement;
  // Within the strip only: the page stays where it is.
  if (current) list.scrollLeft += current.getBoundingClientRect().left - list.getBoundingClientRect().left;
};

answered.listen(({ entry }) => {
  now = entry?.key ?? "";
  if (entry && !kept.some((one) => one.key === entry.key)) {
    kept = [...kept, { ...entry, choices: structuredClone(choices()) }].slice(-MOST);
    keep(PLACE, kept);
  }
  draw();
});
// In another language its frame is a new one.
shown.listen(draw);

const quoted = (cell) => `"${cell.replaceAll('"', '""')}"`;

press({
  revisit: (button) => {
    const then = kept.find((one) => one.key === button.value);
    const { lesson, given, other } = choices();
    if (then) change((next) => Object.assign(next, structuredClone(then.choices), { lesson, given, other }));
  },
  trail: ({ dataset: { value } }) => {
    if (value === "json") {
      const text = JSON.stringify(kept.map((one) => one.document), null, 2);
      return save({ name: "answers.json", type: "application/json", text: `${text}\n` });
    }
    const rows = [Object.keys(kept[0].document), ...kept.map((one) => one.row)];
    // A mark at the beginning: without it spreadsheets take Arabic for another encoding.
    save({ name: "answers.csv", type: "text/csv", text: "\ufeff" + rows.map((row) => row.map(quoted).join(",") + "\r\n").join("") });
  },
});
