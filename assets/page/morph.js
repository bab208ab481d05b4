// Changes a part of the page to new HTML, keeping the elements that stay: focus, open details and transitions survive.
// Libraries for this do much more (and set what is ticked and typed, which here only the choices do).

/**
 * @param {Element} place
 * @param {string} html
 */
export const morph = (place, html) => {
  const wanted = document.createElement("template");
  wanted.innerHTML = html;
  align(place, wanted.content);
};

// The children of `old` become those of `wanted`: an element of the same id stays, or one without any at the same spot.
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
