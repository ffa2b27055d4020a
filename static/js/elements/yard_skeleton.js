// Which parts has the yard before any frame came?

import { h, svg } from "../helpers/dom.js";

const SIGNS = [
  ["ready", "ready"], ["not-ready", "not ready"], ["starting", "starting"], ["failed", "failed"], ["gone", "gone"],
  ["request", "a request, slowed down to be seen"], ["answer", "its answer"], ["drop", "dropped"], ["bounce", "refused"],
  ["fade", "timed out"], ["question", "no such name"], ["deaf", "no DNS server"],
];

/** `base` is the cluster's address. */
export function skeleton(base) {
  const addNode = h("a", { class: "btn primary", href: `${base}new/?form=node`, "data-inspect": true }, "Add a Node");
  const wireLayer = svg("svg", { class: "wires", "aria-hidden": "true" });
  const serviceList = h("ul", { class: "services", "aria-label": "Services", "data-group": "services" });
  const serviceMore = h("button", { class: "btn quiet small services-more", type: "button", tabindex: "-1", hidden: true });
  const clientList = h("ul", { class: "outside-clients", "aria-label": "Clients outside" });
  const serverList = h("ul", { class: "outside-servers", "aria-label": "Servers outside" });
  const balancerList = h("ul", { class: "outside-balancers", "aria-label": "Load balancers" });
  const outsideBand = h("section", { class: "outside", "aria-label": "Outside of the cluster", "data-group": "outside", hidden: true }, h("h2", {}, "Outside"), clientList, serverList, balancerList);
  const trayList = h("ul", { class: "node-pods" });
  const tray = h("section", { class: "tray", "aria-label": "Pods waiting for a Node", "data-group": "tray", hidden: true }, h("h2", {}, "Waiting for a Node"), trayList);
  const nodeList = h("div", { class: "nodes" });
  const emptiness = h("p", { class: "empty", hidden: true }, "This cluster has no Node yet: Pods wait until one is added.", addNode);
  const stage = h("div", { class: "stage", "data-density": "cards" }, wireLayer, outsideBand, serviceList, serviceMore, tray, emptiness, nodeList);
  const scroller = h("div", { class: "yard-scroll", tabindex: "-1" }, stage);
  const filterHolder = h("div", { class: "yard-filter" });
  const sample = h("span", { class: "soft", role: "note" });
  const tools = h("div", { class: "yard-tools" }, filterHolder, sample);
  const legend = h("ul", { class: "legend" });
  for (const [sign, words] of SIGNS) legend.append(h("li", {}, h("span", { class: "sign", "data-sign": sign, "aria-hidden": "true" }), words));
  const foot = h("details", { class: "yard-foot", open: innerWidth > 1180 }, h("summary", {}, "What the signs mean"), legend);
  const canvas = h("canvas", { class: "flights", "aria-hidden": "true" });
  const tip = h("div", { class: "flight-tip", "aria-hidden": "true", hidden: true });
  return { outsideBand, outsideLists: { client: clientList, server: serverList, balancer: balancerList }, wireLayer, serviceList, serviceMore, trayList, tray, nodeList, emptiness, stage, scroller, filterHolder, sample, tools, foot, canvas, tip };
}
