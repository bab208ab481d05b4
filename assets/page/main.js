// The page's own behaviour. What can be seen comes from the server as HTML, so no module here holds words. The server
// joins the modules into one script (`recommender/page/scripts.py`); what is imported first runs first.
//
//   events, dom, morph, session, gradio helps; Gradio's components, and what isn't public of Gradio
//   choices, address                    what the visitor has chosen, and the address that says so
//   controls, showing, asking           from the choices to a question, and from a reply to the page
//   past, trail, compare                back and forth, the answers of this session, two of them side by side
//   form, basket, marks, files, instruments    what each area of the page does
//   fields, picks, bits                 an instrument's sliders; candidates chosen on the chart; the prompt's words in shades
//   search, recent                      a shop too large for boxes: finding its items, and what was seen lately
//   own_shop, parcel                    a shop that the visitor brings, and its training; files on their way
//   lesson/                             the guided lesson: its record, its panel, its worksheet, a class's guesses
import { change } from "./choices.js";
import { byId, part } from "./dom.js";
import { on, press } from "./events.js";
import { showEndpoints } from "./gradio.js";
import "./controls.js";
import "./asking.js";
import "./form.js";
import "./basket.js";
import "./marks.js";
import "./files.js";
// Its keys before those of the whole page.
import "./search.js";
import "./past.js";
import "./trail.js";
import "./compare.js";
import "./instruments.js";
import "./picks.js";
import "./bits.js";
import "./recent.js";
import "./own_shop.js";
import "./lesson/panel.js";
import "./lesson/worksheet.js";
import "./lesson/class.js";

const toAnswer = () => {
  const answer = byId("answer");
  answer.scrollIntoView();
  answer.focus({ preventScroll: true });
};

// The address stays as it is: it says what was chosen.
on("click", "#skip", (link, event) => {
  event.preventDefault();
  toAnswer();
});

press({
  language: (button) =>
    change((next) => {
      // Where two languages are compared they change places.
      if (next.other?.language === button.dataset.value) next.other.language = next.language;
      next.language = button.dataset.value;
    }),
  every: () => change((next) => (next.every = !next.every)),
  jump: toAnswer,
  notice: () => part("notices").replaceChildren(),
  programs: showEndpoints,
});
