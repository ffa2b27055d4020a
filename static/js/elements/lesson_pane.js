// How does the lesson's pane work with the page around it: who runs its lines, what does it light up, and what does it tell others?

import { setAttribute } from "../helpers/dom.js";
import { recall, remember } from "../helpers/memory.js";
import { freshOp } from "../helpers/ops.js";

const POLL = 100;
const AT_LEAST = 3;
const PATIENCE = 6000;
const SENDS = /\b(exec|curl|wget|nslookup|dig|ping|send)\b/;
const DRAFT = "lesson-draft:";
let playing = 0;
let shownStep = "";
const AGAIN = /\/lesson\/(reset-step|reset-lesson|rewind)\//;

/** Everything is heard at the document: the pane comes and goes. */
export function keepLesson() {
  document.body.addEventListener("htmx:confirm", runFirst);
  document.body.addEventListener("htmx:afterRequest", runAfterwards);
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => detail.target.id === "lesson-pane" && keepDraft());
  document.body.addEventListener("htmx:afterSwap", () => settle());
  document.body.addEventListener("lesson-events", ({ detail }) => detail.events.forEach(tell));
  document.addEventListener("submit", ({ target }) => {
    if (target.matches(".draft")) keepDraft();
    if (AGAIN.test(target.action)) forgetDraft();
  }, true);
  for (const name of ["pointerover", "focusin"]) document.addEventListener(name, ({ target }) => lightOnly(target));
  for (const name of ["pointerout", "focusout"]) document.addEventListener(name, ({ target }) => target.closest?.("a[data-lights]") && light(true));
  document.addEventListener("click", ({ target }) => target.closest("a[data-look]") && followToDecision(), true);
  keepIdle();
  settle();
}

// --- whose hands

/** A form with lines waits until the terminal has run them; without a terminal on the page the server does it. */
async function runFirst(event) {
  const form = event.detail.elt;
  if (form.id === "lesson-live" && playing) return event.preventDefault(); // what the lesson does itself reaches no goal
  if (AGAIN.test(form.action ?? "") && playing) return afterwards(event); // first all is done that is to be taken back
  if (!form.matches?.("form[data-lesson-do], form[data-lesson-after]") || !terminal()) return;
  form.elements.hands.value = "page";
  if (!form.dataset.lessonDo) return;
  event.preventDefault();
  if (form.dataset.running) return;
  form.dataset.running = "true";
  const button = form.querySelector("button");
  setAttribute(button, "data-busy", true);
  const items = JSON.parse(form.dataset.lessonDo);
  const sends = items.some(({ line }) => SENDS.test(line ?? ""));
  if (sends) armSlowMotion(form); // the request is the action itself
  await play(items);
  if (!sends) armSlowMotion(form); // a stream goes on: the first request after the change
  delete form.dataset.running;
  if (form.isConnected) event.detail.issueRequest(true);
  if (form.dataset.slow !== undefined && isNarrow()) showPane("yard");
}

async function afterwards(event) {
  event.preventDefault();
  while (playing) await new Promise((done) => setTimeout(done, POLL));
  if (event.detail.elt.isConnected) event.detail.issueRequest(true);
}

/** What is shown is played once the server knows that it is only shown. */
function runAfterwards({ detail }) {
  const form = detail.requestConfig.elt;
  if (detail.successful && form.matches?.("form[data-lesson-after]")) play(JSON.parse(form.dataset.lessonAfter));
}

async function play(items) {
  const before = document.activeElement;
  playing += 1;
  try {
    for (const item of items) await (item.line === undefined ? apply(item) : type(item.line));
  } finally {
    playing -= 1;
  }
  if (before?.isConnected) before.focus({ preventScroll: true });
}

function apply({ yaml }) {
  const path = `${document.querySelector(".panes").dataset.base}actions/apply/`;
  return window.htmx.ajax("POST", path, { target: "#receipt", swap: "innerHTML", values: { yaml, op: freshOp() } });
}

/** Typed at the terminal; waits until it was taken and its program has ended (Stop is at hand), at most for ten minutes. */
async function type(line) {
  document.body.dispatchEvent(new CustomEvent("open-terminal", { detail: { place: "workstation", line } }));
  if (isNarrow()) showPane("lesson");
  for (let [tries, still] = [0, 0]; tries < PATIENCE && still < AT_LEAST; tries += 1) {
    await new Promise((done) => setTimeout(done, POLL));
    still = isIdle() ? still + 1 : 0;
  }
}

function isIdle() {
  const { socket, busy } = terminal();
  return !busy && !socket?.waiting.length;
}

function terminal() {
  return document.querySelector("page-terminal");
}

// --- the yard and the inspector

function armSlowMotion({ dataset }) {
  if (dataset.slow) slowMotion(JSON.parse(dataset.slow));
}

function slowMotion(wanted) {
  const label = document.getElementById("lesson-pane")?.dataset.slowLabel ?? "";
  document.body.dispatchEvent(new CustomEvent("slow-motion", { detail: { ...wanted, label } }));
}

/** What the open step speaks of lights up; `still`: it has been brought into view before. */
function light(still = false) {
  tellLit(document.querySelector("#lesson-live [data-lights]")?.dataset.lights ?? "", still);
}

function lightOnly(target) {
  const link = target.closest?.("#lesson-pane a[data-lights]");
  if (link) tellLit(link.dataset.lights);
}

function tellLit(refs, still = false) {
  document.body.dispatchEvent(new CustomEvent("light-objects", { detail: { refs: refs.split(" ").filter(Boolean), still } }));
}

/** The request's card opens at the step that decided. */
function followToDecision() {
  const panel = document.getElementById("inspector");
  const mark = (event) => {
    if (event.detail.target !== panel) return;
    panel.removeEventListener("htmx:afterSettle", mark);
    const hop = panel.querySelector(".hops > li[data-state]");
    if (!hop) return;
    setAttribute(hop, "data-deciding", true);
    hop.tabIndex = -1;
    hop.focus();
  };
  panel.addEventListener("htmx:afterSettle", mark);
}

// --- what is told, and what is kept

function tell(detail) {
  document.dispatchEvent(new CustomEvent("lesson-event", { detail }));
}

function settle() {
  const pane = document.getElementById("lesson-pane");
  if (!pane?.dataset.here) return;
  bringDraft(pane);
  putAwayReceipt(pane);
  light();
  if (pane.querySelector("[data-reload]")) window.htmx.ajax("GET", pane.dataset.here, { target: pane, swap: "outerHTML" });
}

/** What an action of another step did is not told any more. */
function putAwayReceipt({ dataset }) {
  if (shownStep && shownStep !== dataset.step) document.getElementById("receipt").replaceChildren();
  shownStep = dataset.step;
}

/** What was typed outlives the pane's being shown anew, and a reload. */
function keepDraft() {
  const form = document.querySelector("#lesson-pane .draft");
  if (form) remember(DRAFT + form.dataset.keeps, form.querySelector("textarea").value);
}

/** A step that begins anew has its draft as it was given. */
function forgetDraft() {
  const form = document.querySelector("#lesson-pane .draft");
  if (!form) return;
  const textarea = form.querySelector("textarea");
  textarea.value = textarea.defaultValue;
  remember(DRAFT + form.dataset.keeps, "");
}

function bringDraft(pane) {
  const form = pane.querySelector(".draft:not([data-brought])");
  if (!form) return;
  form.dataset.brought = "true";
  const kept = recall(DRAFT + form.dataset.keeps);
  if (kept) form.querySelector("textarea").value = kept;
}

/** Who does nothing for a minute is offered a hint. */
function keepIdle() {
  let timer = 0;
  const offer = () => setAttribute(document.querySelector("#lesson-pane .hints:has(form)"), "data-offered", true);
  const again = () => {
    clearTimeout(timer);
    const seconds = Number(document.getElementById("lesson-pane")?.dataset.idle ?? 0);
    if (seconds) timer = setTimeout(() => document.querySelector("#lesson-pane .hints:has(form)") && offer(), seconds * 1000);
  };
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, again, { passive: true });
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => detail.target.id !== "lesson-live" && again());
}

function isNarrow() {
  return getComputedStyle(document.getElementById("yard")).display === "none" || getComputedStyle(document.getElementById("lesson")).display === "none";
}

function showPane(pane) {
  document.body.dispatchEvent(new CustomEvent("show-pane", { detail: { pane } }));
}
