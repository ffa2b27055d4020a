"""What does `kubectl get` print of an object?  The columns of each kind, and the cells of one row."""
