// What does a frame tell the page around it? (It is ready, how high it would be, what a learner predicted and got; it never listens.)

const SOURCE = "switchyard";
const VERSION = 1;

/**
 * To whom: the parent's own origin where the browser names it, else anybody. Only sites that the server let frame this page can be
 * the parent at all (`frame-ancestors`), and no message holds a token.
 */
export function targetOf({ ancestorOrigins, referrer }) {
  const named = ancestorOrigins?.[0] || originOf(referrer);
  return named && named !== "null" ? named : "*";
}

export class Parent {
  constructor(window, document) {
    this.window = window;
    this.target = targetOf({ ancestorOrigins: window.location.ancestorOrigins, referrer: document.referrer });
  }

  tell(type, detail = {}) {
    this.#post({ ...detail, source: SOURCE, version: VERSION, type });
  }

  /** Also in the words of LTI, which Canvas hears. */
  tellHeight(height) {
    this.tell("height", { height });
    this.#post({ subject: "lti.frameResize", height });
  }

  #post(message) {
    if (this.window.parent !== this.window) this.window.parent.postMessage(message, this.target);
  }
}

function originOf(referrer) {
  try {
    return new URL(referrer).origin;
  } catch {
    return "";
  }
}
