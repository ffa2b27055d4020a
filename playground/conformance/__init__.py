"""Does the simulation give the answers that Kubernetes gives?  Runs files of cases through the code that serves the playground."""
