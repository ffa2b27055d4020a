// How is one Pod drawn? (A link in its Node's list, or in the tray; a deleted Pod stays a moment as an outline.)

import { appColour } from "../helpers/colour.js";
import { h, setAttribute, setColour, setText, stillness } from "../helpers/dom.js";
import { number, splitName } from "../helpers/format.js";
import { podLine, podState } from "../models/look.js";

const GHOST_STAYS = 4000;
const PULSE_EVERY = 1000;
const STREAMS_SHOWN = 3;

/** Draws Pods into `lists` given by Node; `yard` gives the base address and the picture. */
export class Pods {
  constructor(yard) {
    this.yard = yard;
    this.items = new Map();
  }

  /** Brings one Pod up to date; answers whether the layout changed. `list` is where it belongs, null when it is not shown. */
  place(key, pod, list) {
    const item = this.items.get(key);
    if (!pod || !list) return item ? this.#remove(key, item, !pod) : false;
    if (item) {
      const moved = this.#moveTo(list, item, pod);
      this.#update(item, pod);
      return moved;
    }
    const made = this.#make(key, pod);
    this.items.set(key, made);
    this.#moveTo(list, made, pod);
    this.#update(made, pod);
    return true;
  }

  link(key) {
    return this.items.get(key)?.link;
  }

  share(key, share) {
    const item = this.items.get(key);
    if (!item || item.share === share) return;
    item.share = share;
    item.bar.style.setProperty("--share", share);
  }

  /** With reduced motion, a Pod that answers lights up instead of a dot flying to it. */
  pulse(key) {
    const item = this.items.get(key);
    if (!item || !stillness.matches || performance.now() - (item.pulsed ?? 0) < PULSE_EVERY) return;
    item.pulsed = performance.now();
    item.link.animate([{ outline: "3px solid var(--app)" }, { outline: "3px solid transparent" }], { duration: 700 });
  }

  #make(key, pod) {
    const [start, end] = splitName(pod.name);
    const space = h("span", { class: "ns", hidden: pod.ns === "default" }, `${pod.ns}/`);
    const line = h("span", { class: "line" });
    const sends = h("span", { class: "sends", hidden: true });
    const bar = h("span", { class: "share", "aria-hidden": "true" }, h("i"));
    const spoken = h("span", { class: "visually-hidden" });
    const link = h("a", { class: "pod", href: this.yard.addressOf(`Pod/${key}`), "data-ref": `Pod/${key}`, title: key, tabindex: "-1" },
      h("span", { class: "mark", "aria-hidden": "true" }),
      h("span", { class: "name" }, space, h("span", { class: "start" }, start), h("span", { class: "end" }, end)), line, bar, sends, spoken);
    return { element: h("li", {}, link), link, line, sends, bar, spoken, space, share: 0 };
  }

  #update(item, pod) {
    const state = podState(pod);
    setAttribute(item.link, "data-state", state);
    setColour(item.link, pod.app);
    setText(item.line, podLine(pod));
    setText(item.spoken, state === "ready" ? "ready" : "");
    const streams = this.yard.picture.trafficFrom(`${pod.ns}/${pod.name}`);
    setAttribute(item.sends, "hidden", streams.length === 0);
    setText(item.sends, sendLines(streams));
  }

  /** Each app's Pods sit together within a Node. */
  #moveTo(list, item, pod) {
    const group = groupIn(list, pod.app, `var(--${appColour(pod.app)})`);
    if (item.element.parentElement === group) return false;
    leaveGroup(item.element);
    group.append(item.element);
    countIn(group);
    return true;
  }

  #remove(key, item, isGone) {
    this.items.delete(key);
    if (isGone && item.element.isConnected) this.#haunt(item);
    else leaveGroup(item.element);
    return true;
  }

  #haunt(item) {
    const { element, link } = item;
    const ghost = h("span", { class: "pod ghost", "data-state": "gone" }, ...link.childNodes);
    ghost.setAttribute("aria-hidden", "true");
    ghost.style.setProperty("--app", link.style.getPropertyValue("--app"));
    setText(item.line, "gone");
    setText(item.spoken, "");
    if (link === document.activeElement) this.yard.keepFocusNear(link);
    link.replaceWith(ghost);
    setTimeout(() => {
      leaveGroup(element);
      this.yard.layoutChanged();
    }, GHOST_STAYS);
  }
}

function sendLines(streams) {
  const lines = streams.slice(0, STREAMS_SHOWN).map((stream) => `→ ${stream.to} · ${number(stream.rate)}/s`);
  return [...lines, ...(streams.length > STREAMS_SHOWN ? [`and ${streams.length - STREAMS_SHOWN} more`] : [])].join("\n");
}

function groupIn(list, app, colour) {
  for (const group of list.children) if (group.dataset.app === app) return group.lastElementChild;
  const members = h("ul", { class: "pod-list", "aria-label": app });
  const group = h("li", { class: "pod-group", "data-app": app }, h("span", { class: "pod-group-name", "aria-hidden": "true" }), members);
  group.style.setProperty("--app", colour);
  const after = [...list.children].find((other) => other.dataset.app > app);
  list.insertBefore(group, after ?? null);
  return members;
}

function leaveGroup(element) {
  const group = element.parentElement;
  element.remove();
  if (!group) return;
  if (group.childElementCount === 0) group.parentElement.remove();
  else countIn(group);
}

function countIn(members) {
  setText(members.previousElementSibling, `${members.parentElement.dataset.app} ${members.childElementCount}`);
}
