// Which theme does this browser prefer? Loaded before the first paint (a classic script), so that the page never flashes.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed to us (a sandboxed frame): the system's theme holds.
}
