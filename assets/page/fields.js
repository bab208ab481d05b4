// Sliders and lists of an instrument: shown as it was asked with them, and the number beside a slider that is moved.
import { choices } from "./choices.js";
import { all, byId, figures } from "./dom.js";
import { on } from "./events.js";

/**
 * As they were asked: an element keeps what was last moved, whatever its attributes become.
 * @param {HTMLElement} place
 */
export const reset = (place) => {
  for (const one of all("select[data-set], input[data-set]", place)) {
    const told = one.tagName === "SELECT" ? one.querySelector("option[selected]")?.value : one.getAttribute("value");
    one.value = told ?? one.options?.[0]?.value ?? "";
  }
};

on("input", "input[type=range][data-set]", (control) => {
  const told = byId(`told-${control.dataset.set}`);
  const digits = Number(control.step) < 0.1 ? 2 : 1;
  const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  if (told) told.textContent = figures(Number(control.value), choices()?.language, fixed);
});
