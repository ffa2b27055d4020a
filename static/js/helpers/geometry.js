// Where do lines run and what is near? (Pixels of the stage; boxes are {x, y, w, h}; nothing here knows the page.)

const LANES = 4;
const LANE = 4;

/** The line from a Service's card down the gap left of a Node and into the top of a Pod, as an SVG path with rounded corners. */
export function wirePath(service, node, pod, lane) {
  const offset = (lane % LANES) * LANE;
  const bus = node.x - 6 - offset;
  const start = clamp(bus, service.x + 14, service.x + service.w - 14);
  const channel = service.floor + 8 + offset;
  const entry = pod.y - 5;
  const end = pod.x + 18 + offset;
  const bottom = Math.min(service.y + service.h, service.floor);
  return rounded([[start, bottom], [start, channel], [bus, channel], [bus, entry], [end, entry], [end, pod.y]], 6);
}

/** A path through points, each corner cut by a curve of at most `radius`; points that repeat are left out. */
export function rounded(points, radius) {
  const way = points.filter(([x, y], index) => index === 0 || x !== points[index - 1][0] || y !== points[index - 1][1]);
  let path = `M${way[0][0]} ${way[0][1]}`;
  for (let index = 1; index < way.length - 1; index += 1) {
    const [before, corner, after] = [way[index - 1], way[index], way[index + 1]];
    const cut = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    const [ax, ay] = towards(corner, before, cut);
    const [bx, by] = towards(corner, after, cut);
    path += `L${ax} ${ay}Q${corner[0]} ${corner[1]} ${bx} ${by}`;
  }
  const last = way[way.length - 1];
  return `${path}L${last[0]} ${last[1]}`;
}

/** Writes the point at `t` (0 to 1) of the cubic curve [x0 y0 x1 y1 x2 y2 x3 y3] that starts at `at` in `curves` into out[0], out[1]. */
export function alongCubic(curves, at, t, out) {
  const u = 1 - t;
  const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  out[0] = a * curves[at] + b * curves[at + 2] + c * curves[at + 4] + d * curves[at + 6];
  out[1] = a * curves[at + 1] + b * curves[at + 3] + c * curves[at + 5] + d * curves[at + 7];
}

/** A cubic curve that leaves and arrives steeply, as a wire hangs: written into `curves` at `at`. */
export function hang(curves, at, x0, y0, x3, y3) {
  const steep = Math.min(90, 24 + Math.abs(x3 - x0) / 4 + Math.abs(y3 - y0) / 3) * (y3 < y0 ? -1 : 1);
  curves.set([x0, y0, x0, y0 + steep, x3, y3 - steep, x3, y3], at);
}

/** A cubic curve that bows to one side: the way back. */
export function bow(curves, at, x0, y0, x3, y3) {
  const [dx, dy] = [x3 - x0, y3 - y0];
  const bend = 0.18;
  curves.set([x0, y0, x0 + dx * 0.3 - dy * bend, y0 + dy * 0.3 + dx * bend, x0 + dx * 0.7 - dy * bend, y0 + dy * 0.7 + dx * bend, x3, y3], at);
}

/** The box nearest to `from` in a direction (left, right, up, down), or null: straight ahead counts more than aside. */
export function nearest(boxes, from, direction) {
  const [fx, fy] = [from.x + from.w / 2, from.y + from.h / 2];
  let [best, least] = [null, Infinity];
  for (const box of boxes) {
    const [dx, dy] = [box.x + box.w / 2 - fx, box.y + box.h / 2 - fy];
    const [ahead, aside] = direction === "left" ? [-dx, dy] : direction === "right" ? [dx, dy] : direction === "up" ? [-dy, dx] : [dy, dx];
    const cost = ahead + 2.5 * Math.abs(aside);
    if (ahead > 3 && cost < least) [best, least] = [box, cost];
  }
  return best;
}

export function clamp(value, low, high) {
  return Math.max(low, Math.min(high, value));
}

function distance([ax, ay], [bx, by]) {
  return Math.hypot(bx - ax, by - ay);
}

function towards([ax, ay], [bx, by], far) {
  const whole = Math.hypot(bx - ax, by - ay) || 1;
  return [round(ax + ((bx - ax) * far) / whole), round(ay + ((by - ay) * far) / whole)];
}

function round(value) {
  return Math.round(value * 10) / 10;
}

/** Where to scroll to in a window `height` high that shows what begins at `now`, so that most of the boxes {y, h, weight} are wholly seen; as near as can be. */
export function bestScroll(boxes, height, now, margin = 10) {
  const places = [now, ...boxes.flatMap(({ y, h }) => [y - margin, y + h + margin - height])].map((place) => Math.max(0, place));
  const seen = (place) => boxes.reduce((sum, { y, h, weight }) => sum + (y >= place && y + h <= place + height ? weight : 0), 0);
  return places.reduce((best, place) => {
    const more = seen(place) - seen(best);
    return more > 0 || (more === 0 && Math.abs(place - now) < Math.abs(best - now)) ? place : best;
  });
}
