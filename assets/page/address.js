// The page's address holds the choices, so that a reload, or a server that comes back, finds them; and the theme.
import { press } from "./events.js";

const opened = new URLSearchParams(location.search);
const hasTheme = opened.has("__theme");
let whole = "";

/** The address that shows the page as it is, to be copied. */
export const link = () => whole;

/** @param {string} query as the reply has it */
export const pointTo = (query) => {
  whole = location.origin + location.pathname + query;
};

/**
 * What this entry of the browser's history was, by a page that was here before: the choices, and its place.
 * @returns {{at: number, choices: import("./choices.js").Choices} | null}
 */
export const entry = () => history.state?.nextItem ?? null;

/**
 * Writes the choices into the address and into the browser's history: in place of the entry, or as a further one.
 * @param {string} query as the reply has it
 * @param {object} [own] what the entry then is, in place of what it was
 * @param {boolean} [further]
 */
export const remember = (query, own = entry(), further = false) => {
  const kept = new URLSearchParams(location.search);
  const address = new URLSearchParams(query);
  if (hasTheme) address.set("__theme", document.body.classList.contains("dark") ? "dark" : "light");
  if (kept.has("view")) address.set("view", kept.get("view"));
  try {
    const to = "?" + address.toString().replaceAll("%2C", ",");
    history[further ? "pushState" : "replaceState"]({ ...history.state, nextItem: own }, "", to);
  } catch {
    // Some browsers limit how often; the next choice will do.
  }
};

press({
  theme: () => {
    const dark = document.body.classList.toggle("dark");
    try {
      localStorage.setItem("theme", dark ? "dark" : "light");
    } catch {
      // A browser that keeps nothing: the choice holds until the page is closed.
    }
    remember(new URL(link()).search);
  },
});

// Before anything is drawn: the language and the theme of a page that was here before.
const language = opened.get("lang");
if (Object.hasOwn(window.languages, language)) {
  document.documentElement.lang = language;
  document.documentElement.dir = window.languages[language].direction;
}
try {
  // Gradio has just followed the system; whoever has chosen here wants that.
  const theme = localStorage.getItem("theme");
  if (theme && !hasTheme) document.body.classList.toggle("dark", theme === "dark");
} catch {
  // A browser that keeps nothing: the system decides.
}
