"""How does a learner's own kubectl reach a cluster? The Kubernetes API over HTTP, as much of it as clients use."""
