// See why: opens an instrument, asks for it, and marks it when the basket has changed since.
(() => {
  "use strict";

  const { acts, arrived, hears, have, page, all, added, send, patch, put, pace } = window.nextItem;
  const LATE_MS = 300;
  const GIVE_UP_MS = 40000;
  const looks = {};
  const seen = {};
  let open = null;
  let asked = null;
  let number = 0;
  let late = 0;
  let lost = 0;

  const panel = (name) => document.getElementById(`panel-${name}`);
  const body = (name) => panel(name)?.querySelector("[data-body]");

  // What an instrument was worked out for: while it is the same, it need not be asked again.
  const subject = () => {
    const { items, language, route, catalogue, model } = window.nextItem.state;
    const taken = window.languages[language].routes ? route : "";
    return JSON.stringify([items, language, taken, catalogue, window.nextItem.state.new, model]);
  };

  const ask = (name) => {
    asked = { name, ask: ++number, subject: subject(), language: window.nextItem.state.language };
    clearTimeout(late);
    clearTimeout(lost);
    late = setTimeout(() => work(name, true), LATE_MS);
    lost = setTimeout(() => fail(), GIVE_UP_MS);
    panel(name).querySelector("[data-stale]").hidden = true;
    const { state } = window.nextItem;
    send("why", { ask: number, instrument: name, look: looks[name] ?? {}, state, have, ...added() });
  };

  const work = (name, on) => {
    for (const one of all(".panel")) {
      const says = one.querySelector(".working");
      const working = on && one.dataset.panel === name;
      one.setAttribute("aria-busy", working);
      if (says) says.textContent = working ? says.dataset.working : "";
    }
  };

  const done = () => {
    clearTimeout(late);
    clearTimeout(lost);
    asked = null;
    work(null, false);
  };

  const fail = () => {
    const name = asked?.name;
    done();
    if (name && panel(name)) panel(name).querySelector("[data-stale]").hidden = false;
  };

  arrived.why = (reply) => {
    // Also told of what it has just sent itself.
    if (reply?.html === undefined || !asked || reply.ask !== asked.ask) return;
    const { name, subject: about } = asked;
    done();
    const focused = document.activeElement?.id;
    looks[name] = { ...reply.look };
    patch(body(name), reply.html);
    control(name);
    put(reply.parts ?? {});
    seen[name] = about;
    page().setAttribute("data-why", reply.ask);
    document.getElementById("why-said").textContent = body(name).querySelector(".finding")?.textContent ?? "";
    if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
    for (const hear of window.nextItem.hears.seen ?? []) hear(reply);
    mark();
  };

  // Sliders and lists as they were asked: an element keeps what was last moved, whatever its attributes become.
  const control = (name) => {
    for (const one of all("select[data-set], input[data-set]", body(name))) {
      const told = one.tagName === "SELECT" ? one.querySelector("option[selected]")?.value : one.getAttribute("value");
      one.value = told ?? one.options?.[0]?.value ?? "";
    }
  };

  const mark = () => {
    const now = window.nextItem.state ? subject() : "";
    for (const name of Object.keys(seen)) {
      if (seen[name] === now) {
        panel(name)?.removeAttribute("data-old");
        continue;
      }
      if (name !== open) {
        body(name)?.replaceChildren();
        delete seen[name];
      } else if (asked?.name !== name) {
        panel(name).setAttribute("data-old", "true");
        panel(name).querySelector("[data-stale]").hidden = false;
      }
    }
  };

  const sync = () => {
    for (const button of all("[data-do=why][aria-controls]")) {
      const is = button.dataset.value === open;
      button.setAttribute("aria-expanded", is);
      panel(button.dataset.value).hidden = !is;
    }
  };

  // Opens an instrument; `look` sets it up, `anew` asks even where it was asked before.
  const show = (name, { look = null, anew = false, scroll = false } = {}) => {
    open = name;
    if (look) looks[name] = { ...look };
    sync();
    if (anew || look || seen[name] !== subject()) ask(name);
    if (scroll) reach(name);
  };

  // Beside its question an answer begins at the top of the section; below it, under it.
  const reach = (name) => {
    const question = document.getElementById(`ask-${name}`);
    const below = panel(name).getBoundingClientRect().top >= question.getBoundingClientRect().bottom - 2;
    (below ? question.parentElement : question.closest(".asks")).scrollIntoView({ block: "start", behavior: pace() });
  };

  acts.why = (button) => {
    const name = button.dataset.value;
    if (!button.hasAttribute("aria-controls")) {
      show(name, { scroll: true });
      document.getElementById(`ask-${name}`).focus({ preventScroll: true });
    } else if (open === name) {
      open = null;
      sync();
      mark();
    } else show(name);
  };
  acts.look = (button) => ask(button.dataset.value);
  acts.set = (button) => set(button, button.dataset.value);

  const set = (control, value) => {
    const name = control.closest(".panel")?.dataset.panel;
    if (!name) return;
    looks[name] = { ...looks[name], [control.dataset.set]: value };
    ask(name);
  };

  document.addEventListener("change", (event) => {
    const control = event.target.closest?.("select[data-set], input[data-set]");
    if (control) set(control, control.type === "range" ? Number(control.value) : control.value);
  });
  document.addEventListener("input", (event) => {
    const control = event.target.closest?.("input[type=range][data-set]");
    const told = control && document.getElementById(`told-${control.dataset.set}`);
    const locale = window.languages[window.nextItem.state?.language]?.locale ?? "en";
    const digits = Number(control?.step) < 0.1 ? 2 : 1;
    if (told)
      told.textContent = Number(control.value).toLocaleString(locale, {
        minimumFractionDigits: digits, maximumFractionDigits: digits,
      });
  });

  hears.seen = [];
  hears.failed.push(() => fail());
  hears.shown.push((reply) => {
    // In another language the section is a new one, and empty.
    if (reply.parts.why) for (const name of Object.keys(seen)) delete seen[name];
    if (open && !panel(open)) open = null;
    sync();
    if (reply.parts.why && open) ask(open);
    mark();
  });

  window.nextItem.why = {
    show,
    look: looks,
    get open() {
      return open;
    },
  };
})();
