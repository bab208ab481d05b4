// The page's own behaviour: it keeps the visitor's choices, asks for the answer, and puts the parts in their places.
// What can be seen comes from the server as HTML, so this file holds no words. `why.js` and `lesson.js` add to it:
// they find what they need in `window.nextItem`, and hear of each reply through `hears`.
(() => {
  "use strict";

  const SLOW_MS = 12000;
  const OPTIONS = ["temperature", "top_k", "top_p", "seed"];
  const ports = {};
  const have = {};
  const hears = { asking: [], shown: [], failed: [] };
  let state = null;
  let first = null;
  let unread = "";
  let typed = [];
  let link = "";
  let latest = "";
  let turn = 0;
  let asking = false;
  let again = false;
  let timer = 0;

  const page = () => document.getElementById("page");
  const part = (name) => page()?.querySelector(`[data-part="${name}"]`);
  // How to scroll: not smoothly where the visitor's system asks for calm.
  const pace = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth");
  const all = (selector, root = page()) => Array.from(root?.querySelectorAll(selector) ?? []);

  // --- Gradio's components -------------------------------------------------------------------------------------

  const plug = (name, props, send, watch) => {
    ports[name] = { props, send };
    watch("value", () => arrived[name]?.(props.value));
    if (name === "page") begin(props.value);
  };

  const send = (name, value) => {
    ports[name].props.value = value;
    ports[name].send();
  };

  const arrived = {
    page: (reply) => {
      if (!reply || reply.turn < turn) return settle();
      unread = "";
      show(reply);
      correct(reply.left ?? "");
      remember(reply.link);
      settle();
    },
    take: (file) => {
      if (file?.text) save(file);
    },
    load: (told) => {
      if (!told?.html) return;
      patch(document.getElementById("loading"), told.html);
      if (told.ready) change((next) => (next.model = told.model));
      if (told.failed) sync();
    },
  };

  const begin = (reply) => {
    document.addEventListener("click", clicked);
    document.addEventListener("change", changed);
    document.addEventListener("input", slid);
    document.addEventListener("submit", submitted);
    bindDragging();
    const query = new URLSearchParams(location.search);
    const ours = ["items", "lang", "route", "catalogue", "new", "lesson"].some((name) => query.has(name));
    first = reply;
    if (!ours) return arrived.page(reply);
    unread = location.search;
    // The ports of the other components open right after this one.
    setTimeout(() => ask({ query: unread }));
  };

  // --- Asking --------------------------------------------------------------------------------------------------

  const ask = (what) => {
    if (asking && !what) {
      again = true;
      return;
    }
    asking = true;
    clearTimeout(timer);
    timer = setTimeout(() => failed("slow"), SLOW_MS);
    send("ask", { turn, have, ...(what ?? { state }), ...(typed.length ? { typed } : {}), ...added() });
  };

  // What was typed has been answered: what was refused stays in the field, beside the reason.
  const correct = (left) => {
    if (!typed.length) return;
    const field = document.getElementById("add-name");
    if (field.value === typed.at(-1).text) field.value = left;
    typed = [];
    if (left) field.focus({ preventScroll: true });
    document.getElementById("add-said").scrollIntoView({ block: "nearest" });
  };

  const added = () => Object.assign({}, ...hears.asking.map((hear) => hear()));

  // One event at a time, and only the newest choices: whatever was chosen meanwhile is asked in one go.
  const settle = () => {
    asking = false;
    clearTimeout(timer);
    trouble(null);
    if (again) {
      again = false;
      ask();
    }
  };

  const failed = (kind) => {
    asking = again = false;
    clearTimeout(timer);
    // Nothing was shown yet: the page as everybody finds it, and the address as it is.
    if (!state && first) show(first);
    trouble(kind);
    for (const hear of hears.failed) hear(kind);
  };

  const change = (alter) => {
    if (!state) return;
    alter(state);
    turn += 1;
    sync();
    ask();
  };

  const trouble = (kind) => {
    for (const box of all("[data-trouble]")) box.hidden = box.dataset.trouble !== kind;
  };

  // Gradio words a refusal in English and shows it for a moment; the page says it in its own language, and it stays.
  const fetched = window.fetch.bind(window);
  window.fetch = async (input, init) => {
    const url = new URL(input?.url ?? String(input), location.href);
    const joins = url.pathname.endsWith("/queue/join");
    try {
      const response = await fetched(input, init);
      if (joins && !response.ok) failed(response.status === 429 || response.status === 503 ? "busy" : "failed");
      return response;
    } catch (error) {
      if (url.origin === location.origin && error?.name !== "AbortError") failed("down");
      throw error;
    }
  };

  // --- Showing -------------------------------------------------------------------------------------------------

  const show = (reply) => {
    state = { ...reply.state, items: [...reply.state.items], new: [...reply.state.new] };
    link = location.origin + location.pathname + reply.link;
    const root = document.documentElement;
    root.lang = reply.language;
    root.dir = reply.direction;
    // Gradio's block around the page says ltr, whatever the document is.
    page().dir = reply.direction;
    document.title = reply.title;
    document.cookie = `language=${reply.language}; path=/; max-age=31536000; samesite=lax`;
    const focused = document.activeElement?.id;
    put(reply.parts);
    sync();
    page().setAttribute("data-ready", "true");
    page().setAttribute("data-turn", reply.turn);
    refocus(focused);
    toEnd();
    for (const hear of hears.shown) hear(reply);
  };

  const put = (parts) => {
    for (const [name, [sum, html]] of Object.entries(parts)) {
      const place = part(name);
      if (!place) continue;
      patch(place, html);
      have[name] = sum;
    }
  };

  // Boxes, sliders and the link as the choices are; the server sends them without.
  const sync = () => {
    const bought = new Set(state.items);
    for (const box of all("[data-item]")) box.checked = bought.has(box.dataset.item);
    for (const box of all("[data-all]")) {
      const items = all("[data-item]", document.getElementById(box.dataset.all));
      const ticked = items.filter((item) => item.checked).length;
      box.checked = ticked === items.length;
      box.indeterminate = ticked > 0 && ticked < items.length;
    }
    for (const radio of all("[data-route]")) radio.checked = radio.value === state.route;
    for (const radio of all("[data-model]")) radio.checked = radio.value === state.model;
    for (const name of OPTIONS) {
      const input = document.getElementById(`option-${name}`);
      if (!input) continue;
      if (document.activeElement !== input && input.getAttribute("aria-invalid") === null) input.value = state[name];
      input.disabled = name !== "temperature" && state.temperature === 0;
      value(name, state[name]);
    }
    const seed = document.getElementById("seed-new");
    if (seed) seed.disabled = state.temperature === 0;
    const greedy = document.getElementById("greedy");
    if (greedy) greedy.hidden = state.temperature !== 0;
    const address = document.getElementById("link");
    if (address) address.value = link;
    for (const button of all("[data-do=download]")) button.disabled = !page().querySelector("[data-best]");
  };

  const value = (name, number) => {
    const output = document.getElementById(`value-${name}`);
    const locale = state.language === "ar" ? "ar-u-nu-arab" : "en";
    if (output) output.textContent = Number(number).toLocaleString(locale, { maximumFractionDigits: 2 });
  };

  // The address holds the choices, so that a reload or a server that comes back finds them.
  const remember = (query) => {
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

  // A long strip scrolls within itself: what was bought last is in sight.
  const toEnd = () => {
    const strip = page().querySelector(".basket");
    const last = strip?.lastElementChild?.id ?? "";
    if (strip && last !== latest && !strip.contains(document.activeElement)) strip.scrollTop = strip.scrollHeight;
    latest = last;
  };

  const refocus = (id) => {
    if (!id || document.activeElement?.id === id) return;
    const before = document.getElementById(id);
    if (before && !before.disabled) return before.focus({ preventScroll: true });
    // What was focused is gone or can't be used: stay near.
    const twin = { earlier: "later", later: "earlier" }[id.split("-")[0]];
    const near = twin && document.getElementById(id.replace(/^\w+/, twin));
    (near && !near.disabled ? near : document.getElementById("basket-title"))?.focus({ preventScroll: true });
  };

  // Changes `place` to `html`, keeping the elements that stay: focus, open details and transitions survive.
  const patch = (place, html) => {
    const wanted = document.createElement("template");
    wanted.innerHTML = html;
    align(place, wanted.content);
  };

  const align = (old, wanted) => {
    const named = new Map();
    for (const child of old.children) if (child.id) named.set(child.id, child);
    let spot = old.firstChild;
    for (const fresh of Array.from(wanted.childNodes)) {
      const twin = fresh.id ? named.get(fresh.id) : null;
      const match = twin ?? (spot && alike(spot, fresh) ? spot : null);
      if (!match) {
        old.insertBefore(fresh, spot);
        continue;
      }
      if (match === spot) spot = spot.nextSibling;
      else old.insertBefore(match, spot);
      renew(match, fresh);
    }
    while (spot) {
      const next = spot.nextSibling;
      spot.remove();
      spot = next;
    }
  };

  const alike = (one, other) => one.nodeType === other.nodeType && one.nodeName === other.nodeName && !one.id && !other.id;

  const renew = (old, wanted) => {
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== wanted.nodeValue) old.nodeValue = wanted.nodeValue;
      return;
    }
    if (old.isEqualNode(wanted)) return;
    for (const { name } of Array.from(old.attributes))
      if (!wanted.hasAttribute(name) && !(name === "open" && old.nodeName === "DETAILS")) old.removeAttribute(name);
    for (const { name, value } of Array.from(wanted.attributes))
      if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    align(old, wanted);
  };

  // --- Acting --------------------------------------------------------------------------------------------------

  const without = (items, id) => items.filter((item) => item !== id);

  const move = (id, step) =>
    change((next) => {
      const from = next.items.indexOf(id);
      const to = Math.min(Math.max(from + step, 0), next.items.length - 1);
      if (from < 0) return;
      next.items.splice(to, 0, ...next.items.splice(from, 1));
    });

  const acts = {
    language: (button) => change((next) => (next.language = button.dataset.value)),
    // A shop begins with a customer of its own, which the server knows.
    catalogue: (button) => change((next) => Object.assign(next, { catalogue: button.dataset.value, items: null, new: [] })),
    // A typed name in the shop that it is shown in, and nothing else.
    try: ({ dataset: { shop, value } }) =>
      change((next) => Object.assign(next, { catalogue: shop, items: [value], new: [value] })),
    example: (button) => change((next) => (next.items = button.dataset.value.split(" "))),
    take: (button) => change((next) => next.items.push(button.dataset.value)),
    clear: () => change((next) => (next.items = [])),
    out: (button) => change((next) => (next.items = without(next.items, button.dataset.value))),
    earlier: (button) => move(button.dataset.value, -1),
    later: (button) => move(button.dataset.value, 1),
    forget: (button) =>
      change((next) => {
        next.items = without(next.items, button.dataset.value);
        next.new = without(next.new, button.dataset.name);
      }),
    every: () => change((next) => (next.every = !next.every)),
    jump: () => {
      const answer = document.getElementById("answer");
      answer.scrollIntoView();
      answer.focus({ preventScroll: true });
    },
    seed: () => {
      const field = document.getElementById("option-seed");
      field.value = Math.floor(Math.random() * 1e6);
      fits(field);
      change((next) => (next.seed = Number(field.value)));
    },
    // Gradio's own footer is hidden, and its button still works.
    programs: () => document.querySelector("footer .show-api")?.click(),
    again: () => (unread ? ask({ query: unread }) : change(() => {})),
    notice: () => part("notices").replaceChildren(),
    theme: () => {
      const dark = document.body.classList.toggle("dark");
      try {
        localStorage.setItem("theme", dark ? "dark" : "light");
      } catch {
        // A browser that keeps nothing: the choice holds until the page is closed.
      }
      remember(new URL(link).search);
    },
    download: (button) => send("take", { kind: button.dataset.value, state, turn: Date.now() }),
    copy: async (button) => {
      const word = button.querySelector("span");
      const before = word.textContent;
      try {
        await navigator.clipboard.writeText(link);
        word.textContent = button.dataset.done;
      } catch {
        document.getElementById("link").select();
        word.textContent = button.dataset.failed;
      }
      setTimeout(() => (word.textContent = before), 2500);
    },
  };

  const clicked = (event) => {
    const button = event.target.closest?.("#page [data-do]");
    if (button && !button.disabled) acts[button.dataset.do]?.(button);
  };

  const tick = (id, on) => {
    if (on && !state.items.includes(id)) state.items.push(id);
    if (!on) state.items = without(state.items, id);
  };

  const changed = (event) => {
    const box = event.target;
    if (!page()?.contains(box) || !state) return;
    const { item, all: group, option } = box.dataset;
    if (item) change(() => tick(item, box.checked));
    else if (group) {
      const on = box.checked;
      change(() => all("[data-item]", document.getElementById(group)).forEach((one) => tick(one.dataset.item, on)));
    } else if (option) {
      if (fits(box)) change((next) => (next[option] = Number(box.value)));
    }
    else if ("route" in box.dataset) change((next) => (next.route = box.value));
    else if ("model" in box.dataset) {
      const loads = box.value !== state.model;
      if (loads) send("load", { model: box.value, language: state.language, turn: Date.now() });
      // The other model stays chosen until this one is there.
      sync();
    }
  };

  // A value that can't be is not sent: the reason stands beside the field until one comes that can.
  const fits = (box) => {
    const does = box.value !== "" && box.validity.valid;
    const told = document.getElementById(`refused-${box.dataset.option}`);
    if (told) told.hidden = does;
    if (does) box.removeAttribute("aria-invalid");
    else box.setAttribute("aria-invalid", "true");
    return does;
  };

  const slid = (event) => {
    const { option } = event.target.dataset ?? {};
    if (option && state) value(option, event.target.value);
  };

  const submitted = (event) => {
    if (!event.target.closest?.("[data-form=add]")) return;
    event.preventDefault();
    const field = document.getElementById("add-name");
    const entry = { text: field.value, bought: event.submitter?.value !== "offered" };
    // Until it is answered the text stays in the field; an entry that found no answer is the one that is sent again.
    typed = asking ? [...typed, entry] : [entry];
    change(() => {});
  };

  const bindDragging = () => {
    let dragged = null;
    const target = (event) => event.target.closest?.("[data-bought]");
    document.addEventListener("dragstart", (event) => {
      dragged = target(event)?.dataset.bought ?? null;
      if (dragged) event.dataTransfer.effectAllowed = "move";
    });
    document.addEventListener("dragover", (event) => {
      if (dragged && target(event)) event.preventDefault();
    });
    document.addEventListener("drop", (event) => {
      const onto = target(event)?.dataset.bought;
      if (!dragged || !onto || onto === dragged) return;
      event.preventDefault();
      move(dragged, state.items.indexOf(onto) - state.items.indexOf(dragged));
    });
    document.addEventListener("dragend", () => (dragged = null));
  };

  const save = (file) => {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob([file.text], { type: `${file.type};charset=utf-8` }));
    anchor.download = file.name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
  };

  // --- Before anything is drawn --------------------------------------------------------------------------------

  const opened = new URLSearchParams(location.search);
  const hasTheme = opened.has("__theme");
  const language = opened.get("lang");
  if (language === "ar" || language === "en") {
    document.documentElement.lang = language;
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  }
  try {
    // Gradio has just followed the system; whoever has chosen here wants that.
    const theme = localStorage.getItem("theme");
    if (theme && !hasTheme) document.body.classList.toggle("dark", theme === "dark");
  } catch {
    // A browser that keeps nothing: the system decides.
  }

  window.nextItem = {
    plug, acts, arrived, hears, have, page, part, all, ask, added, change, send, patch, put, save, pace,
    get state() {
      return state;
    },
  };
})();
