// Which colour does an app have? (The same app keeps its colour while the page lives; two apps share one only when colours run out.)

import { slotFor } from "../helpers/colour.js";

export class Palette {
  constructor(size = 10) {
    this.size = size;
    this.slots = new Map();
  }

  /** Gives colours to apps in alphabetical order, so that two pages of one cluster agree. */
  learn(apps) {
    for (const app of [...apps].sort()) this.slot(app);
  }

  slot(app) {
    let slot = this.slots.get(app);
    if (slot === undefined) this.slots.set(app, (slot = this.#free(slotFor(app, this.size))));
    return slot;
  }

  #free(wanted) {
    const taken = new Set(this.slots.values());
    if (taken.size >= this.size) return wanted;
    let slot = wanted;
    while (taken.has(slot)) slot = (slot + 1) % this.size;
    return slot;
  }
}
