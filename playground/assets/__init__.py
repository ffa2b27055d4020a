"""What is built once, before the server runs: the editor's bundle and Kubernetes' own schema."""
