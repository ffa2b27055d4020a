// How are Nodes drawn? (A column each: its name, its Pods, and its kube-proxy at the bottom.)

import { h, keyed, setAttribute, setText } from "../helpers/dom.js";
import { nodeState } from "../models/look.js";
import { RuleBox } from "./rules.js";

const BADGES = { cordoned: "warn", "kube-proxy stopped": "warn", "not ready": "drop" };

export class Nodes {
  constructor(yard, parent) {
    this.yard = yard;
    this.parent = parent;
    this.columns = new Map();
    this.parts = new Map();
  }

  /** Draws every Node of the picture in order of name. */
  render(nodes) {
    const wanted = new Map([...nodes].sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const name of this.parts.keys()) if (!wanted.has(name)) this.parts.delete(name);
    keyed(this.parent, this.columns, wanted, {
      make: (name) => this.#make(name),
      update: (column, node) => this.#update(column, node),
    });
  }

  podList(name) {
    return this.parts.get(name)?.pods ?? null;
  }

  rules(name) {
    return this.parts.get(name)?.rules;
  }

  link(name) {
    return this.parts.get(name)?.link;
  }

  #make(name) {
    const ref = `Node/-/${name}`;
    const link = h("a", { class: "node-name", href: this.yard.addressOf(ref), "data-ref": ref, tabindex: "-1" }, name);
    const state = h("span", { class: "badge" });
    const cidr = h("span", { class: "cidr" });
    const pods = h("ul", { class: "node-pods", "aria-label": `Pods on ${name}` });
    const rules = new RuleBox(this.yard, name);
    this.parts.set(name, { link, state, cidr, pods, rules });
    return h("section", { class: "node", "aria-label": `Node ${name}`, "data-group": name },
      h("header", {}, link, state, cidr), pods, rules.element);
  }

  #update(column, node) {
    const { state, cidr } = this.parts.get(node.name);
    const word = nodeState(node);
    setText(cidr, node.cidr);
    setAttribute(cidr, "title", node.zone ? `Pod CIDR ${node.cidr}, zone ${node.zone}` : `Pod CIDR ${node.cidr}`);
    setText(state, word);
    setAttribute(state, "hidden", !word);
    setAttribute(state, "data-state", BADGES[word] ?? "soft");
    setAttribute(column, "data-node-state", word.replace(" ", "-") || "ready");
  }
}
