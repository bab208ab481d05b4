// What this tab keeps until it is closed, so that a reload finds it. A browser that keeps nothing loses it then.

/**
 * @template T
 * @param {string} name
 * @param {T} otherwise
 * @returns {T}
 */
export const recall = (name, otherwise) => {
  try {
    return JSON.parse(sessionStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
};

/**
 * @param {string} name
 * @param {any} value
 */
export const keep = (name, value) => {
  try {
    sessionStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Full, or forbidden.
  }
};
