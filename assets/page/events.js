// What happens: one listener of the document for each kind of event, and signals from one module to others.

/** @typedef {(element: any, event: any) => void} Act */

/** @type {Record<string, [selector: string, act: Act][]>} */
const rules = {};
/** @type {Record<string, (button: any) => void>} */
const buttons = {};

/**
 * Answers events of `type` at elements that match `selector`, or lie within one; the first rule that fits is the only
 * one.
 * @param {string} type
 * @param {string} selector
 * @param {Act} act
 */
export const on = (type, selector, act) => {
  if (!rules[type]) {
    rules[type] = [];
    // A `toggle` doesn't bubble: it is caught on its way down.
    document.addEventListener(type, (event) => answer(rules[type], event), type === "toggle");
  }
  rules[type].push([selector, act]);
};

const answer = (known, event) => {
  for (const [selector, act] of known) {
    const element = event.target.closest?.(selector);
    if (element) return act(element, event);
  }
};

/**
 * What the page's buttons do, by their `data-do`.
 * @param {Record<string, (button: any) => void>} acts
 */
export const press = (acts) => Object.assign(buttons, acts);

on("click", "#page [data-do]", (button) => {
  if (!button.disabled) buttons[button.dataset.do]?.(button);
});

/**
 * Something that happens in one module, and those who listen, in the order in which they came.
 * @returns {{listen: (listener: (...news: any[]) => void) => void, tell: (...news: any[]) => void}}
 */
export const signal = () => {
  const listeners = [];
  return {
    listen: (listener) => {
      listeners.push(listener);
    },
    tell: (...news) => {
      for (const listener of listeners) listener(...news);
    },
  };
};
