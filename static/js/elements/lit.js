// What does somebody beside the yard speak of?  It is lit, and brought into view when it begins to be spoken of or the yard gets less room.

import { setAttribute } from "../helpers/dom.js";
import { bestScroll } from "../helpers/geometry.js";

const FRESH = 1000; // what is spoken of for the first time counts more than all the rest

export class Lit {
  constructor(yard) {
    this.yard = yard;
    this.refs = new Set();
    this.fresh = new Set();
    document.body.addEventListener("light-objects", ({ detail }) => this.#speak(detail));
    yard.scroller.addEventListener("wheel", () => this.#leave(), { passive: true });
    yard.scroller.addEventListener("pointerdown", () => this.#leave(), { passive: true });
  }

  /** After everything is drawn. */
  mark() {
    for (const link of this.yard.stage.querySelectorAll("[data-ref]")) setAttribute(link, "data-lit", this.refs.has(link.dataset.ref) && !link.dataset.tab);
    if (this.fresh.size) this.#bringIntoView();
  }

  /** The yard has another height: what is spoken of is to be seen in it, unless somebody looks elsewhere. */
  roomChanged() {
    if (!this.isLeft) this.fresh = new Set(this.refs);
  }

  /** `still`: nothing moves, since it was spoken of before. */
  #speak({ refs, still }) {
    const fresh = refs.filter((ref) => !this.refs.has(ref));
    this.refs = new Set(refs);
    if (fresh.length && !still) [this.fresh, this.isLeft] = [new Set(fresh), false];
    this.mark();
  }

  #leave() {
    this.isLeft = true;
  }

  #bringIntoView() {
    const { scroller, stage } = this.yard;
    const top = stage.getBoundingClientRect().top;
    const boxes = [];
    for (const link of stage.querySelectorAll("[data-lit]")) {
      const box = link.getBoundingClientRect();
      if (box.height) boxes.push({ y: box.top - top, h: box.height, weight: this.fresh.has(link.dataset.ref) ? FRESH : 1 });
    }
    if (!boxes.some(({ weight }) => weight === FRESH) || !scroller.clientHeight) return; // not drawn yet
    for (const link of stage.querySelectorAll("[data-lit]")) this.fresh.delete(link.dataset.ref);
    scroller.scrollTop = bestScroll(boxes, scroller.clientHeight, scroller.scrollTop);
  }
}
