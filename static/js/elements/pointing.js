// What is chosen in the yard, what glows with it, and what lies under the pointer?

import { setAttribute, setText } from "../helpers/dom.js";
import { failed } from "../models/journeys.js";
import { Lit } from "./lit.js";

export class Pointing {
  constructor(yard) {
    this.yard = yard;
    this.chosen = "";
    this.hovered = "";
    this.typed = null;
    this.lit = new Lit(yard);
    for (const name of ["select-object", "object-shown"]) document.body.addEventListener(name, (event) => this.choose(event.detail.ref));
    document.body.addEventListener("select-request", () => this.choose(""));
    document.body.addEventListener("highlight-pods", (event) => this.#type(event.detail.pods));
    yard.stage.addEventListener("keydown", (event) => this.#press(event));
    for (const name of ["pointerover", "focusin"]) yard.stage.addEventListener(name, (event) => this.#hover(event.target));
    yard.scroller.addEventListener("pointermove", (event) => this.#move(event));
    yard.scroller.addEventListener("pointerleave", () => setAttribute(yard.tip, "hidden", true));
    yard.scroller.addEventListener("click", (event) => this.#click(event));
  }

  choose(ref) {
    this.chosen = ref;
    this.yard.layoutChanged();
  }

  /** The Services whose lines are drawn even in a crowd. */
  chosenServices() {
    return new Set([this.chosen, this.hovered].filter((ref) => ref.startsWith("Service/")).map((ref) => ref.slice(8)));
  }

  /** Marks what is chosen, and lets the Pods of the chosen Service (or of the selector being typed) glow. */
  glow() {
    const { stage, picture } = this.yard;
    for (const link of stage.querySelectorAll("[data-ref]")) {
      setAttribute(link, "aria-current", link.dataset.ref === this.chosen && !link.dataset.tab ? "true" : null);
    }
    this.lit.mark();
    const service = picture.services.get(this.chosen.replace(/^Service\//, ""));
    const glowing = this.typed ?? (service ? new Set(service.endpoints.map(([pod]) => pod)) : null);
    setAttribute(stage, "data-typing", this.typed !== null);
    for (const link of stage.querySelectorAll(".pod[data-ref]")) setAttribute(link, "data-glow", glowing?.has(link.dataset.ref.slice(4)) ?? false);
  }

  /** `pods` is a list or a string of "ns/name"; null when nothing is being typed any more. */
  #type(pods) {
    const list = typeof pods === "string" ? pods.split(/\s+/).filter(Boolean) : pods;
    this.typed = list ? new Set(list) : null;
    this.glow();
  }

  #press(event) {
    const ref = event.target.closest("[data-ref]")?.dataset.ref;
    if (event.key !== "Delete" || !ref?.startsWith("Pod/")) return;
    event.preventDefault();
    document.body.dispatchEvent(new CustomEvent("delete-object", { detail: { ref } }));
  }

  #hover(target) {
    const ref = target.closest("[data-ref]")?.dataset.ref ?? "";
    if (ref === this.hovered) return;
    const matters = ref.startsWith("Service/") || this.hovered.startsWith("Service/");
    this.hovered = ref;
    if (matters) this.yard.layoutChanged();
  }

  #flightUnder(event) {
    if (event.target.closest(".pod, .service, .node-name, .proxy-name")) return null;
    const stage = this.yard.stage.getBoundingClientRect();
    return this.yard.flights.at(event.clientX - stage.left, event.clientY - stage.top);
  }

  #move(event) {
    const journey = this.#flightUnder(event);
    const { tip, scroller } = this.yard;
    setAttribute(tip, "hidden", !journey);
    setAttribute(scroller, "data-over-flight", Boolean(journey));
    if (!journey) return;
    setText(tip, journey.sentence);
    setAttribute(tip, "data-state", failed(journey) ? "drop" : "ready");
    const frame = this.yard.getBoundingClientRect();
    const left = Math.min(event.clientX - frame.left + 14, frame.width - tip.offsetWidth - 8);
    tip.style.translate = `${left}px ${event.clientY - frame.top + 14}px`;
  }

  #click(event) {
    const journey = this.#flightUnder(event);
    if (journey) document.body.dispatchEvent(new CustomEvent("select-request", { detail: { rid: journey.rid, at: journey.at } }));
  }
}
