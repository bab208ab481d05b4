// The lesson's panel: opens steps, sets up the page for each, takes guesses and notes, and shows what came of them.
import { ask } from "../asking.js";
import { change, choices } from "../choices.js";
import { all, byId, focus, pace, page, part } from "../dom.js";
import { on, press } from "../events.js";
import { explained, show } from "../instruments.js";
import { shown } from "../showing.js";
import { entry, forget, join, note, number, whole } from "./record.js";

const SURE_MS = 5000;

/** @type {{turn: number, instrument: string, look: object} | null} What was set up, until its answer is shown. */
let pending = null;
/** @type {boolean} Whether the screen goes to what a step asks for, once it is there. */
let aiming = false;
/** What the panel showed last: its step, how far within it, whether it was done. */
let step = "";
let reached = "";
let wasDone = "";
/** When it was first asked to forget everything: it does when it is asked again. */
let sure = 0;

/** The steps of a lesson so long, in their order. */
const plan = (minutes = choices()?.minutes) =>
  (byId("lesson-open").getAttribute(`data-plan-${minutes}`) ?? "1").split(" ").map(Number);
const unanswered = (steps) => steps.find((one) => !entry(one).truth) ?? steps[0];

const lesson = () => byId("lesson");
const box = () => byId("lesson-box");
const isPhone = () => matchMedia("(max-width: 1100px)").matches;

const sync = () => {
  const is = number() > 0;
  document.documentElement.classList.toggle("in-lesson", is);
  byId("lesson-open")?.setAttribute("aria-expanded", is);
  if (box() && !isPhone()) box().open = true;
  for (const field of all("[data-note]")) {
    const kept = entry(field.dataset.note).note ?? "";
    if (document.activeElement !== field && field.value !== kept) field.value = kept;
  }
};

const learn = (theirs) => {
  if (!theirs) return;
  join(theirs);
  sync();
  // Two replies may cross: then the panel shows less than is known.
  const known = Object.keys(whole()).filter((one) => entry(one).truth && !theirs[one]?.truth);
  if (known.length) ask();
};

shown.listen((reply) => {
  sync();
  learn(reply.record);
  const now = lesson()?.dataset.step ?? "";
  const isDone = now && lesson().dataset.done;
  if (now !== step) {
    step = now;
    reached = "";
    if (now && box()) box().open = true;
    part("lesson").querySelector(".lesson-body")?.scrollTo(0, 0);
    // The whole step is on the screen, its last answer too.
    if (now && isPhone()) part("lesson").scrollIntoView({ block: "start" });
  } else if (isDone === "true" && wasDone === "false" && isPhone() && "prompted" in lesson().dataset) {
    // What was to be found stands in the panel.
    box().open = true;
  }
  wasDone = isDone;
  measure();
  reach();
  if (!pending || reply.turn < pending.turn) return;
  const { instrument, look } = pending;
  pending = null;
  if (isPhone() && box()) box().open = false;
  measure();
  if (instrument) {
    aiming = true;
    show(instrument, { look, anew: true, scroll: true });
  } else aim(lesson().dataset.aim);
});

explained.listen((reply) => {
  learn(reply.record);
  sync();
  measure();
  reach();
  if (aiming) aim(lesson()?.dataset.aim);
  aiming = false;
});

// What a step asks for, to the top of the screen; false where it is not there yet.
const aim = (selector) => {
  const goal = selector && page().querySelector(selector);
  if (!goal?.checkVisibility()) return false;
  if (goal.localName === "details") goal.open = true;
  goal.scrollIntoView({ block: "start", behavior: pace() });
  return true;
};

// On a phone the folded panel stays at the top: what is scrolled to stops below it.
const measure = () => {
  const folded = lesson() && isPhone() && !box().open ? lesson().offsetHeight : 0;
  document.documentElement.style.setProperty("--lesson-height", `${folded}px`);
};

// What a step has come to may stand below the panel's edge.
const reach = () => {
  const next = lesson()?.querySelector(".lesson-told") ?? lesson()?.querySelector("[data-stage]");
  const stage = next ? `${lesson().dataset.step} ${next.className}` : "";
  if (stage && stage !== reached && box().open) next.scrollIntoView({ block: "nearest" });
  reached = stage;
};

const go = (to) => {
  change((next) => {
    next.lesson = to;
    next.given = [];
  });
  focus("lesson-question");
};

press({
  lesson: () => {
    if (number()) {
      go(0);
      byId("lesson-open")?.focus();
    } else go(unanswered(plan()));
  },
  minutes: (button) => {
    const minutes = Number(button.dataset.value);
    const steps = plan(minutes);
    change((next) => {
      next.minutes = minutes;
      if (!steps.includes(next.lesson)) Object.assign(next, { lesson: unanswered(steps), given: [] });
    });
  },
  step: (button) => go(Number(button.dataset.value)),
  stage: (button) => {
    const { instrument, look, stage } = button.dataset;
    pending = { turn: Number(page().dataset.turn ?? 0) + 1, instrument, look: JSON.parse(look) };
    change((next) => Object.assign(next, JSON.parse(stage)));
  },
  where: (button) => {
    if (isPhone() && box()) box().open = false;
    measure();
    const { instrument } = lesson().dataset;
    if (aim(button.dataset.value)) /** @type {any} */ (page().querySelector(button.dataset.value)).focus?.({ preventScroll: true });
    else if (instrument) {
      aiming = true;
      show(instrument, { scroll: true });
    }
  },
  kiosk: (button) => {
    if (isPhone() && box()) box().open = false;
    measure();
    aim("#own-shop");
    const field = byId("own-text");
    if (field) field.value = button.dataset.lines;
    field?.focus({ preventScroll: true });
  },
  restart: (button) => {
    const word = button.querySelector("span");
    if (Date.now() - sure > SURE_MS) {
      sure = Date.now();
      const before = word.textContent;
      word.textContent = button.dataset.sure;
      setTimeout(() => (word.textContent = before), SURE_MS);
      return;
    }
    sure = 0;
    forget();
    go(plan()[0]);
  },
});

on("toggle", "#lesson-box", measure);

on("submit", "[data-form=guess]", (form, event) => {
  event.preventDefault();
  const guess = new FormData(form).get("guess");
  byId("guess-needed").hidden = Boolean(guess);
  if (!guess) return form.querySelector("select, input").focus();
  if (entry(number()).guess) return;
  note(number(), { guess: String(guess) });
  ask();
  focus("lesson-question");
});

on("input", "[data-note]", (field) => note(field.dataset.note, { note: field.value }));
