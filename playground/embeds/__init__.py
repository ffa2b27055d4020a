"""How does a cluster or a lesson come into somebody else's page?  Frames, share links, the loader, oEmbed."""
