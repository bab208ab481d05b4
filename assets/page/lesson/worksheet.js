// The lesson's worksheet, as a file or for the printer.
import { failures } from "../asking.js";
import { press } from "../events.js";
import { files, take } from "../files.js";
import { whole } from "./record.js";

const GIVE_UP_MS = 40000;

/** @type {{word: HTMLElement, before: string, timer: number} | null} The button that says that it is being made. */
let waiting = null;

const ready = () => {
  if (!waiting) return;
  clearTimeout(waiting.timer);
  waiting.word.textContent = waiting.before;
  waiting = null;
};

press({
  sheet: (button) => {
    if (waiting) return;
    const word = button.querySelector("span");
    waiting = { word, before: word.textContent, timer: setTimeout(ready, GIVE_UP_MS) };
    word.textContent = button.dataset.working;
    take({ kind: "worksheet", prints: button.dataset.value === "print", record: whole() });
  },
});

files.listen(ready);
failures.listen(ready);
