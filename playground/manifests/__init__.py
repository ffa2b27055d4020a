"""YAML manifests: text to documents with positions, and documents to text."""
