// Puts a reply on the page, each part in its place.
import { pointTo } from "./address.js";
import { adopt } from "./choices.js";
import { sync } from "./controls.js";
import { byId, focus, page, part } from "./dom.js";
import { signal } from "./events.js";
import { morph } from "./morph.js";

/**
 * As `View.reply` makes it.
 * @typedef {{
 *   turn: number, state: import("./choices.js").Choices, link: string, language: string, direction: string,
 *   title: string, left: string, parts: Record<string, [sum: number, html: string]>, record?: object,
 * }} Reply
 */

/** @type {Record<string, number>} Checksums of the parts that are shown: the server leaves out those of the same. */
export const have = {};
/** Told of each reply, once it is on the page. */
export const shown = signal();
let last = "";

/** @param {Reply} reply */
export const show = (reply) => {
  adopt(reply.state);
  pointTo(reply.link);
  const root = document.documentElement;
  root.lang = reply.language;
  root.dir = reply.direction;
  // Gradio's block around the page says ltr, whatever the document is.
  page().dir = reply.direction;
  document.title = reply.title;
  document.cookie = `language=${reply.language}; path=/; max-age=31536000; samesite=lax`;
  const focused = document.activeElement?.id;
  put(reply.parts);
  sync();
  page().setAttribute("data-ready", "true");
  page().setAttribute("data-turn", String(reply.turn));
  refocus(focused);
  toEnd();
  shown.tell(reply);
};

/** @param {Reply["parts"]} parts */
export const put = (parts) => {
  for (const [name, [sum, html]] of Object.entries(parts)) {
    const place = part(name);
    if (!place) continue;
    morph(place, html);
    have[name] = sum;
  }
};

// A long strip scrolls within itself: what was bought last is in sight.
const toEnd = () => {
  const strip = page().querySelector(".basket");
  const latest = strip?.lastElementChild?.id ?? "";
  if (strip && latest !== last && !strip.contains(document.activeElement)) strip.scrollTop = strip.scrollHeight;
  last = latest;
};

const refocus = (id) => {
  if (!id || document.activeElement?.id === id) return;
  const before = byId(id);
  if (before && !before.disabled) return focus(id);
  // What was focused is gone or can't be used: stay near.
  const twin = { earlier: "later", later: "earlier" }[id.split("-")[0]];
  const near = twin && byId(id.replace(/^\w+/, twin));
  focus(near && !near.disabled ? near.id : "basket-title");
};
