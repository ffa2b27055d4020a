"""What happens right now? The WebSocket that streams a cluster to the browser."""
