// What stands beside the cluster? (Clients outside and load balancers, drawn once there are any.)

import { h, keyed, setAttribute, setColour, setText } from "../helpers/dom.js";
import { number } from "../helpers/format.js";
import { senderStop } from "../models/journeys.js";

const CLIENTS_SHOWN = 6;

export class Outside {
  constructor(yard, section, clientList, balancerList) {
    this.yard = yard;
    this.section = section;
    this.lists = { client: clientList, balancer: balancerList };
    this.items = { client: new Map(), balancer: new Map() };
    this.seen = new Set();
  }

  /** A request came from this sender: if it stands outside, it is drawn from now on. Answers whether it is new. */
  meet(from) {
    const [kind, address] = senderStop(from).split(" ");
    if (kind !== "client" || this.seen.has(address)) return false;
    this.seen.add(address);
    return true;
  }

  forget() {
    this.seen.clear();
  }

  /** Draws the clients that were met or have a stream, and the Services' load balancers. Answers whether something came or went. */
  render(picture, services) {
    for (const stream of picture.traffic.values()) this.meet(stream.from);
    const clients = new Map([...this.seen].sort().slice(0, CLIENTS_SHOWN).map((address) => [address, picture.trafficFrom(`outside:${address}`)]));
    const balancers = new Map([...services].filter(([, service]) => service.balancer));
    const before = this.items.client.size + this.items.balancer.size;
    keyed(this.lists.client, this.items.client, clients, { make: makeClient, update: updateClient });
    keyed(this.lists.balancer, this.items.balancer, balancers, { make: (key, service) => this.#makeBalancer(key, service), update: updateBalancer });
    const after = clients.size + balancers.size;
    setAttribute(this.section, "hidden", after === 0);
    return before !== after;
  }

  /** The element of a stop "client address" or "balancer ns/service". */
  stop(kind, name) {
    return this.items[kind].get(name)?.firstElementChild;
  }

  #makeBalancer(key, service) {
    const ref = `Service/${key}`;
    const link = h("a", { class: "balancer", href: this.yard.addressOf(ref), "data-ref": ref, tabindex: "-1" },
      h("span", { class: "mark", "aria-hidden": "true" }), h("span", { class: "name" }, "load balancer"), h("span", { class: "line" }));
    return h("li", {}, link);
  }
}

function makeClient(address) {
  return h("li", {}, h("span", { class: "client" }, h("span", { class: "mark", "aria-hidden": "true" }), h("span", { class: "name" }, address), h("span", { class: "line" })));
}

function updateClient(item, streams) {
  setText(item.firstElementChild.lastElementChild, streams.map((stream) => `→ ${stream.to} · ${number(stream.rate)}/s`).join(", "));
}

function updateBalancer(item, service) {
  const link = item.firstElementChild;
  setColour(link, service.app);
  setText(link.lastElementChild, `${service.balancer.join(", ") || "<pending>"} → ${service.name}`);
  setAttribute(link, "data-state", service.balancer.length ? null : "pending");
}
