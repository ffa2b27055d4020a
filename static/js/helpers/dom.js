// How is a piece of the page made or changed, touching only what differs?

import { appColour } from "./colour.js";

/** h("a", {class: "pod", href: "/x"}, "text", child) -> an element. A property that is null or false is left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function svg(tag, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** null and false take the attribute away. */
export function setAttribute(element, name, value) {
  const text = value === true ? "" : value;
  if (text === null || text === false || text === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(text)) {
    element.setAttribute(name, text);
  }
}

/** The colour of an app's name, which may become another's. */
export function setColour(element, app) {
  const colour = `var(--${appColour(app)})`;
  if (element.style.getPropertyValue("--app") !== colour) element.style.setProperty("--app", colour);
}

/** Keeps `map` (key -> element) and `parent` in step with `wanted` (key -> value): makes, updates, orders and removes, never rebuilds. */
export function keyed(parent, map, wanted, { make, update }) {
  for (const [key, element] of map) {
    if (!wanted.has(key)) {
      element.remove();
      map.delete(key);
    }
  }
  let after = null;
  for (const [key, value] of wanted) {
    let element = map.get(key);
    if (!element) map.set(key, (element = make(key, value)));
    update(element, value, key);
    const place = after ? after.nextSibling : parent.firstChild;
    if (place !== element) parent.insertBefore(element, place);
    after = element;
  }
}

export const stillness = matchMedia("(prefers-reduced-motion: reduce)");
