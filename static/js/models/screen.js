// What does a console show?  Lines of what was typed and written, the one that is not ended yet, and at most so many of them.

const KEPT = 2000;

export class Screen {
  constructor() {
    this.clear();
  }

  clear() {
    this.lines = [];
    this.tail = { kind: "out", text: "" };
    this.dropped = 0;
  }

  /** Takes entries [number, kind, text]; the lines that ended with them. A line is of the kind that ended it. */
  take(entries) {
    const ended = [];
    for (const [, kind, text] of entries) {
      const parts = text.split("\n");
      for (const [index, part] of parts.entries()) {
        this.tail.text += part;
        if (part || index < parts.length - 1) this.tail.kind = kind;
        if (index === parts.length - 1) continue;
        ended.push(this.tail);
        this.tail = { kind: "out", text: "" };
      }
    }
    this.lines.push(...ended);
    this.dropped = Math.max(0, this.lines.length - KEPT);
    this.lines.splice(0, this.dropped);
    return ended.slice(-KEPT);
  }

  get text() {
    return [...this.lines, this.tail].map((line) => line.text).join("\n");
  }
}

/** Earlier lines, the newest last: `older` and `newer` walk through them, and what was being typed comes back at the end. */
export class History {
  constructor(lines = []) {
    this.lines = lines.slice(-History.KEPT);
    this.at = this.lines.length;
    this.typed = "";
  }

  add(line) {
    if (line.trim() && line !== this.lines.at(-1)) this.lines.push(line);
    this.lines.splice(0, this.lines.length - History.KEPT);
    this.at = this.lines.length;
    this.typed = "";
  }

  older(now) {
    if (this.at === 0) return now;
    if (this.at === this.lines.length) this.typed = now;
    this.at -= 1;
    return this.lines[this.at];
  }

  newer(now) {
    if (this.at >= this.lines.length) return now;
    this.at += 1;
    return this.at === this.lines.length ? this.typed : this.lines[this.at];
  }
}
History.KEPT = 200;

/** What all of these words begin with. */
export function shared(words) {
  let [common = "", ...rest] = words;
  for (const word of rest) while (!word.startsWith(common)) common = common.slice(0, -1);
  return common;
}

/** Splits a line at the names of objects: [text, ref or null]; `refs` maps a name to `Kind/namespace/name`. */
export function named(text, refs) {
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(/(?:(pod|service|node|po|svc|no)\/)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/g)) {
    const [whole, kind] = found;
    const name = kind ? whole.slice(kind.length + 1) : whole;
    const ref = refs.get(name);
    if (!ref || (kind && !ref.toLowerCase().startsWith(kind.slice(0, 2) === "sv" ? "service" : kind))) continue;
    if (found.index > at) pieces.push([text.slice(at, found.index), null]);
    pieces.push([whole, ref]);
    at = found.index + whole.length;
  }
  if (at < text.length || !pieces.length) pieces.push([text.slice(at), null]);
  return pieces;
}
