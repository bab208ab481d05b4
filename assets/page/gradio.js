// All that the page knows of Gradio's own scripts, checked with 6.31: what of it isn't public stands here only, and
// `tests/page/server/test_gradio.py` fails where a newer Gradio has it no more.
//
// Public: a component's `js_on_load` gets its `props`, `trigger` and `watch`; it hands them to `nextItem.plug`.
// Not public: the address where events join the queue (its refusals are told nowhere else), and the hidden footer's
// button that opens the list of endpoints.
import { signal } from "./events.js";

const JOINS = "/queue/join";
const ENDPOINTS = "footer .show-api";

/** @type {Record<string, {props: {value: any}, trigger: () => void}>} */
const ports = {};
/** @type {Record<string, (value: any) => void>} */
const receivers = {};

/** Told once, with the value that the page comes with. */
export const opening = signal();
/** Told of each event that doesn't reach the server: `busy`, `down` or `failed`. */
export const refusals = signal();

/**
 * Sends `value` through one of the components that only carry data.
 * @param {string} name
 * @param {object} value
 */
export const send = (name, value) => {
  ports[name].props.value = value;
  ports[name].trigger();
};

/**
 * What to do with the values that arrive by a component; those that were just sent arrive too.
 * @param {string} name
 * @param {(value: any) => void} receiver
 */
export const receive = (name, receiver) => {
  receivers[name] = receiver;
};

export const showEndpoints = () => /** @type {any} */ (document.querySelector(ENDPOINTS))?.click();

const plug = (name, props, trigger, watch) => {
  ports[name] = { props, trigger };
  watch("value", () => receivers[name]?.(props.value));
  if (name === "page") opening.tell(props.value);
};

// Gradio words a refusal in English and shows it for a moment; the page says it in its own language, and it stays.
const fetched = window.fetch.bind(window);
window.fetch = async (input, init) => {
  const url = new URL(/** @type {Request} */ (input)?.url ?? String(input), location.href);
  const joins = url.pathname.endsWith(JOINS);
  try {
    const response = await fetched(input, init);
    if (joins && !response.ok) refusals.tell(response.status === 429 || response.status === 503 ? "busy" : "failed");
    return response;
  } catch (/** @type {any} */ error) {
    if (url.origin === location.origin && error?.name !== "AbortError") refusals.tell("down");
    throw error;
  }
};

Object.assign(window, { nextItem: { plug } });
