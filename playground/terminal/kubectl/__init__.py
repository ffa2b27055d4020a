"""`kubectl` as it is typed in the page's own terminal: what the real one prints to stdout and stderr, and its exit code.

`commands.kubectl(words, config)` is a program as those of `terminal.programs` are; what it asks beyond them stands in `asks`, and
`terminal.workstation` answers that. Reading commands look at the running cluster, writing ones are actions; `-f -` reads standard input.
"""

from playground.terminal.kubectl.call import Config

__all__ = ["Config"]
