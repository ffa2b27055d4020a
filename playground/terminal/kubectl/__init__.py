"""`kubectl` as it is typed in the page's own terminal: what the real one prints to stdout and stderr, and its exit code.

`commands.kubectl(words, kubeconfig)` is a program as those of `terminal.programs` are; what it asks beyond them stands in `asks`, and
`terminal.workstation` answers that. Reading commands look at the running cluster, writing ones are actions; `-f` reads standard input and
the files of the place where it runs.
"""
