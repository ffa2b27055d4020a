// How does a console reach its shell, also after a lost connection?  (Lines are numbered and sent again until they are taken.)

import { protocols } from "../helpers/identity.js";

const FIRST_WAIT = 300;
const LONGEST_WAIT = 15_000;
const FINAL = { 4001: "This page was open for too long: load it again.", 4004: "This cluster is not there any more.", 4013: "Too many terminals are open. Close one, then press Run." };

/**
 * `onShown({entries, place, busy, missed, fresh})`, `onState("connecting" | "open" | "lost" | "closed", why)`.
 * `open` makes a socket; `later` is a timer; tests pass their own.
 */
export class LineSocket {
  constructor(url, name, { onShown, onState, open = (to) => new WebSocket(to, protocols()), later = (fn, ms) => setTimeout(fn, ms) }) {
    Object.assign(this, { url, name, onShown, onState, open, later });
    this.seen = 0;
    this.number = 0;
    this.tries = 0;
    this.waiting = [];
    this.place = "";
    this.why = "";
  }

  connect() {
    if (this.socket) return;
    this.onState("connecting", "");
    const socket = this.open(this.url);
    this.socket = socket;
    this.first = true;
    socket.onopen = () => this.#send({ type: "open", console: this.name, seen: this.seen });
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => this.socket === socket && this.#lost(event.code);
  }

  go(place) {
    this.place = place;
    this.waiting = [];
    if (this.ready) this.#send({ type: "go", place });
    else this.connect();
  }

  line(text) {
    this.number += 1;
    const line = { type: "line", number: this.number, text, sent: Boolean(this.ready) };
    this.waiting.push(line);
    if (this.ready) this.#send(line);
    else this.connect();
  }

  say(type) {
    if (this.ready) this.#send({ type });
  }

  #take(message) {
    if (message.type === "refused") {
      this.why = message.message;
      return;
    }
    if (this.first) this.#greet(message);
    this.waiting = this.waiting.filter((line) => !line.sent || line.number > message.taken);
    this.number = Math.max(this.number, message.taken);
    const missed = message.entries.length > 0 && this.seen > 0 && message.entries[0][0] > this.seen + 1;
    if (message.entries.length) this.seen = message.entries.at(-1)[0];
    this.onShown({ ...message, missed });
  }

  /** The first answer says whether the console is still there: if not, it begins where one was, and lines are counted anew. */
  #greet(message) {
    this.first = false;
    this.tries = 0;
    this.ready = true;
    this.onState("open", "");
    if (message.last < this.seen) this.seen = 0;
    if (message.place) this.place = message.place;
    else this.#send({ type: "go", place: this.place });
    this.waiting = this.waiting.filter((line) => !line.sent || line.number > message.taken);
    this.number = message.taken;
    for (const line of this.waiting) {
      line.number = this.number += 1;
      this.#send(line);
      line.sent = true;
    }
  }

  #send({ sent, ...message }) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  #lost(code) {
    this.socket = null;
    this.ready = false;
    if (code in FINAL) {
      this.waiting = [];
      this.onState("closed", this.why || FINAL[code]);
      return;
    }
    this.onState("lost", "");
    this.later(() => this.connect(), Math.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries));
    this.tries += 1;
  }
}
