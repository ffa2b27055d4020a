// What does a frame in somebody's page start? (It asks for its cluster, puts the playground in its place, and tells the page around it.)

import { keepFocusWhereItIs, replaceCalmly } from "./elements/frame_focus.js";
import { watchHeight } from "./elements/frame_height.js";
import { keepSandboxedForms } from "./elements/sandboxed_forms.js";
import { Parent } from "./models/parent.js";
import { Resume } from "./models/resume.js";

const RENEWED_EVERY = 6 * 3600 * 1000;
const TOLD = ["prediction", "check-passed", "score"];

const parent = new Parent(window, document);
const resume = new Resume(window);

begin();

async function begin() {
  const page = await ask();
  if (!page) return sayUnreached();
  adopt(page);
  if (!("frame" in document.body.dataset)) return; // an error, said in words
  resume.code = document.body.dataset.resume;
  document.querySelector("[data-open-full]").href = resume.address;
  keepCodeHere();
  keepFocusWhereItIs();
  window.htmx.process(document.body);
  await import("./main.js");
  listen();
  showFirstTab();
  parent.tell("ready");
  watchHeight((height) => parent.tellHeight(height));
  setInterval(renew, RENEWED_EVERY);
}

/** The page of this frame's cluster; null where the server is out of reach. No cookie goes along: where one could, none is read. */
async function ask() {
  try {
    const answer = await fetch(location.pathname + location.search, { method: "POST", credentials: "omit", body: new URLSearchParams({ resume: resume.code }) });
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null;
  }
}

function adopt(page) {
  document.title = page.title;
  for (const { name, value } of page.body.attributes) document.body.setAttribute(name, value);
  replaceCalmly(document.body, [...page.body.childNodes]);
}

/** The resume code may stand in this frame's address, which htmx would tell the server. */
function keepCodeHere() {
  document.body.addEventListener("htmx:configRequest", ({ detail }) => delete detail.headers["HX-Current-URL"]);
}

function listen() {
  if (window.origin === "null") keepSandboxedForms();
  document.body.addEventListener("moved-to-copy", ({ detail }) => {
    resume.code = detail.resume;
    location.reload();
  });
  document.addEventListener("lesson-event", ({ detail }) => TOLD.includes(detail.type) && parent.tell(detail.type, detail));
  document.addEventListener("click", openElsewhere);
}

/** No other page of ours may be framed: what would lead away from this one opens beside it. */
function openElsewhere(event) {
  const link = event.target.closest("a[href]");
  if (link && !event.defaultPrevented && !link.getAttribute("href").startsWith("#")) link.target = "_blank";
}

function showFirstTab() {
  const chosen = document.querySelector("#dock [role=tab][aria-selected=true]");
  if (chosen && !chosen.checkVisibility()) [...document.querySelectorAll("#dock [role=tab]")].find((tab) => getComputedStyle(tab).display !== "none")?.click();
}

/** The token is good for half a day. */
async function renew() {
  const page = await ask();
  const headers = page?.body.getAttribute("hx-headers");
  if (headers && page.body.dataset.resume === document.body.dataset.resume) document.body.setAttribute("hx-headers", headers);
}

function sayUnreached() {
  const main = document.getElementById("main");
  main.append(document.getElementById("unreached").content.cloneNode(true));
  main.querySelector("[data-again]").addEventListener("click", () => location.reload());
}
