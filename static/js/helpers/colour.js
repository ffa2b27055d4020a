// Which of the palette's colours hangs on a name? (FNV-1a: it is the same in every page, whenever it was opened, and two names may share one.)

const COLOURS = 10;
const START = 0x81300fe9; // with it the apps of each ready cluster and of each lesson have colours of their own

/** "frontend" -> "app-1", a token of tokens.css. */
export function appColour(name) {
  let hash = START;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return `app-${((hash ^ (hash >>> 15)) >>> 0) % COLOURS}`;
}
