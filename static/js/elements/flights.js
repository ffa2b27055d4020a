// Where is each request now? (One canvas above the yard; places of the flights live in typed arrays; failures are always drawn.)

import { alongCubic, bow, hang } from "../helpers/geometry.js";
import { setAttribute, stillness } from "../helpers/dom.js";
import { failed, journeyOf } from "../models/journeys.js";
import { Brush } from "./brush.js";

export const SAMPLE = 150;
const POOL = 1024;
const WAYS = 4;
const BACKWARD = WAYS - 1;
const CURVE = 8;
const LEG = 350;
const AT_PROXY = 110;
const AT_POD = 70;
const BACK = 280;
const MARK = 1100;
const HALF_WAY = 0.55;
const LONGEST_STEP = 100;
const STEP_BUDGET = 2600;
const HIT = 11;
const SLOWLY = 0.2;
const WAITS_FOR = 8000;
const SEEN_FOR = 500;

export class Flights {
  constructor(yard, canvas) {
    this.yard = yard;
    this.canvas = canvas;
    this.brush = new Brush(canvas);
    this.curves = new Float32Array(POOL * WAYS * CURVE);
    this.start = new Float64Array(POOL);
    this.x = new Float32Array(POOL);
    this.y = new Float32Array(POOL);
    this.journeys = new Array(POOL).fill(null);
    this.alive = 0;
    this.top = 0;
    this.departing = [];
    this.time = 0;
    this.pace = 1;
    this.paused = false;
    this.budget = 0;
    this.origin = { x: 0, y: 0 };
    this.point = [0, 0];
    this.draw = this.draw.bind(this);
    this.wanted = null;
    this.slowed = null;
    document.body.addEventListener("slow-motion", ({ detail }) => this.slowNext(detail));
  }

  /** The next request from a sender and with an outcome, where they are given, is drawn slowly until it has arrived, and what else flies with it. */
  slowNext({ from = [], outcome = "", label = "" }) {
    if (!stillness.matches) this.wanted = { from, outcome, label, until: performance.now() + WAITS_FOR };
  }

  /**
   * One frame's requests; `since` and `now` are the cluster's times before and at the frame, in microseconds.
   * They go when the yard has drawn what the frame changed (`depart`): a Pod that came with it has no place before.
   */
  launch(entries, since, now) {
    for (const entry of entries) {
      const journey = journeyOf(entry);
      const delay = Math.max(0, Math.min(60, ((journey.at - since) / Math.max(1, now - since)) * 50));
      this.departing.push([journey, delay]);
    }
    if (this.departing.length > POOL) this.departing = this.departing.slice(-POOL);
  }

  depart() {
    if (!this.departing.length) return;
    for (const [journey, delay] of this.departing.splice(0)) {
      if (this.alive >= SAMPLE && !failed(journey)) continue;
      this.#add(journey, delay);
      if (this.wanted && performance.now() > this.wanted.until + WAITS_FOR) this.wanted = null;
      if (this.wanted && this.#isWanted(journey)) this.#slow(journey);
    }
    if (this.paused) this.budget = STEP_BUDGET;
    this.#wake();
  }

  clock({ speed = 1, paused = false }) {
    this.pace = Math.max(0.2, Math.min(3, speed));
    if (paused && !this.paused) this.budget = 0;
    this.paused = paused;
    this.#wake();
  }

  /** The page moved under the flights: find every stop again. */
  layoutChanged() {
    for (let slot = 0; slot < this.top; slot += 1) {
      if (this.journeys[slot] && !this.#route(slot, this.journeys[slot])) this.#end(slot);
    }
    this.#wake();
  }

  clear() {
    this.departing = [];
    this.journeys.fill(null);
    this.alive = this.top = 0;
    this.#hurry();
    this.#wake();
  }

  /** The request whose dot or mark is at this place of the stage, or null. A failure is found before an answer. */
  at(x, y) {
    let [found, least] = [null, HIT];
    for (let slot = 0; slot < this.top; slot += 1) {
      const journey = this.journeys[slot];
      if (!journey || this.start[slot] > this.time) continue;
      const far = Math.hypot(this.x[slot] - x, this.y[slot] - y) - (failed(journey) ? 4 : 0);
      if (far < least) [found, least] = [journey, far];
    }
    return found;
  }

  /** For tests and the curious: what is in the air. */
  inView() {
    return this.journeys.filter(Boolean).map(({ rid, ending, outcome, from, endpoint }) => ({ rid, ending, outcome, from, endpoint }));
  }

  /** After a while any request will do. */
  #isWanted(journey) {
    const { from, outcome, until } = this.wanted;
    if (!this.journeys.includes(journey)) return false;
    return performance.now() > until || ((!from.length || from.includes(journey.from)) && (!outcome || journey.outcome === outcome));
  }

  #slow(journey) {
    this.slowed = journey;
    setAttribute(this.yard, "data-slow", this.wanted.label || null);
    this.wanted = null;
  }

  #hurry() {
    this.slowed = null;
    setAttribute(this.yard, "data-slow", null);
  }

  #add(journey, delay) {
    let slot = this.journeys.indexOf(null);
    if (slot < 0) slot = this.#oldest();
    if (!this.#route(slot, journey)) return;
    if (!this.journeys[slot]) this.alive += 1;
    this.journeys[slot] = journey;
    this.top = Math.max(this.top, slot + 1);
    journey.colours = [this.yard.colourOf(journey.from), this.yard.colourOf(journey.endpoint ?? journey.from)];
    journey.times = timesOf(journey);
    journey.met = 0;
    this.start[slot] = this.time + delay - (stillness.matches ? journey.times.arrive : 0);
    if (stillness.matches) this.#stand(journey, slot);
  }

  /** With reduced motion nothing flies: the rule and the endpoint light up, and a failure's mark stands where it happened. */
  #stand(journey, slot) {
    this.yard.pulse(journey);
    if (!failed(journey)) this.#end(slot);
  }

  /** Writes the curves between a journey's stops; false when one of its ends is not on the page. */
  #route(slot, journey) {
    const stops = journey.stops.map((stop) => this.yard.stopBox(stop, journey));
    if (!stops[0]) return false;
    const jitter = ((journey.rid * 7) % 17) - 8;
    const places = stops.map((box) => box && placeOf(box, box.gate ? 0 : jitter));
    journey.legs = 0;
    for (let leg = 1; leg < places.length && places[leg]; leg += 1) {
      hang(this.curves, (slot * WAYS + leg - 1) * CURVE, ...places[leg - 1], ...places[leg]);
      journey.legs = leg;
    }
    const last = places[journey.legs];
    bow(this.curves, (slot * WAYS + BACKWARD) * CURVE, ...last, places[0][0], places[0][1]);
    if (journey.legs === 0) this.curves.set([...last, ...last, ...last, ...last], slot * WAYS * CURVE);
    return true;
  }

  #oldest() {
    let oldest = 0;
    for (let slot = 1; slot < POOL; slot += 1) if (this.start[slot] < this.start[oldest]) oldest = slot;
    return oldest;
  }

  #end(slot) {
    if (this.journeys[slot] === this.slowed) this.#hurry();
    this.journeys[slot] = null;
    this.alive -= 1;
    while (this.top && !this.journeys[this.top - 1]) this.top -= 1;
  }

  #wake() {
    if (this.waiting) return;
    this.waiting = true;
    this.before = performance.now();
    requestAnimationFrame(this.draw);
  }

  draw(at) {
    this.waiting = false;
    const step = Math.max(0, Math.min(LONGEST_STEP, at - this.before));
    this.before = at;
    this.#advance(step);
    this.brush.begin(this.origin, this.alive);
    for (let slot = 0; slot < this.top; slot += 1) if (this.journeys[slot]) this.#drawOne(slot, this.journeys[slot]);
    if (this.alive && (!this.paused || this.budget > 0)) {
      this.waiting = true;
      requestAnimationFrame(this.draw);
    }
  }

  #advance(step) {
    if (!this.paused) this.time += step * this.pace * (this.slowed ? SLOWLY : 1);
    else {
      const spent = Math.min(step, this.budget);
      this.budget -= spent;
      this.time += spent;
    }
  }

  #drawOne(slot, journey) {
    const since = this.time - this.start[slot];
    if (since < 0) return;
    const { arrive, back, end } = journey.times;
    if (journey === this.slowed && since >= arrive + SEEN_FOR * SLOWLY) this.#hurry();
    if (since >= end) return this.#end(slot);
    if (since < arrive) this.#drawOut(slot, journey, since);
    else {
      if (journey.met < 3) this.#meet(journey, 3);
      this.#drawEnding(slot, journey, since - arrive, back);
    }
    return undefined;
  }

  /** On the way out: one leg after the other, with a stop before the last one, at the kube-proxy. */
  #drawOut(slot, journey, since) {
    const lastLeg = journey.legs - 1;
    const onLast = since - lastLeg * LEG - journey.times.pause;
    if (lastLeg < 1 || onLast < 0) {
      const leg = Math.min(Math.floor(since / LEG), Math.max(0, lastLeg - 1));
      if (since >= Math.max(1, lastLeg) * LEG && journey.met < 1) this.#meet(journey, 1);
      this.#drawDot(slot, slot * WAYS + leg, Math.min(1, since / LEG - leg), journey.half && lastLeg < 1, journey.colours[0]);
    } else {
      this.#drawDot(slot, slot * WAYS + lastLeg, Math.min(1, onLast / LEG), journey.half, journey.colours[1]);
    }
  }

  #drawDot(slot, curve, t, half, colour) {
    const reach = half ? HALF_WAY : 1;
    for (let tail = 3; tail > 0 && this.alive <= SAMPLE; tail -= 1) {
      alongCubic(this.curves, curve * CURVE, ease(Math.max(0, t - tail * 0.055)) * reach, this.point);
      this.brush.tail(this.point[0], this.point[1], colour, tail);
    }
    this.#place(slot, curve, ease(t) * reach);
    this.brush.dot(this.x[slot], this.y[slot], colour);
  }

  #drawEnding(slot, journey, since, back) {
    const returns = journey.ending === "answer" || journey.ending === "bounce";
    if (returns && since > back && since < back + BACK) {
      this.#place(slot, slot * WAYS + BACKWARD, ease((since - back) / BACK));
      this.brush.ring(this.x[slot], this.y[slot], journey.ending === "answer" ? journey.colours[1] : "drop");
    }
    if (journey.ending === "answer") return;
    const last = slot * WAYS + Math.max(0, journey.legs - 1);
    alongCubic(this.curves, last * CURVE, journey.half ? HALF_WAY : 1, this.point);
    if (!returns || since <= back) [this.x[slot], this.y[slot]] = this.point;
    this.brush.mark(this.point[0], this.point[1], journey.ending, since / MARK);
  }

  #place(slot, curve, t) {
    alongCubic(this.curves, curve * CURVE, t, this.point);
    this.x[slot] = this.point[0];
    this.y[slot] = this.point[1];
  }

  #meet(journey, stage) {
    if (journey.met === 0) this.yard.pulse(journey);
    journey.met = stage;
  }
}

function timesOf(journey) {
  const pause = journey.legs > 1 && !journey.reused ? AT_PROXY : 0;
  const arrive = journey.legs * LEG + pause;
  const back = journey.ending === "answer" ? AT_POD : AT_POD * 3;
  return { pause, arrive, back, end: arrive + (journey.ending === "answer" ? back + BACK : MARK) };
}

/** Where flights meet a box: a Pod at its lower edge, a rule at its gate. */
function placeOf(box, jitter) {
  if (box.gate) return [box.x + box.w - 13, box.y + Math.min(12, box.h / 2)];
  const aside = box.w > 60 ? jitter : jitter / 6;
  return [box.x + box.w / 2 + aside, box.y + (box.h > 30 ? box.h - 3 : box.h / 2)];
}

function ease(t) {
  return t * t * (3 - 2 * t);
}
