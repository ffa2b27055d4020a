// What is typed in the console, and what is shown of it?  (A form and a log; the shell is on the server.)

import { h, setAttribute, setText } from "../helpers/dom.js";
import { credentials } from "../helpers/identity.js";
import { recall, remember } from "../helpers/memory.js";
import { freshOp } from "../helpers/ops.js";
import { LineSocket } from "../models/line_socket.js";
import { History, named, Screen, shared } from "../models/screen.js";

const STATES = { connecting: "connecting", open: "", lost: "connection lost, trying again", closed: "closed" };
const REFRESH_AFTER = 500;
const TABLE = /\S {2,}\S.* {2,}\S/;
const ON_WORKSTATION = /^\s*(kubectl|switchyard)\b/;

class PageTerminal extends HTMLElement {
  connectedCallback() {
    const find = (selector) => this.querySelector(selector);
    Object.assign(this, {
      log: find("[role=log]"), form: find("form"), input: find("#terminal-line"), prompt: find(".terminal-prompt"), select: find("select"),
      words: find(".terminal-words"), stop: find("[data-does=interrupt]"), state: find("[data-terminal-state]"),
    });
    this.screen = new Screen();
    this.names = new Map();
    this.busy = false;
    this.memory = `terminal-history:${this.dataset.base}`;
    this.history = new History(JSON.parse(recall(this.memory) ?? "[]"));
    this.panel = this.closest("[role=tabpanel]");
    this.panel.addEventListener("open", () => this.#open());
    this.form.addEventListener("submit", (event) => this.#submit(event));
    this.input.addEventListener("keydown", (event) => this.#press(event));
    this.input.addEventListener("input", () => this.#offer([]));
    this.input.addEventListener("paste", (event) => this.#paste(event));
    this.select.addEventListener("change", () => this.#go(this.select.value));
    this.addEventListener("click", (event) => this.#click(event));
    document.addEventListener("yard-picture", ({ detail }) => this.#learn(detail.picture));
    document.addEventListener("yard-frame", ({ detail }) => this.#learn(detail.picture));
    document.body.addEventListener("open-terminal", ({ detail }) => this.#openAt(detail));
    for (const type of ["click", "keydown"]) document.addEventListener(type, (event) => this.#follow(event));
  }

  // --- coming and going

  /** The tab was opened: the shell begins with the first time. */
  #open() {
    this.#refreshPlaces();
    if (!this.socket) {
      const url = new URL(this.dataset.socket, location.href);
      url.protocol = url.protocol.replace("http", "ws");
      this.socket = new LineSocket(url.href, consoleName(this.dataset.base), { onShown: (told) => this.#show(told), onState: (state, why) => this.#say(state, why) });
      this.socket.go(recall(`terminal-place:${this.dataset.base}`) || this.select.value);
    }
    this.#end();
  }

  /** Asked for from elsewhere in the page: at a place, perhaps with a line to run. What only the workstation has runs there; what runs is stopped. */
  #openAt({ place, line }) {
    document.body.dispatchEvent(new CustomEvent("show-pane", { detail: { pane: "terminal" } }));
    document.getElementById("tab-terminal").click();
    const where = place || (ON_WORKSTATION.test(line ?? "") ? "workstation" : this.socket.place);
    if (where !== this.socket.place) this.#go(where);
    else if (line && this.busy) this.#interrupt();
    if (line) this.#run(line);
    this.input.focus();
  }

  /** Any element may say a place or a line; one that is no button answers to the keyboard too, if it can be focused. */
  #follow(event) {
    const asked = event.target.closest?.("[data-terminal-place], [data-terminal-run]");
    if (!asked || (event.type === "keydown" && (asked !== event.target || !["Enter", " "].includes(event.key) || asked.matches("button, a[href]")))) return;
    event.preventDefault();
    this.#openAt({ place: asked.dataset.terminalPlace, line: asked.dataset.terminalRun });
  }

  #go(place) {
    remember(`terminal-place:${this.dataset.base}`, place);
    this.#setPlace(place);
    this.socket.go(place);
    this.input.focus();
  }

  #setPlace(place) {
    if (!place || place === this.select.value) return;
    if (![...this.select.options].some((option) => option.value === place)) this.select.append(h("option", { value: place }, place.split("/")[2] ?? place));
    this.select.value = place;
  }

  /** Pods come and go: the list of places is read again, but not while somebody chooses from it. */
  #refreshPlaces() {
    if (document.activeElement !== this.select) window.htmx?.trigger(this.select, "refresh");
  }

  #learn(picture) {
    const pods = picture.pods.size;
    const names = [...picture.pods.keys()].join();
    if (names === this.known) return;
    this.known = names;
    this.names.clear();
    for (const node of picture.nodes.keys()) this.names.set(node, `Node/-/${node}`);
    for (const [kind, map] of [["Service", picture.services], ["Pod", picture.pods]]) {
      for (const key of map.keys()) {
        const [namespace, name] = key.split("/");
        if (!this.names.has(name) || namespace === "default") this.names.set(name, `${kind}/${key}`);
      }
    }
    if (!pods || this.panel.hidden) return;
    clearTimeout(this.refresh);
    this.refresh = setTimeout(() => this.#refreshPlaces(), REFRESH_AFTER);
  }

  // --- what is typed

  #submit(event) {
    event.preventDefault();
    this.#run(this.input.value);
    this.input.value = "";
    this.input.focus();
  }

  #run(line) {
    this.#offer([]);
    this.history.add(line);
    remember(this.memory, JSON.stringify(this.history.lines));
    if (line.trim() === "clear") this.#clear();
    else this.socket.line(line);
  }

  /** Whole lines that are pasted run one after the other. */
  #paste(event) {
    const text = event.clipboardData.getData("text").replace(/\r\n?/g, "\n");
    if (!text.includes("\n")) return;
    event.preventDefault();
    const lines = (this.input.value.slice(0, this.input.selectionStart) + text + this.input.value.slice(this.input.selectionEnd)).split("\n");
    this.input.value = lines.pop();
    lines.forEach((line) => this.#run(line));
  }

  #press(event) {
    const { key, ctrlKey, shiftKey, altKey, metaKey } = event;
    const escaped = this.escaped;
    this.escaped = key === "Escape";
    if (altKey || metaKey) return;
    if (ctrlKey) this.#control(event, key.toLowerCase());
    else if (key === "ArrowUp") this.#recall(event, this.history.older(this.input.value));
    else if (key === "ArrowDown") this.#recall(event, this.history.newer(this.input.value));
    else if (key === "Escape") this.#offer([]);
    else if (key === "Tab" && !shiftKey && !escaped && this.input.value && this.input.value !== this.fruitless) {
      event.preventDefault();
      this.#complete();
    }
  }

  #control(event, key) {
    const marked = this.input.selectionStart !== this.input.selectionEnd || String(getSelection());
    if (key === "c" && !marked) {
      event.preventDefault();
      this.#interrupt();
    } else if (key === "l") {
      event.preventDefault();
      this.#clear();
    } else if (key === "d" && !this.input.value) {
      event.preventDefault();
      this.socket.say("end");
    }
  }

  #interrupt() {
    this.input.value = "";
    this.#offer([]);
    this.socket.say("interrupt");
  }

  #recall(event, line) {
    event.preventDefault();
    this.input.value = line;
    this.input.setSelectionRange(line.length, line.length);
  }

  /** Asks the server how the word before the cursor goes on. A line that cannot go on lets the next Tab move the focus. */
  async #complete() {
    const line = this.input.value;
    const at = this.input.selectionStart;
    const query = new URLSearchParams({ place: this.select.value, line: line.slice(0, at) });
    const answer = await fetch(`${this.dataset.completion}?${query}`, { headers: credentials() }).catch(() => null);
    if (!answer?.ok || this.input.value !== line) return;
    const { start, words } = await answer.json();
    const common = shared(words) + (words.length === 1 ? " " : "");
    const longer = common.length > at - start;
    if (longer) {
      this.input.value = line.slice(0, start) + common + line.slice(at).trimStart();
      this.input.setSelectionRange(start + common.length, start + common.length);
    }
    this.fruitless = longer ? null : this.input.value;
    this.#offer(words.length > 1 ? words : [], words.length ? "" : "Nothing to complete; Tab moves on.");
  }

  #offer(words, otherwise = "") {
    const atEnd = this.#atEnd();
    this.words.replaceChildren(...(words.length ? words.map((word) => h("span", {}, word)) : [otherwise]));
    setAttribute(this.words, "hidden", !words.length && !otherwise);
    if (atEnd) this.#end();
  }

  // --- what is shown

  #show({ entries, place, busy, missed }) {
    const atEnd = this.#atEnd();
    this.#setPlace(place);
    this.busy = busy;
    setAttribute(this.stop, "hidden", !busy);
    if (missed) this.log.append(h("div", { "data-kind": "warn" }, "Some lines were left out here."));
    this.unended?.remove();
    this.unended = null;
    if (this.shown) entries.forEach(([, kind, ref]) => kind === "open" && document.body.dispatchEvent(new CustomEvent("select-object", { detail: { ref, tab: "yaml" } })));
    this.shown = true;
    this.log.append(...this.screen.take(entries.filter(([, kind]) => kind !== "open")).map((line) => this.#line(line)));
    while (this.log.childElementCount > this.screen.lines.length + 20) this.log.firstElementChild.remove();
    this.#showTail();
    if (atEnd || entries.some(([, kind]) => kind === "in")) this.#end();
  }

  /** A line that is not ended is the prompt when the shell waits, and the last line while a program runs. */
  #showTail() {
    const { tail } = this.screen;
    setText(this.prompt, this.busy ? "" : tail.text || "› ");
    if (this.busy && tail.text) this.unended = this.log.appendChild(this.#line(tail));
  }

  #line({ kind, text }) {
    const line = h("div", { "data-kind": kind });
    if (TABLE.test(text)) line.dataset.table = "";
    for (const [piece, ref] of named(text, this.names)) {
      line.append(ref ? h("a", { href: `${this.dataset.base}objects/${ref}/`, "data-ref": ref }, piece) : piece);
    }
    return line;
  }

  #atEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 40;
  }

  #end() {
    this.log.scrollTop = this.log.scrollHeight;
  }

  #say(state, why) {
    setText(this.state, why || STATES[state]);
  }

  #clear() {
    this.log.replaceChildren();
    const { tail } = this.screen;
    this.screen.clear();
    this.screen.tail = { kind: "out", text: "" };
    if (this.socket?.ready) this.socket.say("clear");
    else this.screen.tail = tail;
  }

  #click(event) {
    const does = event.target.closest("[data-does]")?.dataset.does;
    if (does === "interrupt") this.#interrupt();
    else if (does === "help") this.#run("help");
    else if (does === "clear") this.#clear();
    else if (does === "copy") this.#copy();
    const typesOn = event.target.closest("[role=log]") && !event.target.closest("a") && !String(getSelection()) && matchMedia("(pointer: fine)").matches;
    if ((does && does !== "copy") || typesOn) this.input.focus();
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.screen.text);
      this.#say("open", "copied");
    } catch {
      getSelection().selectAllChildren(this.log); // no clipboard here: it is marked, to be copied by hand
      this.#say("open", "marked: copy it with Ctrl C");
    }
  }
}

/** Each tab has a console of its own, and finds it again when it is loaded again. */
function consoleName(base) {
  const key = `terminal:${base}`;
  try {
    const known = sessionStorage.getItem(key) ?? freshOp();
    sessionStorage.setItem(key, known);
    return known;
  } catch {
    return freshOp();
  }
}

customElements.define("page-terminal", PageTerminal);
