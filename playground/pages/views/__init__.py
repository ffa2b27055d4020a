"""What is answered at each address?  Gate, fetch, one call, render."""
