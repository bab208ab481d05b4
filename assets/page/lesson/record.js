// What a class has guessed, done and noted: kept in this browser, and told to the server with each question.
import { contribute } from "../asking.js";
import { choices } from "../choices.js";

/**
 * As `Entry` in `recommender/page/lesson/record.py`.
 * @typedef {{guess?: string, truth?: string, figure?: number, at?: string, look?: object, note?: string}} Entry
 */

const KEPT = "lesson";

const read = () => {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
};

/** @type {Record<string, Entry>} */
let record = read();

const keep = () => {
  try {
    localStorage.setItem(KEPT, JSON.stringify(record));
  } catch {
    // A browser that keeps nothing: the answers last until the page is closed.
  }
};

export const whole = () => record;

/**
 * @param {string | number} step
 * @returns {Entry}
 */
export const entry = (step) => record[step] ?? {};

/**
 * @param {string | number} step
 * @param {Entry} news
 */
export const note = (step, news) => {
  record[step] = { ...record[step], ...news };
  keep();
};

export const forget = () => {
  record = {};
  keep();
};

/**
 * What the server has ticked off joins what is known here: a note or a guess of the meantime stays.
 * @param {Record<string, Entry>} theirs
 */
export const join = (theirs) => {
  for (const [step, theirEntry] of Object.entries(theirs)) {
    const own = entry(step);
    if (own.guess && own.guess !== theirEntry.guess) continue;
    record[step] = own.truth ? { ...theirEntry, ...own } : { ...own, ...theirEntry, note: own.note ?? theirEntry.note };
  }
  keep();
};

/** The step that is open, 0 for none. */
export const number = () => choices()?.lesson ?? 0;

/** What a question says of the lesson, where one is open. */
export const inLesson = () =>
  number() || new URLSearchParams(location.search).has("lesson") ? { record } : {};

contribute(inLesson);
