// Who sent how many requests to whom, and how many failed? (Counts from frames' flows; time is the cluster's, in microseconds.)

const SECOND = 1_000_000;
const RATE_WINDOW = 3 * SECOND;
const SHARE_HALF_LIFE = 4 * SECOND;

export class Flows {
  constructor() {
    this.lines = new Map();
    this.recent = [];
    this.weights = new Map();
    this.totals = { requests: 0, failures: 0 };
  }

  /** Adds one frame's flows: [[from, service or to, endpoint pod or null, outcome, count], ...] at time `now`. */
  add(flows, now) {
    const sums = { now, requests: 0, failures: 0 };
    for (const [from, to, endpoint, outcome, count] of flows) {
      const failed = outcome === "ok" ? 0 : count;
      this.#line(from, to, endpoint).add(outcome, count);
      if (endpoint && !failed) this.#weigh(to, endpoint, count, now);
      sums.requests += count;
      sums.failures += failed;
    }
    this.totals.requests += sums.requests;
    this.totals.failures += sums.failures;
    this.recent.push(sums);
    while (this.recent.length && this.recent[0].now <= now - RATE_WINDOW) this.recent.shift();
    this.now = now;
  }

  /** Requests and failures in one second of the cluster's time, over the last three. */
  rate() {
    if (!this.recent.length) return { requests: 0, failures: 0 };
    const seconds = Math.max(1, (this.now - this.recent[0].now) / SECOND);
    const sum = (key) => this.recent.reduce((total, entry) => total + entry[key], 0) / seconds;
    return { requests: sum("requests"), failures: sum("failures") };
  }

  /** Lines for the traffic table, busiest first: [{key, from, to, endpoint, count, failures, outcomes}]. */
  rows() {
    return [...this.lines.values()].sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
  }

  /** Pod -> its share (0 to 1) of the answers that its Service gave lately. */
  shares() {
    const shares = new Map();
    for (const pods of this.weights.values()) {
      let sum = 0;
      for (const [pod, weight] of pods) {
        const value = faded(weight, this.now);
        if (value < 0.01) pods.delete(pod);
        else sum += value;
      }
      for (const [pod, weight] of pods) shares.set(pod, Math.max(shares.get(pod) ?? 0, faded(weight, this.now) / sum));
    }
    return shares;
  }

  #line(from, to, endpoint) {
    const key = `${from} ${to} ${endpoint ?? ""}`;
    let line = this.lines.get(key);
    if (!line) this.lines.set(key, (line = new Line(key, from, to, endpoint)));
    return line;
  }

  #weigh(to, pod, count, now) {
    let pods = this.weights.get(to);
    if (!pods) this.weights.set(to, (pods = new Map()));
    const weight = pods.get(pod);
    pods.set(pod, { value: (weight ? faded(weight, now) : 0) + count, at: now });
  }
}

class Line {
  constructor(key, from, to, endpoint) {
    Object.assign(this, { key, from, to, endpoint, count: 0, failures: 0, outcomes: {} });
  }

  add(outcome, count) {
    this.count += count;
    if (outcome !== "ok") this.failures += count;
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + count;
  }
}

function faded(weight, now) {
  return weight.value * 0.5 ** ((now - weight.at) / SHARE_HALF_LIFE);
}
