// How does a form act in a frame that may send none? (`sandbox` without `allow-forms` stops a form before its `submit` event: a press of its button brings the event.)

export function keepSandboxedForms() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button, input[type=submit]");
    const form = button?.form;
    if (!form || event.defaultPrevented || (button.type ?? "submit") !== "submit" || button.disabled) return;
    if (button.hasAttribute("hx-post") || button.hasAttribute("hx-get")) return; // it asks by itself
    event.preventDefault();
    if (form.method === "dialog") form.closest("dialog").close();
    else if (form.reportValidity()) form.dispatchEvent(new SubmitEvent("submit", { submitter: button, bubbles: true, cancelable: true }));
  });
}
