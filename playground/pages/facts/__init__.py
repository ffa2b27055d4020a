"""What is to be said of a running cluster?  Plain values for templates, read from it while it is locked."""
