// How are Services drawn? (Wide dashed cards: an address, not a machine.)

import { h, keyed, setAttribute, setText } from "../helpers/dom.js";
import { serviceAddress } from "../models/look.js";

const COMPACT_FROM = 7;
const CHIPS = 4;

export class Services {
  constructor(yard, parent) {
    this.yard = yard;
    this.parent = parent;
    this.cards = new Map();
  }

  /** `services` are the ones shown: Map of "ns/name" to Service. */
  render(services) {
    setAttribute(this.parent, "data-compact", services.size >= COMPACT_FROM);
    keyed(this.parent, this.cards, services, {
      make: (key, service) => this.#make(key, service),
      update: (card, service) => this.#update(card, service),
    });
  }

  link(key) {
    return this.cards.get(key)?.firstElementChild;
  }

  #make(key, service) {
    const ref = `Service/${key}`;
    const link = h("a", { class: "service", href: this.yard.addressOf(ref), "data-ref": ref, tabindex: "-1" },
      h("span", { class: "service-name" }), h("span", { class: "service-address" }), h("span", { class: "service-chips" }), h("span", { class: "service-ready" }));
    link.style.setProperty("--app", `var(--app-${this.yard.palette.slot(service.app)})`);
    return h("li", {}, link);
  }

  #update(card, service) {
    const [name, address, chips, ready] = card.firstElementChild.children;
    setText(name, service.ns === "default" ? service.name : `${service.ns}/${service.name}`);
    setText(address, serviceAddress(service));
    renderChips(chips, service);
    renderReady(ready, service);
  }
}

function renderChips(parent, service) {
  const labels = Object.entries(service.selector ?? {});
  const words = labels.slice(0, CHIPS).map(([name, value]) => [`${name}=${value}`, ""]);
  if (labels.length > CHIPS) words.push([`+${labels.length - CHIPS}`, ""]);
  if (!labels.length && service.type !== "ExternalName") words.push(["no selector", "soft"]);
  if (service.internal === "Local") words.push(["Local only", "warn"]);
  if (service.external === "Local") words.push(["external: Local", "warn"]);
  const written = JSON.stringify(words);
  if (parent.dataset.written === written) return;
  parent.dataset.written = written;
  parent.replaceChildren(...words.map(([text, state]) => h("span", { class: "chip", "data-state": state || null }, text)));
}

function renderReady(parent, service) {
  const state = service.ready ? "ready" : "drop";
  const written = `${service.ready} ${service.notReady}`;
  if (parent.dataset.written === written) return;
  parent.dataset.written = written;
  parent.replaceChildren(h("span", { class: "badge", "data-state": state }, `${service.ready} ready`));
  if (service.notReady) parent.append(h("span", { class: "not-ready" }, `${service.notReady} not ready`));
}
