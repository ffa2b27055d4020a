"""The API server: objects as JSON, defaults, validation, resourceVersion, watch, and the indexes that make look-ups cheap."""
