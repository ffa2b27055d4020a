// Which namespaces does the yard show? (All but Kubernetes' own, unless asked for.)

import { h } from "../helpers/dom.js";

const OWN = /^kube-/;

export class NamespaceFilter {
  constructor(parent, onChange) {
    this.choices = new Map();
    this.onChange = onChange;
    this.summary = h("summary", { class: "btn small" }, "Namespaces");
    this.list = h("fieldset", { class: "card stack" }, h("legend", { class: "visually-hidden" }, "Namespaces to show"));
    this.box = h("details", {}, this.summary, this.list);
    parent.append(this.box);
    this.list.addEventListener("change", (event) => this.#choose(event.target));
    this.box.addEventListener("keydown", (event) => event.key === "Escape" && this.#close());
    document.addEventListener("click", (event) => !this.box.contains(event.target) && this.box.removeAttribute("open"));
  }

  shows(namespace) {
    return this.choices.get(namespace) ?? !OWN.test(namespace);
  }

  /** The namespaces there are now. Choices for ones that went are kept. */
  offer(names) {
    const written = names.join(" ");
    if (this.written === written) return;
    this.written = written;
    this.list.querySelectorAll("label").forEach((label) => label.remove());
    for (const name of names) {
      const box = h("input", { type: "checkbox", value: name });
      box.checked = this.shows(name);
      this.list.append(h("label", { class: "row" }, box, name));
    }
    this.#sum(names);
  }

  #choose(input) {
    this.choices.set(input.value, input.checked);
    this.#sum(this.written.split(" "));
    this.onChange();
  }

  #sum(names) {
    const shown = names.filter((name) => this.shows(name));
    const words = shown.length > 3 || shown.length === 0 ? `${shown.length} of ${names.length}` : shown.join(", ");
    this.summary.textContent = `Namespaces: ${words}`;
  }

  #close() {
    this.box.removeAttribute("open");
    this.summary.focus();
  }
}
