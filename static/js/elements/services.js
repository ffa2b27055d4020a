// How are Services drawn? (Wide dashed cards: an address, not a machine.)

import { h, keyed, setAttribute, setColour, setText, stillness } from "../helpers/dom.js";
import { plural } from "../helpers/format.js";
import { serviceAddress } from "../models/look.js";

const COMPACT_FROM = 7;
const CHIPS = 4;

export class Services {
  constructor(yard, parent, more) {
    this.yard = yard;
    this.parent = parent;
    this.more = more;
    more.addEventListener("click", () => this.#scrollOn());
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

  /** Says how many Services the strip hides, where it is full. */
  tellHidden() {
    const { scrollTop, clientHeight, scrollHeight } = this.parent;
    setAttribute(this.more, "hidden", scrollHeight <= clientHeight + 1);
    if (this.more.hidden) return;
    const middles = [...this.cards.values()].map((card) => card.offsetTop + card.offsetHeight / 2);
    const below = middles.filter((middle) => middle > scrollTop + clientHeight).length;
    const above = middles.filter((middle) => middle < scrollTop).length;
    setText(this.more, below ? `▾ ${plural(below, "more Service")}` : `▴ ${plural(above, "more Service")}`);
  }

  /** A strip further, and from the end back to the beginning. */
  #scrollOn() {
    const { scrollTop, clientHeight, scrollHeight } = this.parent;
    const end = scrollTop + clientHeight >= scrollHeight - 1;
    this.parent.scrollTo({ top: end ? 0 : scrollTop + clientHeight, behavior: stillness.matches ? "auto" : "smooth" });
  }

  #make(key, service) {
    const ref = `Service/${key}`;
    const link = h("a", { class: "service", href: this.yard.addressOf(ref), "data-ref": ref, tabindex: "-1" },
      h("span", { class: "service-name" }), h("span", { class: "service-address" }), h("span", { class: "service-chips" }), h("span", { class: "service-ready" }));
    return h("li", {}, link);
  }

  #update(card, service) {
    const [name, address, chips, ready] = card.firstElementChild.children;
    setColour(card.firstElementChild, service.app);
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

/** An ExternalName has no endpoints by its nature: it is only a name. */
function renderReady(parent, service) {
  const written = service.type === "ExternalName" ? "" : `${service.ready} ${service.notReady}`;
  if (parent.dataset.written === written) return;
  parent.dataset.written = written;
  parent.replaceChildren(...(written ? readiness(service) : []));
}

function readiness({ ready, notReady }) {
  const badge = h("span", { class: "badge", "data-state": ready ? "ready" : "drop" }, `${ready} ready`);
  return notReady ? [badge, h("span", { class: "not-ready" }, `${notReady} not ready`)] : [badge];
}
