"""The programs that a container may have: each a generator that asks for what only the cluster can decide (`asks`)."""
