// The visitor's choices: the only copy there is, changed here and nowhere else.
import { signal } from "./events.js";

/**
 * As the server reads and writes it (`recommender/page/state.py`).
 * @typedef {{
 *   items: string[] | null, language: string, route: string, catalogue: string | null, new: string[], model: string,
 *   temperature: number, top_k: number, top_p: number, seed: number, every: boolean, lesson: number, given: string[],
 *   minutes: number, viewed: string[], cart: string[], other: Record<string, any> | null,
 * }} Choices
 */

/** @type {Choices | null} */
let current = null;
let changed = 0;

/** Told after each change that the visitor makes. */
export const changes = signal();

/** @returns {Choices | null} None before the page is drawn. */
export const choices = () => current;

/** How often the visitor has changed something: the number of the newest question. */
export const turn = () => changed;

/**
 * The choices as the server has found that they really are.
 * @param {Choices} theirs
 */
export const adopt = (theirs) => {
  current = { ...theirs, items: [...theirs.items], new: [...theirs.new], viewed: [...theirs.viewed], cart: [...theirs.cart] };
};

/** @param {(next: Choices) => void} alter */
export const change = (alter) => {
  if (!current) return;
  alter(current);
  changed += 1;
  changes.tell();
};

export const without = (items, id) => items.filter((item) => item !== id);
