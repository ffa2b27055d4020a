// How does an object of the picture look: its state, its words, how densely Pods are drawn? (Names of looks; CSS gives them form.)

const BROKEN = /BackOff|Error|OOMKilled|Failed|Evicted|Unknown|Invalid/;
const MOST_CARDS = 8;
const MOST_COMPACT = 22;

/** ready | not-ready | starting | terminating | failed | done */
export function podState(pod) {
  if (pod.terminating) return "terminating";
  if (BROKEN.test(pod.status) || pod.phase === "Failed") return "failed";
  if (pod.phase === "Succeeded") return "done";
  if (pod.ready) return "ready";
  return pod.phase === "Running" ? "not-ready" : "starting";
}

/** The line under a Pod's name: where it listens, or what is the matter with it. */
export function podLine(pod) {
  const state = podState(pod);
  if (state === "ready") return pod.ports.length ? `${bracketed(pod.ip)}:${pod.ports.join(",")}` : pod.ip;
  const words = state === "not-ready" ? `not ready ${pod.containers.join("/")}` : pod.status;
  return pod.restarts ? `${words} · restarts ${pod.restarts}` : words;
}

/** powered off | not ready | kube-proxy stopped | cordoned | "" */
export function nodeState(node) {
  if (!node.on) return "powered off";
  if (!node.ready) return "not ready";
  if (!node.proxied) return "kube-proxy stopped";
  return node.schedulable ? "" : "cordoned";
}

/** cards | compact | dots: by the fullest Node. */
export function density(mostPodsOnANode) {
  if (mostPodsOnANode <= MOST_CARDS) return "cards";
  return mostPodsOnANode <= MOST_COMPACT ? "compact" : "dots";
}

/** What one Node's kube-proxy does with an address: {address, verdict, note, state}. Of what comes from outside the note also names the node port. */
export function ruleWords(rule) {
  const port = rule.nodePort ? `node port ${rule.nodePort}` : "";
  const also = rule.address && port ? ` · ${port}` : "";
  const address = rule.address || port;
  if (rule.verdict !== "forward") return { address, verdict: rule.verdict, note: `${rule.verdict === "DROP" ? "no local endpoint" : "no endpoints"}${also}`, state: "drop" };
  const more = rule.count > 2 ? ` +${rule.count - 2}` : "";
  return { address, verdict: `1/${rule.count}`, note: rule.endpoints.slice(0, 2).join(", ") + more + also, state: "" };
}

/** A Service's address as it is written: "ClusterIP 172.17.0.5:80 → 5000", with the family of its second one if it has two. */
export function serviceAddress(service) {
  const ports = service.ports.map((port) => (String(port.port) === String(port.target) ? port.port : `${port.port} → ${port.target}`));
  if (service.type === "ExternalName") return `ExternalName → ${service.externalName}`;
  const second = service.families ? ` + ${service.families[1]}` : "";
  if (service.ip === "None") return ports.length ? `headless :${ports.join(", :")}${second}` : `headless, no ports${second}`;
  if (service.balancer) return `${service.type} ${service.balancer[0] ?? "<pending>"} · ${bracketed(service.ip)}:${ports.join(", :")}${second}`;
  return `${service.type} ${bracketed(service.ip || "pending")}:${ports.join(", :")}${second}`;
}

/** An address before a port: an IPv6 one stands in brackets. */
function bracketed(ip) {
  return ip.includes(":") ? `[${ip}]` : ip;
}

/** The namespace under which something is shown: the API server's own Service stands with Kubernetes' own. */
export function shownUnder(key) {
  return key === "default/kubernetes" || key.startsWith("default/kubernetes:") ? "kube-system" : key.slice(0, key.indexOf("/"));
}
