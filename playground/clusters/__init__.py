"""Whose cluster is it, what was done to it, and who is watching?  The one door to running clusters."""
