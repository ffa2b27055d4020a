// How large is each pane, and which one shows when there is room for only one?

import { setAttribute } from "../helpers/dom.js";
import { clamp } from "../helpers/geometry.js";
import { recall, remember } from "../helpers/memory.js";

const STEP = 16;

export function keepPanes(panes) {
  panes.querySelectorAll("[role=separator]").forEach((splitter) => keepSplitter(splitter, panes));
  panes.querySelectorAll("[role=tablist]").forEach((list) => keepTabs(list, panes));
  showPane(panes, panes.dataset.pane);
  document.body.addEventListener("show-pane", ({ detail }) => isLeftOut(detail.pane) || showPane(panes, detail.pane));
  panes.querySelectorAll(".pane-tabs [data-pane-of]").forEach((button) => button.addEventListener("click", () => showPane(panes, button.dataset.paneOf)));
}

/** A frame may leave panes out: nothing brings them to the front. */
function isLeftOut(pane) {
  return (document.body.dataset.hide ?? "").split(" ").includes(pane);
}

/** Of the dock's tabs the terminal is a pane of its own where one pane shows at a time. */
function showPane(panes, pane) {
  panes.dataset.pane = pane;
  const inTerminal = document.getElementById("tab-terminal").ariaSelected === "true";
  if (pane === "terminal" && !inTerminal) document.getElementById("tab-terminal").click();
  if (pane === "dock" && inTerminal) document.getElementById("tab-story").click();
  keepMain(panes);
  for (const button of panes.querySelectorAll(".pane-tabs [data-pane-of]")) setAttribute(button, "aria-pressed", String(button.dataset.paneOf === pane));
}

/** Where the lesson shows alone, it is the main thing of the page, and the page's heading is its own. */
function keepMain(panes) {
  const [lesson, yard] = ["lesson", "yard"].map((id) => document.getElementById(id));
  if (!lesson) return;
  const isAlone = panes.dataset.pane === "lesson" && getComputedStyle(yard).display === "none";
  setAttribute(lesson, "role", isAlone ? "main" : "complementary");
  (isAlone ? lesson : yard).prepend(panes.querySelector("h1"));
}

/** The separator grows the pane that data-of names: data-sets names the property, aria-valuemin and -max bound it, in pixels. */
function keepSplitter(splitter, panes) {
  const property = splitter.dataset.sets;
  const upright = splitter.getAttribute("aria-orientation") === "vertical";
  const set = (size) => {
    const value = Math.round(clamp(size, Number(splitter.ariaValueMin), Number(splitter.ariaValueMax)));
    splitter.setAttribute("aria-valuenow", value);
    document.body.style.setProperty(property, `${value}px`);
    remember(property, value);
  };
  const size = () => document.getElementById(splitter.dataset.of)[upright ? "offsetWidth" : "offsetHeight"];
  const kept = Number(recall(property));
  if (kept) set(kept);
  else if (size()) splitter.setAttribute("aria-valuenow", size());
  splitter.addEventListener("keydown", (event) => {
    const grow = { ArrowLeft: upright && 1, ArrowRight: upright && -1, ArrowUp: !upright && 1, ArrowDown: !upright && -1 }[event.key];
    if (!grow) return;
    event.preventDefault();
    set(size() + grow * STEP);
  });
  splitter.addEventListener("pointerdown", (event) => {
    splitter.setPointerCapture(event.pointerId);
    const box = panes.getBoundingClientRect();
    splitter.onpointermove = (move) => set(upright ? box.right - move.clientX : box.bottom - move.clientY);
    splitter.onpointerup = () => (splitter.onpointermove = splitter.onpointerup = null);
  });
}

/** Tabs as WAI-ARIA has them: arrow keys move, the chosen tab's panel shows; a panel that asks for it is told when it opens. */
function keepTabs(list, panes) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const choose = (tab) => {
    for (const other of tabs) {
      setAttribute(other, "aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
      document.getElementById(other.getAttribute("aria-controls")).hidden = other !== tab;
    }
    window.htmx?.trigger(document.getElementById(tab.getAttribute("aria-controls")), "open");
    if (["dock", "terminal"].includes(panes.dataset.pane)) showPane(panes, tab.id === "tab-terminal" ? "terminal" : "dock");
  };
  list.addEventListener("click", (event) => event.target.closest("[role=tab]") && choose(event.target.closest("[role=tab]")));
  list.addEventListener("keydown", (event) => {
    const move = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!move) return;
    const tab = tabs[(tabs.indexOf(document.activeElement) + move + tabs.length) % tabs.length];
    tab.focus();
    choose(tab);
  });
}
