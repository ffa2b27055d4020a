// How are shares dragged and cards put in order? (Range inputs and buttons do all of it; dragging is a second way.)

import { setAttribute, setText } from "../helpers/dom.js";

const WHOLE = 100;
const NEAR = 10;

/** <lesson-bars>: range inputs with an <output> each; says what they are together. */
class LessonBars extends HTMLElement {
  connectedCallback() {
    this.addEventListener("input", () => this.#show());
    this.#show();
  }

  #show() {
    let sum = 0;
    for (const input of this.querySelectorAll("input[type=range]")) {
      sum += input.valueAsNumber;
      setText(input.nextElementSibling, `${input.value} %`);
      input.setAttribute("aria-valuetext", `${input.value} %`);
    }
    const total = this.querySelector(".bars-total");
    setText(total.querySelector("output"), `${sum} %`);
    setAttribute(total, "data-off", Math.abs(sum - WHOLE) > NEAR);
  }
}

/** <lesson-cards data-moved="{card}: place {place} of {of}">: items with two buttons each, that can be dragged too. */
class LessonCards extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol");
    this.addEventListener("click", (event) => this.#press(event.target.closest("[data-moves]")));
    this.list.addEventListener("dragstart", (event) => this.#begin(event));
    this.list.addEventListener("dragover", (event) => this.#over(event));
    this.list.addEventListener("dragend", () => this.#end());
  }

  #press(button) {
    if (!button) return;
    const card = button.closest("li");
    const other = button.dataset.moves === "1" ? card.nextElementSibling : card.previousElementSibling;
    if (!other) return;
    if (button.dataset.moves === "1") other.after(card);
    else other.before(card);
    this.#say(card);
    const isThere = getComputedStyle(button).visibility !== "hidden";
    (isThere ? button : card.querySelector(`[data-moves]:not([data-moves="${button.dataset.moves}"])`)).focus();
  }

  #begin(event) {
    this.dragged = event.target.closest("li");
    event.dataTransfer.effectAllowed = "move";
    setAttribute(this.dragged, "data-dragged", true);
  }

  #over(event) {
    const card = event.target.closest("li");
    if (!this.dragged || !card) return;
    event.preventDefault();
    if (card === this.dragged) return;
    const { top, height } = card.getBoundingClientRect();
    if (event.clientY > top + height / 2) card.after(this.dragged);
    else card.before(this.dragged);
  }

  #end() {
    if (!this.dragged) return;
    setAttribute(this.dragged, "data-dragged", null);
    this.#say(this.dragged);
    this.dragged = null;
  }

  #say(card) {
    const cards = [...this.list.children];
    const words = { card: card.dataset.name, place: cards.indexOf(card) + 1, of: cards.length };
    setText(this.querySelector("[role=status]"), this.dataset.moved.replace(/\{(\w+)\}/g, (_, name) => words[name]));
  }
}

/** <progress-file>: a chosen file's text is put into the textarea beside it. */
class ProgressFile extends HTMLElement {
  connectedCallback() {
    const [file, text] = [this.querySelector("input[type=file]"), this.querySelector("textarea")];
    file.addEventListener("change", async () => (text.value = (await file.files[0]?.text()) ?? ""));
  }
}

document.addEventListener("click", ({ target }) => target.closest("[data-print]") && window.print());

customElements.define("lesson-bars", LessonBars);
customElements.define("lesson-cards", LessonCards);
customElements.define("progress-file", ProgressFile);
