// How does the dialog show that shares and embeds the cluster, and how is something copied from it?

import { setText } from "../helpers/dom.js";

const SAID_FOR = 2000;

export function keepSheet() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) copy(button);
  });
  const sheet = document.getElementById("sheet");
  if (!sheet) return;
  sheet.addEventListener("htmx:afterSwap", () => {
    document.getElementById("give")?.hidePopover?.();
    if (!sheet.open) sheet.showModal();
  });
  sheet.addEventListener("click", (event) => event.target.closest("[data-close-sheet]") && sheet.close());
  sheet.addEventListener("close", () => sheet.replaceChildren()); // a preview that nobody sees does not go on
}

async function copy(button) {
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say(button, "Copied");
  } catch {
    say(button, "Ctrl C"); // no clipboard here: it is marked
  }
}

function say(button, word) {
  const before = (button.dataset.word ??= button.textContent);
  setText(button, word);
  setTimeout(() => setText(button, before), SAID_FOR);
}
