// How is one Node's kube-proxy drawn? (One row per Service port: the address and what it is rewritten to.)

import { h, keyed, setAttribute, setText, stillness } from "../helpers/dom.js";
import { ruleWords } from "../models/look.js";

const ROWS_SHOWN = 6;
const FULL_ROWS = 4;
const PULSE_EVERY = 180;

export class RuleBox {
  constructor(yard, node) {
    this.yard = yard;
    this.rows = new Map();
    this.pulsed = new Map();
    this.list = h("ul", { class: "rules" });
    this.more = h("p", { class: "rules-more", hidden: true });
    this.empty = h("p", { class: "rules-more" }, "no rules");
    this.behind = h("span", { class: "badge", "data-state": "warn", hidden: true }, "behind");
    const link = h("a", { class: "proxy-name", href: `${yard.addressOf(`Node/-/${node}`)}?tab=rules`, "data-ref": `Node/-/${node}`, "data-tab": "rules", tabindex: "-1" }, "kube-proxy");
    this.element = h("div", { class: "proxy" }, h("header", {}, link, this.behind), this.list, this.empty, this.more);
  }

  /** `rules` are the ones of Services that are shown; those that drop or reject come first when there are too many. Answers whether rows came or went. */
  render(rules) {
    const entries = Object.entries(rules).sort(([a], [b]) => (a < b ? -1 : 1));
    const shown = entries.length <= ROWS_SHOWN ? entries : mostTelling(entries).slice(0, ROWS_SHOWN - 1);
    const before = this.rows.size;
    keyed(this.list, this.rows, new Map(shown), { make: (key) => makeRow(key), update: (row, rule) => updateRow(row, rule) });
    setAttribute(this.list, "data-full", shown.length <= FULL_ROWS);
    setAttribute(this.more, "hidden", shown.length === entries.length);
    setText(this.more, `and ${entries.length - shown.length} more rules`);
    setAttribute(this.empty, "hidden", entries.length > 0);
    setAttribute(this.behind, "hidden", !entries.some(([, rule]) => rule.behind));
    return before !== this.rows.size;
  }

  row(key) {
    return this.rows.get(key);
  }

  /** A request had its address rewritten (or was turned away) here. */
  pulse(key, state) {
    const row = this.rows.get(key) ?? this.element;
    const now = performance.now();
    if (now - (this.pulsed.get(key) ?? 0) < (stillness.matches ? 1000 : PULSE_EVERY)) return;
    this.pulsed.set(key, now);
    const colour = `color-mix(in srgb, var(--${state}) 20%, transparent)`;
    row.animate([{ backgroundColor: colour }, { backgroundColor: "transparent" }], { duration: 420, easing: "ease-out" });
  }
}

function makeRow(key) {
  const row = h("li", { class: "rule", title: key }, h("span", { class: "address" }), h("span", { class: "verdict" }), h("span", { class: "rule-note" }));
  return row;
}

function updateRow(row, rule) {
  const [address, verdict, note] = row.children;
  const words = ruleWords(rule);
  setText(address, words.address);
  setText(verdict, `→ ${words.verdict}`);
  setText(note, rule.behind ? `${words.note} · behind` : words.note);
  setAttribute(row, "data-state", words.state || null);
  setAttribute(row, "data-behind", rule.behind);
}

function mostTelling(entries) {
  const weight = ([, rule]) => (rule.verdict === "forward" ? 0 : 2) + (rule.behind ? 1 : 0);
  return [...entries].sort((a, b) => weight(b) - weight(a));
}
