// How do frames reach this page, and what happens when they stop? (A WebSocket client: acknowledge, find gaps, come back.)

import { protocols } from "../helpers/identity.js";

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const HIDDEN_FOR = 60_000;
const FINAL = { 4001: "expired", 4004: "gone" };

/**
 * States told to `onState`: "connecting", "live", "reconnecting", "paused" (the page was hidden too long), "gone" (no such cluster), "expired" (the page's token).
 * `open` makes a socket, `later` and `cancel` are timers, `random` is chance: tests pass their own.
 */
export class Stream {
  constructor(url, { onPicture, onFrame, onState, open = (to) => new WebSocket(to, protocols()), later = (fn, ms) => setTimeout(fn, ms), cancel = (id) => clearTimeout(id), random = Math.random }) {
    Object.assign(this, { url, onPicture, onFrame, onState, open, later, cancel, random });
    this.state = "";
    this.tries = 0;
    this.run = null;
    this.last = null;
  }

  start() {
    this.#say(this.tries ? "reconnecting" : "connecting");
    this.#connect();
  }

  stop() {
    this.cancel(this.retryTimer);
    this.cancel(this.hiddenTimer);
    this.#drop();
  }

  /** The page was hidden or shown: a page nobody sees lets its socket go after a minute. */
  hidden(isHidden) {
    this.cancel(this.hiddenTimer);
    if (isHidden) {
      this.hiddenTimer = this.later(() => this.#pause(), HIDDEN_FOR);
    } else if (this.state === "paused") {
      this.tries = 0;
      this.start();
    }
  }

  /** Connects at once instead of waiting for the next try. */
  hurry() {
    if (this.state !== "reconnecting" || this.socket) return;
    this.cancel(this.retryTimer);
    this.#connect();
  }

  #connect() {
    this.last = null;
    const socket = this.open(this.url);
    this.socket = socket;
    socket.onmessage = (event) => this.#take(JSON.parse(event.data));
    socket.onclose = (event) => {
      if (this.socket === socket) this.#lost(event.code);
    };
  }

  #take(message) {
    if (message.type === "picture") this.#takePicture(message);
    else if (message.type === "frame") this.#takeFrame(message);
  }

  #takePicture(message) {
    this.tries = 0;
    this.run = message.run;
    this.last = message.seq;
    this.#send({ type: "ack", seq: message.seq });
    this.#say("live");
    this.onPicture(message);
  }

  #takeFrame(message) {
    if (this.last === null) return;
    if (message.run !== this.run || message.first !== this.last + 1) {
      this.last = null;
      this.#send({ type: "resync" });
      return;
    }
    this.last = message.last;
    this.#send({ type: "ack", seq: message.last });
    this.onFrame(message);
  }

  #send(message) {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }

  #lost(code) {
    this.socket = null;
    this.last = null;
    if (code in FINAL) return this.#say(FINAL[code]);
    this.#say("reconnecting");
    this.retryTimer = this.later(() => this.#connect(), this.#wait());
    this.tries += 1;
    return undefined;
  }

  /** Full jitter: anything up to a bound that doubles, so that many pages do not come back in step. */
  #wait() {
    return this.random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.tries);
  }

  #pause() {
    this.cancel(this.retryTimer);
    this.#drop();
    this.#say("paused");
  }

  #drop() {
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
  }

  #say(state) {
    if (state === this.state) return;
    this.state = state;
    this.onState(state);
  }
}
