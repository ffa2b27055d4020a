// How does a frame find its cluster again after it was loaded anew? (By a code: in storage, or where that is closed in the frame's own hash.)

const FIELD = "resume";

/** `place` is window-like: {location, history, localStorage}. The hash goes first: "open in full" brings the code along. */
export class Resume {
  constructor(place) {
    this.place = place;
    this.key = `resume:${place.location.pathname}${seedOf(place.location.search)}`;
  }

  get code() {
    return this.#ofHash() || this.#ofStorage();
  }

  set code(code) {
    if (!code || code === this.code) return;
    if (!this.#ofHash() && this.#store(code)) return;
    this.place.history.replaceState(null, "", `#${FIELD}=${code}`);
  }

  /** This frame's address, in which another window goes on with the same cluster. */
  get address() {
    const { origin, pathname, search } = this.place.location;
    return `${origin}${pathname}${search}${this.code ? `#${FIELD}=${this.code}` : ""}`;
  }

  #ofHash() {
    return new URLSearchParams(this.place.location.hash.slice(1)).get(FIELD) ?? "";
  }

  #ofStorage() {
    try {
      return this.place.localStorage.getItem(this.key) ?? "";
    } catch {
      return "";
    }
  }

  #store(code) {
    try {
      this.place.localStorage.setItem(this.key, code);
      return true;
    } catch {
      return false;
    }
  }
}

/** Another seed is another cluster; another theme is not. */
function seedOf(search) {
  const seed = new URLSearchParams(search).get("seed");
  return seed ? `?seed=${seed}` : "";
}
