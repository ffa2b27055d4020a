// How is YAML written? (A textarea, which a better editor takes over when its bundle is there; what the server finds is listed below it.)

import { h } from "../helpers/dom.js";
import { credentials } from "../helpers/identity.js";

const WAIT = 400;

/** <yaml-editor data-lint="url" data-bundle="url"><label>…</label><textarea name="yaml"></textarea></yaml-editor> */
class YamlEditor extends HTMLElement {
  connectedCallback() {
    this.textarea = this.querySelector("textarea");
    this.given = this.closest(".draft") ? this.textarea.defaultValue : "";
    this.list = this.querySelector(".diagnostics") ?? this.appendChild(h("ol", { class: "diagnostics", "aria-label": "What is wrong in the YAML", "aria-live": "polite" }));
    this.textarea.addEventListener("input", () => this.#wait());
    if (this.dataset.bundle) this.#upgrade();
    if (this.textarea.value.trim()) this.#wait();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.editor?.destroy?.();
  }

  async #upgrade() {
    try {
      const { mountEditor } = await import(this.dataset.bundle);
      const label = this.querySelector("label")?.textContent.trim() ?? "YAML";
      const nonce = document.querySelector("script[nonce]")?.nonce ?? "";
      this.editor = mountEditor(this.textarea, { lint: (text) => this.lint(text), nonce, label });
      this.dataset.upgraded = "true";
    } catch {
      // The bundle is not there: the textarea does all that is needed.
    }
  }

  #wait() {
    if (this.editor) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lint(this.textarea.value), WAIT);
  }

  /** Asks the server; lists and answers its diagnostics: [{line, column, endColumn, severity, message, path}]. */
  async lint(text) {
    if (!this.dataset.lint || !text.trim() || text === this.given) return this.#show([]); // nobody has touched what was given
    this.asked?.abort();
    this.asked = new AbortController();
    try {
      const answer = await fetch(this.dataset.lint, {
        method: "POST", signal: this.asked.signal, body: new URLSearchParams({ yaml: text }),
        headers: credentials(),
      });
      return answer.ok ? this.#show((await answer.json()).diagnostics) : [];
    } catch {
      return [];
    }
  }

  #show(diagnostics) {
    this.list.replaceChildren(...diagnostics.map((found) => this.#item(found)));
    this.textarea.setAttribute("aria-invalid", String(diagnostics.some((found) => found.severity === "error")));
    return diagnostics;
  }

  #item({ line, column, severity, message }) {
    const go = h("button", { type: "button", class: "badge", "data-state": severity === "error" ? "drop" : "warn" }, `line ${line}`);
    go.addEventListener("click", () => this.#goTo(line, column));
    return h("li", {}, go, h("span", {}, message));
  }

  #goTo(line, column) {
    if (this.editor) return this.editor.goTo(line, column);
    const before = this.textarea.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.textarea.focus();
    return this.textarea.setSelectionRange(before + Math.max(0, column - 1), before + Math.max(0, column - 1));
  }
}

customElements.define("yaml-editor", YamlEditor);
