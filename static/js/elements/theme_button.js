// Light or dark? (The system decides until a visitor does.)

import { remember } from "../helpers/memory.js";

export function keepTheme() {
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-button]")) return;
    const dark = getComputedStyle(document.documentElement).colorScheme === "dark" || (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    const theme = dark ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    remember("theme", theme);
    document.dispatchEvent(new CustomEvent("theme-changed", { detail: { theme } }));
  });
}
