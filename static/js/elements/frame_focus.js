// Who has the focus? (Nobody in a frame takes it from the page around, and browsers forbid `autofocus` there: what wants it gets it while the reader is in the frame.)

const WANTS = "data-wants-focus";
const AUTOFOCUS = /\sautofocus(?=[\s>])(?=[^<>]*>)/g;

export function keepFocusWhereItIs() {
  const focus = HTMLElement.prototype.focus;
  HTMLElement.prototype.focus = function (options) {
    if (document.hasFocus()) focus.call(this, options);
  };
  document.body.addEventListener("htmx:beforeSwap", ({ detail }) => (detail.serverResponse = detail.serverResponse.replace(AUTOFOCUS, ` ${WANTS}`)));
  document.body.addEventListener("htmx:load", ({ target }) => {
    const wants = target.matches(`[${WANTS}]`) ? target : target.querySelector(`[${WANTS}]`);
    wants?.removeAttribute(WANTS);
    wants?.focus();
  });
}

/** Puts these nodes into a place; `autofocus` then says only where a dialog's focus begins. */
export function replaceCalmly(place, nodes) {
  const wanted = nodes.flatMap((node) => [...(node.querySelectorAll?.("[autofocus]") ?? [])]);
  for (const each of wanted) each.autofocus = false;
  place.replaceChildren(...nodes);
  for (const each of wanted) each.autofocus = true;
}
