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

/** @param {string} query as the reply has it */
export const remember = (query) => {
  const kept = new URLSearchParams(location.search);
  const address = new URLSearchParams(query);
  if (hasTheme) address.set("__theme", document.body.classList.contains("dark") ? "dark" : "light");
  if (kept.has("view")) address.set("view", kept.get("view"));
  try {
    history.replaceState(history.state, "", "?" + address.toString().replaceAll("%2C", ","));
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
