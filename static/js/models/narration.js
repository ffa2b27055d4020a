// What one sentence tells a listener of the last seconds? (Screen readers hear at most one sentence in two seconds, never one per request.)

import { plural } from "../helpers/format.js";

export class Narration {
  constructor() {
    this.#clear();
  }

  add(says, flows) {
    for (const [, text] of says) this.texts.push(text);
    for (const [, , , outcome, count] of flows) {
      this.requests += count;
      if (outcome !== "ok") this.failures += count;
    }
  }

  /** The sentence for what was added since the last call, or "" when there is nothing worth saying. */
  take() {
    const parts = [];
    if (this.texts.length) parts.push(this.texts[this.texts.length - 1]);
    if (this.texts.length > 1) parts.push(`And ${plural(this.texts.length - 1, "other change")}.`);
    if (this.failures) parts.push(`${this.failures} of ${plural(this.requests, "request")} failed.`);
    this.#clear();
    return parts.join(" ");
  }

  #clear() {
    Object.assign(this, { texts: [], requests: 0, failures: 0 });
  }
}
