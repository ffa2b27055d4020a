// Which keys work anywhere on the page? (Not while somebody writes.)

const ACTIONS = { ".": "step", ">": "skip", " ": "clock" };

export function keepKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") press(event, event.shiftKey ? "redo" : "undo");
    else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "?") openHelp(event);
    else if (event.key === " " && event.target.closest("a, button, summary, [role=tab], [role=separator]")?.matches("button, summary, [role=tab]")) return;
    else if (ACTIONS[event.key]) press(event, ACTIONS[event.key]);
  });
  document.addEventListener("click", (event) => event.target.closest("[data-open-help]") && openHelp(event));
}

function press(event, action) {
  const button = document.querySelector(`form[data-action=${action}] button`);
  if (!button) return;
  event.preventDefault();
  if (!button.disabled) button.click();
}

function openHelp(event) {
  const help = document.getElementById("help");
  if (!help) return;
  event.preventDefault();
  help.showModal();
}
