"""Kubernetes, simulated: a pure library where actions go in, each with a virtual time, and events come out."""
