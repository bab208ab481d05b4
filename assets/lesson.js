// Lesson mode: keeps what a class has guessed, done and noted, in this browser, and sets up the page for each step.
(() => {
  "use strict";

  const { acts, arrived, hears, page, part, all, ask, change, send, save, pace, why } = window.nextItem;
  const KEPT = "lesson";
  const STEPS = 10;
  let record = read();
  let pending = null;
  let panelled = "";
  let reached = "";
  let sure = 0;
  let aiming = false;
  let was = "";

  function read() {
    try {
      return JSON.parse(localStorage.getItem(KEPT)) ?? {};
    } catch {
      return {};
    }
  }

  const keep = () => {
    try {
      localStorage.setItem(KEPT, JSON.stringify(record));
    } catch {
      // A browser that keeps nothing: the answers last until the page is closed.
    }
  };

  const state = () => window.nextItem.state;
  const number = () => state()?.lesson ?? 0;

  hears.asking.push(() => (number() || new URLSearchParams(location.search).has("lesson") ? { record } : {}));

  // What the server has ticked off joins what is known here: a note or a guess of the meantime stays.
  const learn = (theirs) => {
    if (!theirs) return;
    for (const [step, entry] of Object.entries(theirs)) {
      const own = record[step] ?? {};
      if (own.guess && own.guess !== entry.guess) continue;
      record[step] = own.truth ? { ...entry, ...own } : { ...own, ...entry, note: own.note ?? entry.note };
    }
    keep();
    sync();
    // Two replies may cross: then the panel shows less than is known.
    const known = Object.keys(record).filter((step) => record[step].truth && !theirs[step]?.truth);
    if (known.length) ask();
  };

  const sync = () => {
    const is = number() > 0;
    document.documentElement.classList.toggle("in-lesson", is);
    document.getElementById("lesson-open")?.setAttribute("aria-expanded", is);
    if (box() && !isPhone()) box().open = true;
    for (const field of all("[data-note]")) {
      const note = record[field.dataset.note]?.note ?? "";
      if (document.activeElement !== field && field.value !== note) field.value = note;
    }
  };

  const isPhone = () => matchMedia("(max-width: 1100px)").matches;
  const box = () => document.getElementById("lesson-box");

  hears.shown.push((reply) => {
    sync();
    learn(reply.record);
    const now = document.getElementById("lesson")?.dataset.step ?? "";
    const done = now && document.getElementById("lesson").dataset.done;
    if (now !== panelled) {
      panelled = now;
      reached = "";
      if (now && box()) box().open = true;
      part("lesson").querySelector(".lesson-body")?.scrollTo(0, 0);
      // The whole step is on the screen, its last answer too.
      if (now && isPhone()) part("lesson").scrollIntoView({ block: "start" });
    } else if (done === "true" && was === "false" && isPhone() && "prompted" in document.getElementById("lesson").dataset) {
      // What was to be found stands in the panel.
      box().open = true;
    }
    was = done;
    measure();
    reach();
    if (!pending || reply.turn < pending.turn) return;
    const { instrument, look } = pending;
    pending = null;
    if (isPhone() && box()) box().open = false;
    measure();
    if (instrument) {
      aiming = true;
      why.show(instrument, { look, anew: true, scroll: true });
    } else aim(document.getElementById("lesson").dataset.aim);
  });
  hears.seen.push((reply) => {
    learn(reply.record);
    sync();
    measure();
    reach();
    if (aiming) aim(document.getElementById("lesson")?.dataset.aim);
    aiming = false;
  });

  // What a step asks for, to the top of the screen; false where it is not there yet.
  const aim = (selector) => {
    const goal = selector && page().querySelector(selector);
    if (!goal?.checkVisibility()) return false;
    goal.scrollIntoView({ block: "start", behavior: pace() });
    return true;
  };

  acts.where = (button) => {
    if (isPhone() && box()) box().open = false;
    measure();
    const lesson = document.getElementById("lesson");
    if (aim(button.dataset.value)) page().querySelector(button.dataset.value).focus?.({ preventScroll: true });
    else if (lesson.dataset.instrument) {
      aiming = true;
      why.show(lesson.dataset.instrument, { scroll: true });
    }
  };

  // On a phone the folded panel stays at the top: what is scrolled to stops below it.
  const measure = () => {
    const lesson = document.getElementById("lesson");
    const folded = lesson && isPhone() && !box().open ? lesson.offsetHeight : 0;
    document.documentElement.style.setProperty("--lesson-height", `${folded}px`);
  };
  document.addEventListener("toggle", (event) => event.target.id === "lesson-box" && measure(), true);

  // What a step has come to may stand below the panel's edge.
  const reach = () => {
    const lesson = document.getElementById("lesson");
    const next = lesson?.querySelector(".lesson-told") ?? lesson?.querySelector("[data-stage]");
    const stage = next ? `${lesson.dataset.step} ${next.className}` : "";
    if (stage && stage !== reached && box().open) next.scrollIntoView({ block: "nearest" });
    reached = stage;
  };

  const turn = () => Number(page().dataset.turn ?? 0);

  const go = (step) => {
    change((next) => {
      next.lesson = step;
      next.given = [];
    });
    document.getElementById("lesson-question")?.focus({ preventScroll: true });
  };

  acts.lesson = () => {
    const first = Array.from({ length: STEPS }, (_, place) => place + 1).find((step) => !record[step]?.truth);
    if (number()) {
      go(0);
      document.getElementById("lesson-open")?.focus();
    } else go(first ?? 1);
  };
  acts.step = (button) => go(Number(button.dataset.value));

  acts.stage = (button) => {
    pending = {
      turn: turn() + 1,
      instrument: button.dataset.instrument,
      look: JSON.parse(button.dataset.look),
    };
    change((next) => Object.assign(next, JSON.parse(button.dataset.stage)));
  };

  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("[data-form=guess]");
    if (!form) return;
    event.preventDefault();
    const guess = new FormData(form).get("guess");
    const step = String(number());
    document.getElementById("guess-needed").hidden = Boolean(guess);
    if (!guess) return form.querySelector("select, input").focus();
    if (record[step]?.guess) return;
    record[step] = { ...record[step], guess };
    keep();
    ask();
    document.getElementById("lesson-question")?.focus({ preventScroll: true });
  });

  document.addEventListener("input", (event) => {
    const step = event.target.dataset?.note;
    if (!step) return;
    record[step] = { ...record[step], note: event.target.value };
    keep();
  });

  acts.restart = (button) => {
    const word = button.querySelector("span");
    if (Date.now() - sure > 5000) {
      sure = Date.now();
      const before = word.textContent;
      word.textContent = button.dataset.sure;
      setTimeout(() => (word.textContent = before), 5000);
      return;
    }
    sure = 0;
    record = {};
    keep();
    go(1);
  };

  // --- The worksheet -------------------------------------------------------------------------------------------

  let waiting = null;

  acts.sheet = (button) => {
    const word = button.querySelector("span");
    if (waiting) return;
    waiting = { word, before: word.textContent };
    word.textContent = button.dataset.working;
    waiting.timer = setTimeout(ready, 40000);
    send("take", { kind: "worksheet", prints: button.dataset.value === "print", record, state: state(), turn: Date.now() });
  };

  function ready() {
    if (!waiting) return;
    clearTimeout(waiting.timer);
    waiting.word.textContent = waiting.before;
    waiting = null;
  }

  arrived.take = (file) => {
    if (!file?.text) return;
    ready();
    if (file.prints) print(file.text);
    else save(file);
  };
  hears.failed.push(ready);

  const print = (text) => {
    document.getElementById("sheet-frame")?.remove();
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
})();
