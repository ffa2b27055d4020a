// Who sent what to whom, in words and numbers? (The text equal of the flights; live from frames, so it is drawn here.)

import { h, keyed, setAttribute, setText } from "../helpers/dom.js";
import { clock, number, percent, shortKey } from "../helpers/format.js";

const DRAWN_EVERY = 1000;
const ROWS = 40;
const LATEST = 30;
const HEADS = [["From"], ["To"], ["Answered by"], ["Requests", "num"], ["Failed", "num"], ["How"]];

class TrafficTable extends HTMLElement {
  connectedCallback() {
    if (!this.body) this.#build();
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("yard-picture", ({ detail }) => this.#start(detail), { signal });
    document.addEventListener("yard-frame", ({ detail }) => this.#take(detail), { signal });
    this.drawing = setInterval(() => this.#draw(), DRAWN_EVERY);
  }

  disconnectedCallback() {
    this.stop.abort();
    clearInterval(this.drawing);
  }

  #build() {
    this.rows = new Map();
    this.entries = new Map();
    this.latest = [];
    this.body = h("tbody");
    const head = h("thead", {}, h("tr", {}, ...HEADS.map(([text, kind]) => h("th", { scope: "col", class: kind ?? null }, text))));
    this.empty = h("p", { class: "empty" }, "No request yet. Start traffic from a Pod, and it is counted here.");
    const table = h("table", { class: "table" }, h("caption", { class: "visually-hidden" }, "Requests, counted since this page opened"), head, this.body);
    this.list = h("ol", { class: "latest", "aria-label": "Latest requests" });
    const all = h("a", { href: `${this.dataset.base}requests/`, "data-inspect": true }, "All requests");
    this.append(h("div", { class: "flows" }, table, this.empty), h("div", { class: "latest-box" }, h("p", { class: "spread" }, h("b", {}, "Latest requests"), all), this.list));
  }

  #start({ message, flows }) {
    this.flows = flows;
    this.latest = [...message.requests].reverse().slice(0, LATEST);
    this.#draw();
  }

  #take({ message, flows }) {
    this.flows = flows;
    if (message.requests.length) this.latest = [...message.requests].reverse().concat(this.latest).slice(0, LATEST);
  }

  /** A hidden tab is not drawn; a pointer or the focus in the list holds it still, so that a line can be hit. */
  #draw() {
    if (!this.flows || !this.offsetParent) return;
    const wanted = new Map(this.flows.rows().slice(0, ROWS).map((line) => [line.key, line]));
    keyed(this.body, this.rows, wanted, { make: (key, line) => makeRow(line), update: updateRow });
    setAttribute(this.empty, "hidden", wanted.size > 0);
    if (this.list.matches(":hover, :focus-within")) return;
    const latest = new Map(this.latest.map((entry) => [entry[0], entry]));
    keyed(this.list, this.entries, latest, { make: (rid, entry) => this.#makeEntry(rid, entry), update: () => {} });
  }

  #makeEntry(rid, [, at, , , , , outcome, , , , sentence]) {
    return h("li", {}, h("a", { href: `${this.dataset.base}requests/${rid}/?at=${at}`, "data-rid": rid, "data-at": at, title: sentence, class: "badge", "data-state": outcome === "ok" ? "ready" : "drop" },
      h("time", {}, clock(at)), h("span", {}, sentence)));
  }
}

function makeRow(line) {
  return h("tr", {}, h("td", {}, shortKey(line.from)), h("td", {}, shortKey(line.to)), h("td", {}, line.endpoint ? shortKey(line.endpoint) : "–"),
    h("td", { class: "num" }), h("td", { class: "num" }), h("td", {}));
}

function updateRow(row, line) {
  const [, , , count, failures, how] = row.children;
  setText(count, number(line.count));
  setText(failures, line.failures ? `${number(line.failures)} (${percent(line.failures, line.count)})` : "0");
  setAttribute(row, "data-state", line.failures ? "drop" : null);
  const outcomes = Object.entries(line.outcomes).filter(([outcome]) => outcome !== "ok");
  setText(how, outcomes.map(([outcome, times]) => (outcomes.length > 1 ? `${outcome} ${number(times)}` : outcome)).join(", ") || "ok");
}

customElements.define("traffic-table", TrafficTable);
