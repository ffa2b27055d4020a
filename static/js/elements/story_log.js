// What happened, in one line each? (The narration of frames; a sentence links to the object it speaks of.)

import { h } from "../helpers/dom.js";
import { clock } from "../helpers/format.js";
import { normalRef } from "../models/picture.js";

const KEPT = 300;

class StoryLog extends HTMLElement {
  connectedCallback() {
    this.list ??= h("ol", { class: "story-lines" });
    this.log ??= this.appendChild(h("div", { class: "story", role: "log", "aria-live": "off", "aria-label": "What happened", tabindex: "0" }, this.list));
    this.stop = new AbortController();
    const { signal } = this.stop;
    document.addEventListener("yard-picture", ({ detail }) => this.#start(detail.message.says), { signal });
    document.addEventListener("yard-frame", ({ detail }) => this.#add(detail.message.says), { signal });
  }

  disconnectedCallback() {
    this.stop.abort();
  }

  #start(says) {
    this.list.replaceChildren();
    this.#add(says);
  }

  #add(says) {
    if (!says.length) return;
    const { list, log } = this;
    const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 30;
    list.append(...says.map((say) => this.#line(say)));
    while (list.childElementCount > KEPT) list.firstElementChild.remove();
    if (atEnd) log.scrollTop = log.scrollHeight;
  }

  #line([at, text, ref]) {
    const words = ref ? h("a", { href: `${this.dataset.base}objects/${normalRef(ref)}/`, "data-ref": normalRef(ref) }, text) : text;
    return h("li", {}, h("time", {}, clock(at)), h("span", {}, words));
  }
}

customElements.define("story-log", StoryLog);
