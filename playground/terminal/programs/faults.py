"""What becomes of a program that breaks off?  It alone ends, with a sentence and a status; whatever runs beside it goes on."""

from __future__ import annotations

from playground.kube.errors import Refusal
from playground.terminal.programs.files import FileError
from playground.terminal.programs.limits import Exhausted

# What a program may leave to whoever runs it; the message is for the learner.
FORESEEN = (Exhausted, FileError, Refusal)
# What no program should raise. The tests let it through.
UNFORESEEN: type[Exception] | tuple[()] = Exception


def said(error: Exception) -> str:
    """What is printed of it."""
    if isinstance(error, FORESEEN):
        return f"switchyard: {error}\n"
    return f"switchyard: this playground has a fault, which ends the program here: {type(error).__name__}: {error}\n"
