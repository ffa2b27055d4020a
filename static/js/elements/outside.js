// What stands beside the cluster? (Clients outside, servers outside and load balancers, drawn once there are any.)

import { h, keyed, setAttribute, setColour, setText, stillness } from "../helpers/dom.js";
import { number } from "../helpers/format.js";
import { senderStop, serverMet } from "../models/journeys.js";

const CLIENTS_SHOWN = 6;

export class Outside {
  constructor(yard, section, { client, server, balancer }) {
    this.yard = yard;
    this.section = section;
    this.lists = { client, server, balancer };
    this.items = { client: new Map(), server: new Map(), balancer: new Map() };
    this.seen = new Set();
    this.servers = new Map();
    this.grown = false;
  }

  /** A request came from this sender: if it stands outside, it is drawn from now on. Answers whether it is new. */
  meet(from) {
    const [kind, address] = senderStop(from).split(" ");
    if (kind !== "client" || this.seen.has(address)) return false;
    this.seen.add(address);
    return true;
  }

  /** A request went to a server outside: it is drawn from now on, with the addresses that were used. Answers whether there is something new. */
  meetServer(entry) {
    const server = serverMet(entry);
    const known = server && this.servers.get(server.name);
    if (!server || known?.has(server.address)) return false;
    if (known) known.add(server.address);
    else this.servers.set(server.name, new Set([server.address]));
    this.grown = true;
    return true;
  }

  forget() {
    this.seen.clear();
    this.servers.clear();
  }

  /** Draws the clients that were met or have a stream, the servers that were met, and the Services' load balancers. Answers whether something came, went or grew. */
  render(picture, services) {
    for (const stream of picture.traffic.values()) this.meet(stream.from);
    const clients = new Map([...this.seen].sort().slice(0, CLIENTS_SHOWN).map((address) => [address, picture.trafficFrom(`outside:${address}`)]));
    const balancers = new Map([...services].filter(([, service]) => service.balancer));
    const before = this.#count();
    keyed(this.lists.client, this.items.client, clients, { make: makeClient, update: updateClient });
    const servers = new Map([...this.servers].sort(([a], [b]) => (a < b ? -1 : 1)));
    keyed(this.lists.server, this.items.server, servers, { make: makeServer, update: updateServer });
    keyed(this.lists.balancer, this.items.balancer, balancers, { make: (key, service) => this.#makeBalancer(key, service), update: updateBalancer });
    const after = this.#count();
    setAttribute(this.section, "hidden", after === 0);
    const grown = this.grown;
    this.grown = false;
    return before !== after || grown;
  }

  /** The element of a stop "client address", "server name" or "balancer ns/service". */
  stop(kind, name) {
    return this.items[kind].get(name)?.firstElementChild;
  }

  /** With reduced motion nothing flies: a server that answered lights up. */
  pulse(name) {
    const box = this.stop("server", name);
    if (box && stillness.matches) box.animate([{ outline: "3px solid var(--hue)" }, { outline: "3px solid transparent" }], { duration: 700 });
  }

  #count() {
    return Object.values(this.items).reduce((sum, items) => sum + items.size, 0);
  }

  #makeBalancer(key, service) {
    const ref = `Service/${key}`;
    const link = h("a", { class: "balancer", href: this.yard.addressOf(ref), "data-ref": ref, tabindex: "-1" },
      h("span", { class: "mark", "aria-hidden": "true" }), h("span", { class: "name" }, "load balancer"), h("span", { class: "line" }));
    return h("li", {}, link);
  }
}

function makeServer(name) {
  return h("li", {}, h("span", { class: "server" }, h("span", { class: "mark", "aria-hidden": "true" }), h("span", { class: "name" }, name), h("span", { class: "line" })));
}

function updateServer(item, addresses) {
  setText(item.firstElementChild.lastElementChild, [...addresses].sort().join(", "));
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
