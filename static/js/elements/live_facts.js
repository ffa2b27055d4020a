// What do the header's facts say now: live or not, the time, the rate, the clock, what can be undone? And what is said aloud?

import { setAttribute, setText } from "../helpers/dom.js";
import { age, clock, number, percent, plural } from "../helpers/format.js";
import { Narration } from "../models/narration.js";

const DRAWN_EVERY = 500;
const SAID_EVERY = 2000;
const STATES = { connecting: "soft", live: "ready", reconnecting: "warn", paused: "soft", gone: "drop", expired: "warn" };
const WORDS = { gone: "no longer there", expired: "open for too long: load it again" };

/** Fills every [data-fact] of the page and keeps the clock and history forms in step. */
export function keepFacts() {
  const facts = { narration: new Narration(), now: 0 };
  document.addEventListener("yard-state", ({ detail }) => showState(detail.state));
  document.addEventListener("yard-picture", ({ detail }) => {
    Object.assign(facts, detail, { now: detail.picture.clock.now ?? 0 });
    showClock(detail.picture.clock);
    showHistory(detail.picture.history);
    show(facts);
  });
  document.addEventListener("yard-frame", ({ detail }) => {
    Object.assign(facts, detail, { now: detail.message.now });
    facts.narration.add(detail.message.says, detail.message.flows);
    if (detail.touched.single.has("clock")) showClock(detail.picture.clock);
    if (detail.touched.single.has("history")) showHistory(detail.picture.history);
  });
  setInterval(() => facts.picture && show(facts), DRAWN_EVERY);
  setInterval(() => say(facts.narration.take()), SAID_EVERY);
}

function show({ picture, flows, now }) {
  const { requests, failures } = flows.rate();
  each("time", (element) => setText(element, clock(now)));
  for (const element of document.querySelectorAll("[data-created]")) setText(element, age(now - Number(element.dataset.created)));
  each("title", (element) => setText(element, picture.cluster.title ?? ""));
  each("nodes", (element) => setText(element, plural(picture.nodes.size, "node")));
  each("rate", (element) => {
    setText(element, failures ? `${number(requests)} req/s · ${percent(failures, requests)} fail` : `${number(requests)} req/s`);
    setAttribute(element, "data-state", failures ? "drop" : null);
  });
}

function showState(state) {
  each("state", (element) => {
    setText(element, WORDS[state] ?? state);
    setAttribute(element, "data-state", STATES[state]);
  });
}

function showClock({ speed = 1, paused = false }) {
  for (const form of document.querySelectorAll("form[data-action=clock]")) {
    const { speed: speedInput, paused: pausedInput } = form.elements;
    if (speedInput && speedInput !== document.activeElement) speedInput.value = String(speed);
    if (form.dataset.does === "pause") {
      pausedInput.value = String(!paused);
      setAttribute(form.querySelector("button"), "aria-label", paused ? "Let the clock run" : "Pause the clock");
    } else pausedInput.value = String(paused);
  }
  setAttribute(document.documentElement, "data-paused", paused);
}

function showHistory(history) {
  for (const does of ["undo", "redo"]) {
    for (const button of document.querySelectorAll(`form[data-action=${does}] button`)) {
      button.disabled = !history[does];
      const word = does === "undo" ? "Undo" : "Redo";
      setAttribute(button, "title", history[does] ? `${word}: ${history[does]}` : `Nothing to ${does}`);
    }
  }
}

function say(sentence) {
  const status = document.getElementById("status");
  if (status && sentence) setText(status, sentence);
}

function each(fact, fill) {
  document.querySelectorAll(`[data-fact=${fact}]`).forEach(fill);
}
