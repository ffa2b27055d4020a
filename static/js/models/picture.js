// What does this browser know of the cluster, and what did the last changes touch? (The server makes the picture; see docs/protocol.md)

const SECTIONS = ["nodes", "pods", "services", "rules", "traffic"];
const SINGLES = ["clock", "history", "cluster"];
const KINDS = { nodes: "Node", pods: "Pod", services: "Service" };

export class Picture {
  constructor(data = {}) {
    for (const section of SECTIONS) this[section] = new Map(Object.entries(data[section] ?? {}));
    for (const single of SINGLES) this[single] = data[single] ?? {};
  }

  /** Applies [section, key, value or null] triples in order; answers what was touched: {nodes: Set, ..., single: Set, refs: Set}. */
  apply(changes) {
    const touched = nothingTouched();
    for (const [section, key, value] of changes) {
      if (SINGLES.includes(section)) {
        this[section] = value ?? {};
        touched.single.add(section);
      } else if (SECTIONS.includes(section)) {
        for (const ref of refsOf(section, key, this[section].get(key), value)) touched.refs.add(ref);
        if (value === null) this[section].delete(key);
        else this[section].set(key, value);
        touched[section].add(key);
      }
    }
    return touched;
  }

  namespaces() {
    const names = new Set(["default"]);
    for (const pod of this.pods.values()) names.add(pod.ns);
    for (const service of this.services.values()) names.add(service.ns);
    return [...names].sort();
  }

  /** The key of the rule on `node` that decided, or null; of the ClusterIP's by a journey's Service, port, protocol and family: "frontend-svc:80" finds "default/frontend-svc:http". */
  ruleKey(node, { service, to, family, rule: told = null }) {
    if (told !== null) return told in (this.rules.get(node) ?? {}) ? told : null;
    const [port, protocol = "TCP"] = to.slice(to.lastIndexOf(":") + 1).split("/");
    for (const [key, rule] of Object.entries(this.rules.get(node) ?? {})) {
      if (!key.startsWith(`${service}:`) || rule.nodePort !== undefined || key.endsWith("/IPv6") !== (family === "IPv6")) continue;
      if (rule.address.endsWith(`:${port}`) && rule.protocol === protocol) return key;
    }
    return null;
  }

  /** The streams of traffic that leave this Pod. */
  trafficFrom(podKey) {
    return [...this.traffic.values()].filter((stream) => stream.from === podKey);
  }
}

export function nothingTouched() {
  return { nodes: new Set(), pods: new Set(), services: new Set(), rules: new Set(), traffic: new Set(), single: new Set(), refs: new Set() };
}

/** "Pod/default/web" from a section and a key of the picture. A Node has no namespace: "Node/-/node-a". */
export function refOf(section, key) {
  return section === "nodes" ? `Node/-/${key}` : `${KINDS[section]}/${key}`;
}

/** One spelling for a ref: "Node/node-a" and "Node//node-a" become "Node/-/node-a". */
export function normalRef(ref) {
  const parts = ref.split("/");
  if (parts.length === 2) return `${parts[0]}/-/${parts[1]}`;
  return parts.length === 3 ? `${parts[0]}/${parts[1] || "-"}/${parts[2]}` : ref;
}

function refsOf(section, key, before, after) {
  if (section === "rules") return [refOf("nodes", key), ...servicesOfChangedRules(before ?? {}, after ?? {})];
  if (section === "traffic") return senderRefs((after ?? before)?.from ?? "");
  const refs = [refOf(section, key)];
  const owner = (after ?? before)?.owner;
  if (section === "pods" && owner) refs.push(`${owner.split("/")[0]}/${(after ?? before).ns}/${owner.split("/")[1]}`);
  return refs;
}

function senderRefs(from) {
  if (from.startsWith("node:")) return [refOf("nodes", from.slice(5))];
  return from.includes(":") ? [] : [`Pod/${from}`];
}

function servicesOfChangedRules(before, after) {
  const refs = new Set();
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) refs.add(`Service/${key.slice(0, key.lastIndexOf(":"))}`);
  }
  return refs;
}
