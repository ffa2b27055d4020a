// What did this browser choose last time? (Storage may be closed, as in a sandboxed frame: then nothing is remembered.)

export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

export function remember(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // Nothing is remembered, and nothing else changes.
  }
}
