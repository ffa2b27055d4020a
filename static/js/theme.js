// Which theme does this browser prefer? Loaded before the first paint (a classic script), so that the page never flashes.
// A frame says its theme itself.
if (!document.documentElement.dataset.theme) {
  try {
    const theme = localStorage.getItem("theme");
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  } catch {
    // Storage is closed to us: the system's theme holds.
  }
}
