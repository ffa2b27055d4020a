"""What does a learner run inside a container, and how is it driven?  For `kubectl exec` and for the page's terminal alike.

    session = start(kube, "default", "client", "curl", ["sh", "-c", "curl -s web-svc"])     # under the cluster's lock
    while not isinstance(step := session.step(door), Ended):
        ...

`start` raises a Refusal in the API server's words where there is nothing to exec into, and NoProgram, in the runtime's
words, where the image has no such program. It sends nothing.

`start_on(machines.node(kube, "node-a"), ["bash"])`, or of `machines.workstation(kube)`, begins a session where there is no container.

`session.step(door)` goes on until there is something to do, and says what:

- `Wrote(fd, text)`: give the text to whoever reads fd 1 or 2 (with a tty only 1, its newlines are CR LF already; for a `page` both), then step.
- `Opens(kind, namespace, name)`: show the object in an editor, then step; only of a session that was begun for a `page`.
- `Waits(until)`: virtual time has to come to `until` microseconds, then step. Stepping earlier does no harm: it waits on.
- `Reads()`: it wants input. Give it some with `session.feed(text)`, or `session.close_input()`, then step.
- `Ended(code)`: the exit code. Nothing more comes.

`session.interrupt()` is Ctrl-C; with a tty, `feed` takes raw keys, echoes them and edits the line, and knows Ctrl-C and Ctrl-D itself.

A `Door` is what the session asks of the outside: `act(action)` does something to the cluster, logged, as anybody's action is
(each packet is one), and `look()` is a context in which the running cluster can be read. Both may block, so that a step
belongs in a thread; a session belongs to one thread at a time. `direct.run` drives a session to its end on a
cluster of one's own.

No program decides where a packet goes: they are generators that ask (`programs.asks`), and the session asks the cluster.
Layers: sessions > shell > programs.
"""

from playground.terminal.programs.container import Container
from playground.terminal.programs.limits import Exhausted, Limits
from playground.terminal.sessions.session import Door, Ended, NoProgram, Opens, Reads, Session, Step, Waits, Wrote, start, start_on

__all__ = [
    "Container",
    "Door",
    "Ended",
    "Exhausted",
    "Limits",
    "NoProgram",
    "Opens",
    "Reads",
    "Session",
    "Step",
    "Waits",
    "Wrote",
    "start",
    "start_on",
]
