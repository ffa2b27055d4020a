// How is a number, a time or a name written?

/** Microseconds of the cluster's time -> "02:14.6". */
export function clock(us) {
  const tenths = Math.floor(us / 100_000);
  const minutes = Math.floor(tenths / 600);
  return `${String(minutes).padStart(2, "0")}:${String(Math.floor((tenths % 600) / 10)).padStart(2, "0")}.${tenths % 10}`;
}

/** 24 -> "24", 2.44 -> "2.4", 12345 -> "12,345". */
export function number(value) {
  return value < 10 ? String(Math.round(value * 10) / 10) : Math.round(value).toLocaleString("en");
}

export function plural(count, noun) {
  return `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export function percent(part, whole) {
  if (!whole || !part) return "0 %";
  const share = (100 * part) / whole;
  return share < 1 ? "< 1 %" : `${Math.round(share)} %`;
}

/** "frontend-6d4c-x2x9k" -> ["frontend-6d4c", "-x2x9k"]: the end tells Pods apart, so only the start may be cut. */
export function splitName(name) {
  const cut = name.lastIndexOf("-");
  return cut > 0 && name.length - cut <= 7 ? [name.slice(0, cut), name.slice(cut)] : [name, ""];
}

/** "default/web" -> "web", "shop/web" -> "shop/web": the namespace is said when it is not the usual one. */
export function shortKey(key) {
  if (key.startsWith("outside:")) return `${key.slice(8)} outside`;
  if (key.startsWith("node:")) return `Node ${key.slice(5)}`;
  return key.startsWith("default/") ? key.slice(8) : key;
}
