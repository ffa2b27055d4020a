// <kube-playground lesson="…" step="…"> or scene="…" or share="…": a frame that grows with what is in it. No imports: a page loads this one file.
// Its promises (attributes and events) have a version, which its address names: /embed.1.js

const OPTIONS = ["hide", "theme", "lang", "seed"];
const SWITCHES = ["readonly", "paused"];
const EVENTS = ["ready", "prediction", "check-passed", "score"];
const HERE = new URL(import.meta.url).origin;
const HEIGHT = 600;

class KubePlayground extends HTMLElement {
  static observedAttributes = ["lesson", "step", "scene", "share", ...OPTIONS, ...SWITCHES];

  connectedCallback() {
    this.style.display ||= "block";
    this.heard = (event) => this.#hear(event);
    addEventListener("message", this.heard);
    this.#show();
  }

  disconnectedCallback() {
    removeEventListener("message", this.heard);
  }

  attributeChangedCallback() {
    if (this.frame) this.#show();
  }

  /** The frame's address, by the attributes. */
  get address() {
    const [lesson, step, scene, share] = ["lesson", "step", "scene", "share"].map((name) => this.getAttribute(name));
    const path = lesson ? ["lesson", lesson, step] : share ? ["shared", share] : ["cluster", scene];
    const address = new URL(`/embed/${path.filter(Boolean).map(encodeURIComponent).join("/")}/`, HERE);
    for (const name of OPTIONS) if (this.getAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
    for (const name of SWITCHES) if (this.hasAttribute(name)) address.searchParams.set(name, "1");
    return address.href;
  }

  #show() {
    this.frame ??= this.appendChild(this.#make());
    this.frame.title = this.getAttribute("title") ?? "Switchyard";
    if (this.frame.src !== this.address) this.frame.src = this.address;
  }

  #make() {
    const frame = document.createElement("iframe");
    frame.loading = this.getAttribute("loading") ?? "lazy";
    frame.allow = "clipboard-write";
    frame.style.cssText = `border:0;width:100%;height:${Number(this.getAttribute("height")) || HEIGHT}px`;
    return frame;
  }

  /** Only from our own frame; an attribute `height` holds it as high as it says. */
  #hear({ source, origin, data }) {
    if (source !== this.frame?.contentWindow || origin !== HERE || data?.source !== "switchyard") return;
    if (data.type === "height" && !this.hasAttribute("height")) this.frame.style.height = `${Math.ceil(Number(data.height) || HEIGHT)}px`;
    if (EVENTS.includes(data.type)) this.dispatchEvent(new CustomEvent(data.type, { detail: data, bubbles: true }));
  }
}

if (!customElements.get("kube-playground")) customElements.define("kube-playground", KubePlayground);
