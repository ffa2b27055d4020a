"""Gate, fetch, one call, render."""
