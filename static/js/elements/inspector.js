// Which object or request is being looked at? (Loads the server's fragment into the inspector; every link to an object leads here.)

import { freshOp } from "../helpers/ops.js";
import { normalRef } from "../models/picture.js";

export function keepInspector(panel, base) {
  document.addEventListener("click", (event) => followLink(event, load));
  document.body.addEventListener("select-object", ({ detail }) => load(`${base}objects/${detail.ref}/${detail.tab ? `?tab=${detail.tab}` : ""}`));
  document.body.addEventListener("select-request", ({ detail }) => load(`${base}requests/${detail.rid}/${detail.at ? `?at=${detail.at}` : ""}`));
  document.body.addEventListener("delete-object", ({ detail }) => remove(detail.ref));
  panel.addEventListener("htmx:afterSwap", () => tellChoice());
  tellChoice();
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => tellMatches(detail.target));
  document.addEventListener("focusout", (event) => event.target.matches("[data-selector]") && highlight(null));

  function load(path) {
    window.htmx.ajax("GET", path, { target: panel, swap: "innerHTML" });
    document.body.dispatchEvent(new CustomEvent("show-pane", { detail: { pane: "inspector" } }));
  }

  function remove(ref) {
    const [kind, namespace, name] = ref.split("/");
    window.htmx.ajax("POST", `${base}actions/delete/`, { target: "#receipt", swap: "innerHTML", values: { kind, namespace, name, op: freshOp() } });
  }

  /** A fragment says what it shows by data-ref, also when a link within the inspector brought it. */
  function tellChoice() {
    const ref = panel.querySelector("[data-shows]")?.dataset.shows;
    if (ref) document.body.dispatchEvent(new CustomEvent("object-shown", { detail: { ref: normalRef(ref) } }));
  }
}

/** The Pods that a selector being typed would match are named by the server's answer: they glow until the field is left. */
function tellMatches(target) {
  if (!target.isConnected) return;
  const matches = target.matches("[data-pods]") ? target : target.querySelector("[data-pods]");
  if (matches) highlight(matches.dataset.pods);
}

function highlight(pods) {
  document.body.dispatchEvent(new CustomEvent("highlight-pods", { detail: { pods } }));
}

/** A plain click on a link to an object or a request opens it in the inspector; a click with a modifier is the browser's. */
function followLink(event, load) {
  const link = event.target.closest("a[data-ref], a[data-rid], a[data-inspect]");
  if (!link || link.hasAttribute("hx-get") || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const { ref, rid, at, tab } = link.dataset;
  if (ref) document.body.dispatchEvent(new CustomEvent("select-object", { detail: { ref, tab } }));
  else if (rid) document.body.dispatchEvent(new CustomEvent("select-request", { detail: { rid, at } }));
  else load(link.getAttribute("href"));
}
