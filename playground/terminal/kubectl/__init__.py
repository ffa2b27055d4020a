"""`kubectl` as it is typed in the page's own terminal: what the real one prints to stdout and stderr, and its exit code.

    session = start(["get", "pods"], Config(server=..., ...))
    while not isinstance(step := session.step(door), Ended):
        ...

It is driven as a session of `terminal.sessions` is, with the same steps and the same Door: reading commands look at the running cluster,
writing ones are actions. `sessions.direct.run` drives one to its end. Standard input is what `-f -` reads; `exec` hands it on.
"""

from playground.terminal.kubectl.call import Config
from playground.terminal.kubectl.session import KubectlSession, start

__all__ = ["Config", "KubectlSession", "start"]
