"""Which processes are there, and can one be ended?  ps and kill.

Source: pid_namespaces(7): a signal that process 1 has no handler for is not delivered to it, SIGKILL from inside never is.
busybox procps/ps.c and kill.c.
Simplified: there are process 1 and the program that asks; a server that ends on SIGTERM ends with code 0.
"""

from __future__ import annotations

from playground.terminal.programs.asks import Program, Signal
from playground.terminal.programs.call import Call, complain, number_of, out
from playground.terminal.programs.identity import user_name

ENDING = ("TERM", "INT", "QUIT", "HUP", "15", "2", "3", "1")
EXIT = "EXIT"
NAMES = "HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM".split()


def ps(call: Call) -> Program:
    user, command = user_name(call.container.image, call.container.user) or str(call.container.user), call.container.command
    if call.busybox:
        lines = ["PID   USER     TIME  COMMAND", *(f"{pid:5} {user[:8]:<8} {0:2}:00 {what}" for pid, what in ((1, command), (7, "ps")))]
    else:
        program = command.split()[0].rpartition("/")[2] if command.split() else ""
        lines = ["    PID TTY          TIME CMD", *(f"{pid:7} ?        00:00:00 {what[:15]}" for pid, what in ((1, program), (7, "ps")))]
    yield from out("".join(f"{line}\n" for line in lines))
    return 0


def signal_name(word: str) -> str:
    """`15`, `SIGTERM` and `term` are TERM; `0` is EXIT, which is none; "" is none at all."""
    name = word.upper().removeprefix("SIG")
    if word.isdigit():
        return EXIT if int(word) == 0 else NAMES[int(word) - 1] if int(word) <= len(NAMES) else ""
    return name if name in (*NAMES, EXIT) else ""


def kill(call: Call) -> Program:
    """Simplified: no jobs."""
    signal, words = "TERM", list(call.args)
    if words[:1] == ["-l"]:
        yield from out(" ".join(NAMES) + "\n")
        return 0
    if words and words[0] == "-s" and len(words) > 1:
        signal, words = words[1], words[2:]
    elif words and words[0].startswith("-") and len(words[0]) > 1:
        signal, words = words[0][1:], words[1:]
    signal = signal.upper().removeprefix("SIG")
    if not words:
        usage = (
            "you need to specify whom to kill"
            if call.busybox
            else "usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or kill -l"
        )
        return (yield from complain(call, usage))
    status = 0
    for word in words:
        pid = number_of(word)
        if pid is None:
            status = yield from complain(call, f"invalid number '{word}'" if call.busybox else f"Illegal number: {word}")
        elif pid == 1:
            if signal in ENDING and not call.container.deaf:
                yield Signal(0)
        elif pid != 7:
            status = yield from complain(call, f"can't kill pid {pid}: No such process" if call.busybox else "No such process")
    return status
