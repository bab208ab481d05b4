// Small helps with the document. They keep nothing.

export const page = () => document.getElementById("page");

/**
 * The place of a part of the page, as the server names them.
 * @param {string} name
 * @returns {HTMLElement | null | undefined}
 */
export const part = (name) => page()?.querySelector(`[data-part="${name}"]`);

/**
 * All elements that match, by default of the page.
 * @param {string} selector
 * @returns {any[]}
 */
export const all = (selector, root = page()) => Array.from(root?.querySelectorAll(selector) ?? []);

/**
 * The element of an id, whatever it is.
 * @param {string} id
 * @returns {any}
 */
export const byId = (id) => document.getElementById(id);

/**
 * How to scroll: not smoothly where the visitor's system asks for calm.
 * @returns {ScrollBehavior}
 */
export const pace = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");

/**
 * The focus where it was, without scrolling there.
 * @param {string} id
 */
export const focus = (id) => byId(id)?.focus({ preventScroll: true });

/**
 * A number with the digits of a language.
 * @param {number} number
 * @param {string | undefined} language
 * @param {Intl.NumberFormatOptions} digits
 */
export const figures = (number, language, digits) =>
  number.toLocaleString(window.languages[language]?.locale ?? "en", digits);
