// Where on the stage is an element? (Measured once per layout, asked for often.)

export class Boxes {
  constructor(stage) {
    this.stage = stage;
    this.forget();
  }

  /** {x, y, w, h} in pixels of the stage; null when the element is missing or not drawn. */
  of(element) {
    if (!element?.isConnected) return null;
    let box = this.known.get(element);
    if (box === undefined) this.known.set(element, (box = this.#measure(element)));
    return box;
  }

  forget() {
    this.known = new WeakMap();
    this.origin = null;
  }

  #measure(element) {
    this.origin ??= this.stage.getBoundingClientRect();
    const rect = element.getBoundingClientRect();
    if (rect.width === 0) return null;
    return { x: rect.left - this.origin.left, y: rect.top - this.origin.top, w: rect.width, h: rect.height };
  }
}
