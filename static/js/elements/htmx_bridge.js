// How do the server's fragments follow the live cluster, and how does an action survive a lost connection? (No eval: CSP forbids it.)

import { freshOp } from "../helpers/ops.js";
import { normalRef } from "../models/picture.js";

const REFRESH_EVERY = 500;
const RETRY_AFTER = 700;
const RECEIPT_STAYS = 6000;

/** Fetches again what frames changed: [data-refresh~="Pod/default/web"] or "*", each at most twice a second, or once in
 * data-refresh-every milliseconds; and once more data-refresh-again milliseconds after the last change, when all has heard of it. */
export function refreshFragments() {
  const changed = new Set();
  const stale = new Set();
  const last = new Map();
  let timer = 0;
  const later = new Map();
  const wait = () => (timer ||= setTimeout(refresh, REFRESH_EVERY));
  const again = (fragment) => {
    clearTimeout(later.get(fragment.id));
    later.set(fragment.id, setTimeout(() => {
      stale.add(fragment);
      wait();
    }, Number(fragment.dataset.refreshAgain)));
  };
  const refresh = () => {
    timer = 0;
    for (const fragment of document.querySelectorAll("[data-refresh]")) {
      if (!concerns(fragment, changed)) continue;
      stale.add(fragment);
      if (fragment.dataset.refreshAgain) again(fragment);
    }
    changed.clear();
    for (const fragment of stale) {
      if (fragment.isConnected && (busy(fragment) || isEarly(fragment, last))) continue;
      stale.delete(fragment);
      if (fragment.isConnected) window.htmx.trigger(fragment, "refresh");
    }
    if (stale.size) wait();
  };
  document.body.addEventListener("object-changed", (event) => {
    changed.add(event.detail.ref);
    wait();
  });
}

/** Every action carries an `op` of its own; the same action tried again carries the same one, so that it is done once. */
export function guardActions() {
  const open = new WeakMap();
  document.addEventListener("submit", (event) => {
    const field = event.target.elements?.op;
    if (field) field.value = open.get(event.target)?.op ?? freshOp();
  }, true);
  document.body.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.verb === "get" || !detail.path.includes("/actions/")) return;
    const attempt = open.get(detail.elt) ?? { op: detail.parameters.op || freshOp(), tries: 0 };
    open.set(detail.elt, attempt);
    detail.parameters.op = attempt.op;
  });
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.xhr.status && detail.xhr.status < 500) finish(detail.elt);
  });
  /** It is answered. Where presses are queued, each reads the form after this and is an action of its own; elsewhere a double click is one action. */
  const finish = (form) => {
    open.delete(form);
    if (form.elements?.op && form.matches('[hx-sync*="queue all"]')) form.elements.op.value = freshOp();
  };
  document.body.addEventListener("htmx:sendError", ({ detail }) => {
    const attempt = open.get(detail.elt);
    if (!attempt) return;
    attempt.tries += 1;
    if (attempt.tries === 1) setTimeout(() => tryAgain(detail.requestConfig, detail.elt), RETRY_AFTER);
    else sayUnreachable();
  });
  document.body.addEventListener("htmx:responseError", ({ detail }) => open.has(detail.elt) && sayUnreachable()); // a proxy's answer, not ours
}

/** The second failure is told by htmx:sendError too, so the promise needs no listener. */
function tryAgain({ verb, path, formData, target }, source) {
  window.htmx.ajax(verb.toUpperCase(), path, { source, target, values: formData }).catch(() => {});
}

function sayUnreachable() {
  const words = document.getElementById("unreachable")?.content.cloneNode(true);
  if (words) document.getElementById("receipt").replaceChildren(words);
}

/** A clock or history form whose success the yard itself shows says nothing; its refusal is shown. Receipts leave by themselves. */
export function tidyReceipts() {
  let timer = 0;
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.target.id === "receipt" && detail.requestConfig.elt.matches?.("[data-quiet]") && detail.xhr.status < 400) detail.shouldSwap = false;
  });
  const leaveLater = ({ detail }) => {
    if (detail.target.id !== "receipt") return;
    clearTimeout(timer);
    if (!(detail.xhr?.status >= 400)) timer = setTimeout(() => detail.target.replaceChildren(), RECEIPT_STAYS);
  };
  document.body.addEventListener("htmx:afterSwap", leaveLater);
  document.body.addEventListener("htmx:oobAfterSwap", leaveLater);
  document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.parentElement.remove());
}

/** Whether it was fetched so lately that it is to wait; else it is noted that it is fetched now. */
function isEarly({ id, dataset }, last) {
  const now = performance.now();
  if (now - (last.get(id) ?? -Infinity) < Number(dataset.refreshEvery ?? 0)) return true;
  if (dataset.refreshEvery) last.set(id, now);
  return false;
}

function concerns(fragment, refs) {
  return refs.has("*") || fragment.dataset.refresh.split(/\s+/).some((token) => token === "*" || refs.has(normalRef(token)));
}

/** Somebody is writing in it, it is being fetched, or it is not to be seen: it waits. */
function busy(fragment) {
  return document.hidden || !fragment.offsetParent || fragment.matches(".htmx-request") || Boolean(fragment.querySelector("form:focus-within, .htmx-request"));
}
