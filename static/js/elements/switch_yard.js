// What does the cluster look like at this moment? (The yard: takes frames from the stream and has each part draw what they touched.)

import { appColour } from "../helpers/colour.js";
import { setAttribute, setText } from "../helpers/dom.js";
import { number } from "../helpers/format.js";
import { Flows } from "../models/flows.js";
import { density, shownUnder } from "../models/look.js";
import { Picture, nothingTouched, normalRef } from "../models/picture.js";
import { Stream } from "../models/stream.js";
import { Boxes } from "./boxes.js";
import { Flights, SAMPLE } from "./flights.js";
import { NamespaceFilter } from "./namespace_filter.js";
import { Outside } from "./outside.js";
import { Nodes } from "./nodes.js";
import { Pods } from "./pods.js";
import { Pointing } from "./pointing.js";
import { Roving } from "./roving.js";
import { Services } from "./services.js";
import { Wires } from "./wires.js";
import { skeleton } from "./yard_skeleton.js";

const SHARES_EVERY = 500;

export class SwitchYard extends HTMLElement {
  connectedCallback() {
    if (!this.stage) this.#build();
    this.stream = new Stream(new URL(this.dataset.live, location.href.replace(/^http/, "ws")).href, {
      onPicture: (message) => this.#takePicture(message),
      onFrame: (message) => this.#takeFrame(message),
      onState: (state) => this.#tell("yard-state", { state }),
    });
    this.stream.start();
    this.observer.observe(this.stage);
    this.observer.observe(this.scroller);
    this.sharing = setInterval(() => this.#drawShares(), SHARES_EVERY);
  }

  disconnectedCallback() {
    this.stream.stop();
    this.observer.disconnect();
    clearInterval(this.sharing);
  }

  /** For tests and the curious: the requests in the air. */
  flightsInView() {
    return this.flights.inView();
  }

  addressOf(ref) {
    return `${this.dataset.base}objects/${ref}/`;
  }

  colourOf(podKey) {
    if (podKey.includes(":")) return "soft";
    const pod = this.picture.pods.get(podKey);
    return appColour(pod?.app ?? podKey);
  }

  boxOf(element) {
    return this.boxes.of(element);
  }

  /** The box of a journey's stop (see journeys.js), or null when it is not on the page. */
  stopBox(stop, journey) {
    const [kind, name] = stop.split(" ");
    if (kind === "pod") return this.boxOf(this.pods.link(name));
    if (kind === "node") return this.boxOf(this.nodes.link(name));
    if (kind !== "proxy") return this.boxOf(this.outside.stop(kind, name));
    const box = this.nodes.rules(name);
    const gate = this.boxOf(box?.row(this.picture.ruleKey(name, journey)) ?? box?.element);
    return gate && { ...gate, gate: true };
  }

  /** A request came to its Node's kube-proxy: its rule lights up, and where it was answered. */
  pulse(journey) {
    if (journey.reused || journey.where === "dns") return;
    const failed = journey.outcome !== "ok";
    if (journey.service) this.nodes.rules(journey.node)?.pulse(this.picture.ruleKey(journey.node, journey), failed ? "drop" : "accent");
    if (failed) return;
    if (journey.server) this.outside.pulse(journey.server);
    else if (journey.service) this.pods.pulse(journey.endpoint);
  }

  layoutChanged() {
    this.relayout = true;
    this.#schedule();
  }

  keepFocusNear(link) {
    this.roving.keepNear(link);
  }

  #build() {
    Object.assign(this, skeleton(this.dataset.base));
    this.append(this.tools, this.scroller, this.canvas, this.foot, this.tip);
    this.picture = new Picture();
    this.flows = new Flows();
    this.boxes = new Boxes(this.stage);
    this.outside = new Outside(this, this.outsideBand, this.outsideLists);
    this.services = new Services(this, this.serviceList, this.serviceMore);
    this.nodes = new Nodes(this, this.nodeList);
    this.pods = new Pods(this);
    this.wires = new Wires(this, this.wireLayer);
    this.flights = new Flights(this, this.canvas);
    this.filter = new NamespaceFilter(this.filterHolder, () => this.#redraw());
    this.roving = new Roving(this);
    this.pointing = new Pointing(this);
    this.observer = new ResizeObserver(() => this.layoutChanged());
    this.touched = nothingTouched();
    this.#listen();
  }

  #listen() {
    this.scroller.addEventListener("scroll", () => this.#moveOrigin(), { passive: true });
    this.serviceList.addEventListener("scroll", () => this.layoutChanged(), { passive: true });
    document.addEventListener("visibilitychange", () => this.stream.hidden(document.hidden));
    window.addEventListener("online", () => this.stream.hurry());
    document.addEventListener("theme-changed", () => this.flights.brush.learnColours());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.flights.brush.learnColours());
  }

  /** The first picture, or a new one after a gap, an undo or a reset: then anything may be another (ref "*"). */
  #takePicture(message) {
    if (this.now !== undefined) document.body.dispatchEvent(new CustomEvent("object-changed", { detail: { ref: "*" } }));
    this.picture = new Picture(message.picture);
    this.flows = new Flows();
    this.now = this.picture.clock.now ?? 0;
    this.outside.forget();
    this.flights.clear();
    this.flights.clock(this.picture.clock);
    this.dataset.hash = message.hash;
    this.#redraw();
    this.#tell("yard-picture", { message, picture: this.picture, flows: this.flows });
  }

  #takeFrame(message) {
    const touched = this.picture.apply(message.changes);
    for (const [kind, keys] of Object.entries(touched)) for (const key of keys) this.touched[kind].add(key);
    this.flows.add(message.flows, message.now);
    this.dataset.hash = message.hash;
    if (touched.single.has("clock")) this.flights.clock(this.picture.clock);
    if (this.#meetOutside(message.requests) || touched.traffic.size) this.#drawOutside();
    this.#schedule();
    this.flights.launch(message.requests, this.now, message.now);
    this.now = message.now;
    this.#tellChanges(touched, message);
    this.#tell("yard-frame", { message, picture: this.picture, flows: this.flows, touched });
  }

  /** Whether a request came from a client outside, or went to a server outside, that is not drawn yet. */
  #meetOutside(requests) {
    return requests.map((entry) => [this.outside.meet(entry[2]), this.outside.meetServer(entry)].some(Boolean)).some(Boolean);
  }

  #drawOutside() {
    if (this.outside.render(this.picture, this.shownServices ?? new Map())) {
      this.relayout = true;
      this.boxes.forget();
    }
  }

  #tellChanges(touched, { says, others = [] }) {
    const refs = new Set([...touched.refs, ...others].map(normalRef));
    for (const [, , ref] of says) if (ref) refs.add(normalRef(ref));
    for (const ref of refs) document.body.dispatchEvent(new CustomEvent("object-changed", { detail: { ref } }));
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }

  #redraw() {
    this.filter.offer(this.picture.namespaces());
    for (const key of this.pods.items.keys()) this.touched.pods.add(key);
    for (const section of ["nodes", "pods", "services", "rules"]) for (const key of this.picture[section].keys()) this.touched[section].add(key);
    this.relayout = true;
    this.#schedule();
  }

  #schedule() {
    if (this.scheduled) return;
    this.scheduled = requestAnimationFrame(() => {
      this.scheduled = 0;
      this.#draw();
    });
  }

  #draw() {
    const { touched, picture } = this;
    this.touched = nothingTouched();
    if (touched.pods.size) this.filter.offer(picture.namespaces());
    if (touched.nodes.size) this.nodes.render(picture.nodes);
    if (touched.services.size || touched.nodes.size) this.#drawServices();
    for (const key of this.#podsToDraw(touched)) this.relayout = this.pods.place(key, picture.pods.get(key), this.#listFor(picture.pods.get(key))) || this.relayout;
    for (const name of new Set([...touched.rules, ...touched.nodes])) this.#drawRules(name);
    this.#drawEmptiness();
    if (touched.nodes.size || this.relayout) this.#settle();
    if (this.relayout || touched.services.size || touched.nodes.size) this.#drawWires();
    if (this.relayout || touched.services.size) this.pointing.glow();
    this.relayout = false;
  }

  /** A stream of traffic is written on its Pod; a Node that comes or goes takes its Pods along. */
  #podsToDraw(touched) {
    const keys = new Set(touched.pods);
    if (touched.traffic.size || touched.nodes.size) for (const key of this.picture.pods.keys()) keys.add(key);
    return keys;
  }

  #drawServices() {
    this.shownServices = new Map([...this.picture.services].filter(([key]) => this.filter.shows(shownUnder(key))).sort(([a], [b]) => (a < b ? -1 : 1)));
    this.services.render(this.shownServices);
    this.#drawOutside();
    for (const name of this.picture.nodes.keys()) this.#drawRules(name);
    this.relayout = true;
  }

  #drawRules(name) {
    const rules = Object.entries(this.picture.rules.get(name) ?? {}).filter(([key]) => this.filter.shows(shownUnder(key)));
    if (this.nodes.rules(name)?.render(Object.fromEntries(rules))) this.relayout = true;
  }

  #listFor(pod) {
    if (!pod || !this.filter.shows(pod.ns)) return null;
    return this.nodes.podList(pod.node) ?? this.trayList;
  }

  #drawEmptiness() {
    setAttribute(this.tray, "hidden", this.trayList.childElementCount === 0);
    setAttribute(this.emptiness, "hidden", this.picture.nodes.size > 0);
  }

  /** After the layout changed: how dense, where everything is, which elements the Tab key reaches. */
  #settle() {
    const fullest = Math.max(0, ...[...this.nodeList.querySelectorAll(".node-pods")].map((list) => list.querySelectorAll(".pod").length));
    setAttribute(this.stage, "data-density", density(fullest));
    this.roving.settle();
    this.services.tellHidden();
    this.boxes.forget();
    this.#moveOrigin();
    this.flights.layoutChanged();
  }

  #drawWires() {
    this.boxes.forget();
    this.wires.render(this.shownServices ?? new Map(), this.pointing.chosenServices());
  }

  #moveOrigin() {
    const { width, height } = this.scroller.getBoundingClientRect();
    const [stage, scroller] = [this.stage.getBoundingClientRect(), this.scroller.getBoundingClientRect()];
    this.flights.origin = { x: stage.left - scroller.left, y: stage.top - scroller.top };
    if (this.canvas.clientWidth !== this.lastWidth || height !== this.lastHeight) {
      this.pointing.lit.roomChanged();
      [this.lastWidth, this.lastHeight] = [this.canvas.clientWidth, height];
      this.flights.brush.resize(width, height);
    }
    this.flights.layoutChanged();
  }

  #drawShares() {
    const shares = this.flows.shares();
    for (const key of this.picture.pods.keys()) this.pods.share(key, Math.round((shares.get(key) ?? 0) * 100) / 100);
    const { requests } = this.flows.rate();
    setText(this.sample, requests > SAMPLE ? `A sample is drawn: there are ${number(requests)} requests a second, and every failure shows.` : "");
  }
}

customElements.define("switch-yard", SwitchYard);
