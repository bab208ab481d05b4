// Files that the visitor asks for, and the link.
import { link } from "./address.js";
import { choices } from "./choices.js";
import { byId } from "./dom.js";
import { press, signal } from "./events.js";
import { receive, send } from "./gradio.js";
import { hand } from "./parcel.js";

const COPIED_MS = 2500;

/** Told of each file that has come. */
export const files = signal();

/** @param {object} wish what is asked for */
export const take = (wish) => send("take", { ...wish, state: choices(), turn: Date.now() });

/** @param {{name: string, type: string, text: string}} file */
export const save = (file) => hand(new Blob([file.text], { type: `${file.type};charset=utf-8` }), file.name);

const print = (text) => {
  byId("sheet-frame")?.remove();
  const frame = document.createElement("iframe");
  frame.id = "sheet-frame";
  frame.className = "sr";
  frame.setAttribute("aria-hidden", "true");
  frame.tabIndex = -1;
  frame.srcdoc = text;
  frame.addEventListener("load", () => {
    frame.contentWindow.focus();
    frame.contentWindow.print();
  });
  document.body.append(frame);
};

receive("take", (file) => {
  if (!file?.text) return;
  files.tell(file);
  if (file.prints) print(file.text);
  else if (!file.shows) save(file);
});

press({
  download: (button) => take({ kind: button.dataset.value }),
  copy: async (button) => {
    const word = button.querySelector("span");
    const before = word.textContent;
    try {
      await navigator.clipboard.writeText(link());
      word.textContent = button.dataset.done;
    } catch {
      byId("link").select();
      word.textContent = button.dataset.failed;
    }
    setTimeout(() => (word.textContent = before), COPIED_MS);
  },
});
