// A class's guesses side by side, and what a pupil hands in for them. All of it travels in links; the server keeps none.
import { answered } from "../asking.js";
import { choices } from "../choices.js";
import { byId } from "../dom.js";
import { on, press } from "../events.js";
import { files, take } from "../files.js";
import { morph } from "../morph.js";

const MARK = "#class=";
const COPIED_MS = 2500;

/** What was shown last: it is printed and handed on as it was. */
let codes = "";
/** Of the address that the page was opened with: the page's own addresses have no such end. */
let opened = location.hash.startsWith(MARK) ? location.hash.slice(MARK.length) : "";

const room = () => byId("class");
const linkTo = (what) => `${location.origin}${location.pathname}?lang=${choices().language}${MARK}${what}`;

// The letters that an address may have.
const packed = (text) =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const look = (what) => {
  codes = what;
  take({ kind: "class", codes });
};

// The link is copied where the browser allows it, and stands there to be copied by hand.
const copy = async (link, field, button) => {
  field.value = link;
  field.hidden = false;
  field.select();
  const word = button.querySelector("span");
  const before = word.textContent;
  try {
    await navigator.clipboard.writeText(link);
  } catch {
    return;
  }
  word.textContent = button.dataset.done;
  setTimeout(() => (word.textContent = before), COPIED_MS);
};

files.listen((file) => {
  if (!file.shows) return;
  morph(room(), file.text);
  if (!room().open) {
    room().showModal();
    byId("class-codes").value = codes.replaceAll(",", "\n");
    byId("class-title").focus();
  }
});

const open = () => {
  if (!opened) return;
  const what = opened;
  opened = "";
  // The page's own reply comes before the ports of the other components are open.
  setTimeout(() => look(what));
};

answered.listen(open);
addEventListener("hashchange", () => {
  opened = location.hash.startsWith(MARK) ? location.hash.slice(MARK.length) : "";
  open();
});

on("submit", "[data-form=class]", (form, event) => {
  event.preventDefault();
  look(byId("class-codes").value);
});

press({
  class: () => look(codes),
  "class-close": () => room().close(),
  "class-print": () => take({ kind: "class", codes, prints: true }),
  "class-link": (button) => copy(linkTo(button.dataset.codes), byId("class-link-text"), button),
  "hand-in": (button) =>
    copy(linkTo(`${packed(byId("pupil").value.trim())}.${button.dataset.code}`), byId("hand-in-link"), button),
});
