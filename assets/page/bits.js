// The prompt with its words shaded: what the one under the pointer or the focus does. The arrow keys go from word to
// word, so that all of them are one stop of the Tab key.
import { all, byId } from "./dom.js";
import { on } from "./events.js";

const STEPS = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 };

const tell = (bit) => {
  const place = byId("bit-told");
  if (place) place.textContent = bit.getAttribute("aria-label");
  for (const one of all(".bit[data-told]")) one.removeAttribute("data-told");
  bit.setAttribute("data-told", "");
};

const go = (event) => {
  const bit = event.currentTarget;
  const bits = all(".bit");
  const forth = getComputedStyle(bit.closest(".bits") ?? bit).direction === "rtl" ? -1 : 1;
  const sideways = event.key === "ArrowRight" || event.key === "ArrowLeft";
  const step = (STEPS[event.key] ?? 0) * (sideways ? forth : 1);
  const next = { Home: bits[0], End: bits.at(-1) }[event.key] ?? (step ? bits[bits.indexOf(bit) + step] : null);
  if (!next) return;
  event.preventDefault();
  next.focus();
};

on("mouseover", ".bit", tell);
on("focusin", ".bit", (bit) => {
  for (const one of all(".bit")) one.tabIndex = one === bit ? 0 : -1;
  // A word's own, so that the keys of the whole page are heard there, too.
  bit.addEventListener("keydown", go);
  tell(bit);
});
