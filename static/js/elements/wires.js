// Which line joins a Service to its endpoints? (SVG behind the cards; measured again only when the layout changed.)

import { appColour } from "../helpers/colour.js";
import { setAttribute, svg } from "../helpers/dom.js";
import { wirePath } from "../helpers/geometry.js";

const ALL_UP_TO = 8;

export class Wires {
  constructor(yard, parent) {
    this.yard = yard;
    this.parent = parent;
    this.paths = new Map();
  }

  /** Draws the lines of the Services shown; when there are many, only of the ones in `chosen`. */
  render(services, chosen) {
    const wanted = new Map();
    const shelf = this.yard.boxOf(this.yard.serviceList);
    const floor = shelf ? shelf.y + shelf.h : 0;
    [...services.keys()].forEach((key, lane) => {
      if (services.size <= ALL_UP_TO || chosen.has(key)) this.#wires(key, services.get(key), { lane, floor, chosen: chosen.has(key) }, wanted);
    });
    for (const [key, path] of this.paths) if (!wanted.has(key)) this.#remove(key, path);
    for (const [key, wire] of wanted) this.#draw(key, wire);
  }

  #wires(key, service, { lane, floor, chosen }, wanted) {
    const from = this.yard.boxOf(this.yard.services.link(key));
    if (!from || from.y > floor) return;
    const crowded = this.yard.stage.dataset.density !== "cards";
    const colour = `var(--${appColour(service.app)})`;
    for (const [pod, , nodeName, state] of service.endpoints) {
      const node = this.yard.boxOf(this.yard.nodes.columns.get(nodeName));
      const end = crowded && !chosen ? node : this.yard.boxOf(this.yard.pods.link(pod));
      if (!node || !end) continue;
      const wireKey = end === node ? `${key} ${nodeName}` : `${key} ${pod}`;
      if (wanted.get(wireKey)?.state === "ready") continue;
      wanted.set(wireKey, { path: wirePath({ ...from, floor }, node, end, lane), state, colour, chosen });
    }
  }

  #draw(key, { path, state, colour, chosen }) {
    let line = this.paths.get(key);
    if (!line) {
      line = svg("path", { class: "wire" });
      this.paths.set(key, line);
      this.parent.append(line);
    }
    setAttribute(line, "d", path);
    setAttribute(line, "data-state", state);
    setAttribute(line, "data-chosen", chosen);
    line.style.setProperty("--app", colour);
  }

  #remove(key, path) {
    path.remove();
    this.paths.delete(key);
  }
}
