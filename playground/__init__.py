"""Which product is this? Switchyard, a playground for Kubernetes Services."""
