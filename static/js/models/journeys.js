// Which way does one request fly, and how does its flight end? (A frame's request entry in, stops and an ending out.)

/** The order of a request entry in a frame. */
const [ID, AT, FROM, FROM_NODE, TO, SERVICE, OUTCOME, WHERE, ENDPOINT, ENDPOINT_NODE, SENTENCE, REUSED, BALANCER, FAMILY, RULE] = Array(15).keys();

/** How a flight ends: each has a shape of its own on the canvas. */
export const ENDINGS = { ok: "answer", refused: "bounce", timeout: "fade", nxdomain: "question", reset: "break", unreachable: "wall" };

/**
 * -> {rid, at, from, node, to, service, endpoint, outcome, where, ending, reused, sentence, balancer, family, rule, server, stops}, where stops are "pod ns/name",
 * "client address", "server name" and "balancer ns/service" outside, "node name" and "proxy node"; `rule` is the picture's key of the rule that decided, null
 * where that is the one of its Service's ClusterIP, "" where it is none of the picture's; `half` says that it ends between its last two stops, in the network.
 */
export function journeyOf(entry) {
  const journey = {
    rid: entry[ID], at: entry[AT], from: entry[FROM], node: entry[FROM_NODE], to: entry[TO], service: entry[SERVICE],
    outcome: entry[OUTCOME], where: entry[WHERE], endpoint: entry[ENDPOINT], sentence: entry[SENTENCE], reused: Boolean(entry[REUSED]), balancer: entry[BALANCER],
    family: entry[FAMILY] ?? "IPv4", rule: entry[RULE] ?? null, server: serverMet(entry)?.name ?? null,
  };
  journey.ending = endingOf(journey);
  journey.stops = stopsOf(journey);
  journey.half = journey.where === "network" && journey.stops.length > 1;
  return journey;
}

export function failed(journey) {
  return journey.outcome !== "ok";
}

function endingOf({ outcome, where }) {
  if (where === "dns") return outcome === "nxdomain" ? "question" : "deaf";
  if (outcome === "timeout" && where === "proxy") return "drop";
  return ENDINGS[outcome] ?? "fade";
}

/** "outside:203.0.113.10" -> "client 203.0.113.10", "node:node-a" -> "node node-a", "default/web" -> "pod default/web" */
export function senderStop(from) {
  if (from.startsWith("outside:")) return `client ${from.slice(8)}`;
  return from.startsWith("node:") ? `node ${from.slice(5)}` : `pod ${from}`;
}

/** The server outside that a request came to, {name, address}, or null. */
export function serverMet(entry) {
  if (!entry[ENDPOINT]?.startsWith("outside:")) return null;
  return { name: entry[ENDPOINT].slice(8), address: entry[ENDPOINT_NODE] };
}

function stopsOf({ from, node, service, where, endpoint, balancer, server }) {
  const stops = [senderStop(from)];
  if (where === "dns") return stops;
  if (balancer) stops.push(`balancer ${balancer}`);
  if (node && (service || server || !endpoint)) stops.push(`proxy ${node}`);
  if (where !== "proxy" && endpoint) stops.push(server ? `server ${server}` : `pod ${endpoint}`);
  return stops;
}
