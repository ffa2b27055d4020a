"""What does a visitor see and do over HTTP?  Full pages, and the fragments that htmx puts into them."""
