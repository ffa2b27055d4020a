// Which place in the palette does a name fall on? (FNV-1a, so that a name falls on the same place everywhere.)

export function slotFor(name, size) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  return ((hash ^ (hash >>> 15)) >>> 0) % size;
}
