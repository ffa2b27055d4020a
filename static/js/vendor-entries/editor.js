/*
 * How does a <textarea> of YAML become an editor? `manage.py assets` bundles this file with CodeMirror into
 * js/editor.bundle.js; the page imports that when a YAML pane opens. Without it the <textarea> works as it is.
 */
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, foldGutter, foldKeymap, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { forceLinting, lintGutter, lintKeymap, linter } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

const LINT_AFTER = 400; // milliseconds without a key

/**
 * Puts an editor in the place of `textarea`, whose value stays in step (with an `input` event for each change), so that
 * forms work as before. Tab leaves the editor, as it leaves the textarea.
 *
 *   lint      async (text) => [{line, column, endColumn, severity, message}], lines and columns from 1; null: no linting
 *   complete  CodeMirror's completion source: async (context) => {from, options: [{label, detail, info}]} or null
 *   nonce     of the page's Content-Security-Policy
 *   label     what screen readers call the editor
 *
 * Returns {setText(text), lint(), focus(), goTo(line, column), destroy()}; lines and columns from 1; destroy shows the textarea again.
 */
export function mountEditor(textarea, { lint = null, complete = null, nonce = "", label }) {
  const view = new EditorView({
    doc: textarea.value,
    extensions: [ownHands, ...typing(), ...looks(nonce, label), ...helpers(lint, complete), followedBy(textarea)],
  });
  textarea.after(view.dom);
  textarea.hidden = true;
  return {
    setText: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    lint: () => forceLinting(view),
    focus: () => view.focus(),
    goTo: (line, column) => {
      view.dispatch({ selection: { anchor: offsetOf(view.state.doc, line, column) }, scrollIntoView: true });
      view.focus();
    },
    destroy: () => {
      view.destroy();
      textarea.hidden = false;
    },
  };
}

function typing() {
  return [
    yaml(),
    indentUnit.of("  "),
    indentOnInput(),
    history(),
    search({ top: true }),
    keymap.of([...completionKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap]),
  ];
}

/** What takes the place of several lines, or brings some, is put there by the editor: the browser itself would keep its look by inline styles, which the page forbids. */
const ownHands = EditorView.domEventHandlers({
  beforeinput(event, view) {
    if (event.isComposing || event.inputType !== "insertText" || event.data === null) return false;
    const { from, to } = view.state.selection.main;
    if (!event.data.includes("\n") && view.state.doc.lineAt(from).to >= to) return false;
    event.preventDefault();
    view.dispatch({ ...view.state.replaceSelection(event.data), userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

function looks(nonce, label) {
  return [
    EditorView.cspNonce.of(nonce),
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    lineNumbers(),
    foldGutter(),
    drawSelection(),
    bracketMatching(),
    highlightActiveLine(),
    highlightSelectionMatches(),
    syntaxHighlighting(classHighlighter),
    theme,
  ];
}

function helpers(lint, complete) {
  return [
    autocompletion(complete ? { override: [complete] } : {}),
    ...(lint ? [lintGutter(), linter(async (view) => places(view.state.doc, await lint(view.state.doc.toString())), { delay: LINT_AFTER })] : []),
  ];
}

function followedBy(textarea) {
  return EditorView.updateListener.of((update) => {
    if (!update.docChanged) return;
    textarea.value = update.state.doc.toString();
    textarea.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/** Lines and columns of diagnostics become CodeMirror's offsets, kept inside the text. */
function places(doc, diagnostics) {
  return diagnostics.map(({ line, column, endColumn, severity, message }) => {
    const from = offsetOf(doc, line, column);
    return { from, to: Math.max(from, offsetOf(doc, line, endColumn ?? column + 1)), severity, message };
  });
}

function offsetOf(doc, line, column) {
  const at = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(at.from + Math.max(column - 1, 0), at.to);
}

const theme = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--card)", border: "1px solid var(--edge)", borderRadius: "var(--round-1)" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", fontSize: "var(--text-3)", minBlockSize: "12rem", maxBlockSize: "60vh" },
  ".cm-content": { caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { color: "var(--soft)", backgroundColor: "var(--raised)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--accent) 8%, transparent)" },
  ".cm-selectionMatch, &.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--accent) 18%, transparent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 30%, transparent)",
  },
  ".cm-panels, .cm-tooltip": { color: "var(--ink)", backgroundColor: "var(--raised)", border: "1px solid var(--line)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { color: "var(--on-accent)", backgroundColor: "var(--accent)" },
  ".tok-propertyName, .tok-definition": { color: "var(--accent)" },
  ".tok-string": { color: "var(--ready)" },
  ".tok-number, .tok-bool, .tok-keyword": { color: "var(--warn)" },
  ".tok-comment, .tok-meta": { color: "var(--soft)" },
});
