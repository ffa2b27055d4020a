// How does the keyboard move through the yard? (One Tab stop per Node and one for the Services; arrow keys go to what lies there.)

import { nearest } from "../helpers/geometry.js";

const DIRECTIONS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };

export class Roving {
  constructor(yard) {
    this.yard = yard;
    yard.stage.addEventListener("keydown", (event) => this.#press(event));
    yard.stage.addEventListener("focusin", (event) => this.#hold(event.target.closest("[data-ref]")));
  }

  /** Gives each group exactly one element that the Tab key reaches. */
  settle() {
    for (const group of this.yard.stage.querySelectorAll("[data-group]")) {
      const links = [...group.querySelectorAll("[data-ref]")];
      const held = links.filter((link) => link.tabIndex === 0);
      held.slice(1).forEach((link) => (link.tabIndex = -1));
      if (!held.length && links.length) links[0].tabIndex = 0;
    }
  }

  /** The element under the cursor is about to go: the focus moves to its neighbour instead of being lost. */
  keepNear(link) {
    const links = [...link.closest("[data-group]").querySelectorAll("[data-ref]")];
    const at = links.indexOf(link);
    (links[at + 1] ?? links[at - 1])?.focus();
  }

  #press(event) {
    const link = event.target.closest("[data-ref]");
    const direction = DIRECTIONS[event.key];
    if (!link || !direction || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#next(link, direction)?.focus();
  }

  #next(link, direction) {
    const boxes = [];
    for (const other of this.yard.stage.querySelectorAll("[data-ref]")) {
      const box = other !== link && this.yard.boxOf(other);
      if (box) boxes.push({ ...box, link: other });
    }
    return nearest(boxes, this.yard.boxOf(link), direction)?.link;
  }

  #hold(link) {
    if (!link) return;
    for (const other of link.closest("[data-group]").querySelectorAll('[data-ref][tabindex="0"]')) other.tabIndex = -1;
    link.tabIndex = 0;
  }
}
