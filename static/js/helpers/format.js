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

/** Microseconds as kubectl writes an age: "45s", "2m14s", "12m", "3h5m", "2d" (as kube/apiserver/tables/ages.py). */
export function age(us) {
  const seconds = Math.max(0, Math.floor(us / 1_000_000));
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => Math.floor(seconds / unit));
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return two(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return `${minutes}m`;
  if (hours < 8) return two(hours, "h", minutes % 60, "m");
  if (hours < 48) return `${hours}h`;
  if (days < 8) return two(days, "d", hours % 24, "h");
  if (days < 730) return `${days}d`;
  return days < 365 * 8 ? two(Math.floor(days / 365), "y", days % 365, "d") : `${Math.floor(days / 365)}y`;
}

function two(large, unit, small, smaller) {
  return small ? `${large}${unit}${small}${smaller}` : `${large}${unit}`;
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
