"""What does a learner's console show, and what runs in it?  It outlives its page's socket for a while, so that a lost connection loses nothing.

A console belongs to its event loop's thread; what may block is done in others. What it keeps is bounded: the oldest goes.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections import deque
from itertools import dropwhile
from typing import NamedTuple

from django.conf import settings

from playground.clusters import looks
from playground.clusters.driving import Door, drive
from playground.clusters.errors import NoSuchCluster, TooMany
from playground.clusters.models import Cluster
from playground.clusters.workers import in_thread
from playground.kube.errors import Refusal
from playground.terminal.console import helping, places
from playground.terminal.sessions import NoProgram, Opens, Session

logger = logging.getLogger(__name__)
LIMITS = ("terminal_actions_per_minute",)
TYPED, WRITTEN, WRONG, NOTE, WARNING, OPENS = "in", "out", "err", "note", "warn", "open"
STDERR = 2
INTERRUPT, END = "\x03", "\x04"
STILL_THERE = 5.0
LONGEST_PROMPT = 500
MOST_ENTRIES = 5_000
MOST_AT_ONCE = 65_536
UNSHOWN = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)?|[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Entry(NamedTuple):
    """A piece of what is shown: `kind` is who wrote it. Numbers have no gaps."""

    number: int
    kind: str
    text: str


class Console:
    """One shell, somewhere, and what was shown of it. `busy` while a program runs; `taken` is the number of the last line taken."""

    def __init__(self, cluster: Cluster):
        self.loop = asyncio.get_running_loop()
        self.cluster = cluster
        self.place = ""
        self.busy = False
        self.taken = 0
        self.last = 0
        self.views: dict[asyncio.Event, None] = {}
        self._door = Door(cluster, LIMITS)
        self._entries: deque[Entry] = deque()
        self._size = 0
        self._tail = ""
        self._keys: deque[str] = deque()
        self._echoes: deque[str] = deque()
        self._pressed = asyncio.Event()
        self._asked = False
        self._task: asyncio.Task[None] | None = None

    # --- what a page asks

    def go(self, place: str) -> None:
        """Be there: what ran elsewhere ends."""
        if self._task is not None:
            self._task.cancel()
        if self._tail:
            self._show(WRITTEN, "\n")
        self._keys.clear()
        self.place = place
        self._begin()

    def type(self, number: int, line: str) -> None:
        """A line, once: one that was taken already is not taken again."""
        if number <= self.taken:
            return
        self.taken = number
        allowed = settings.LIMITS.terminal_line_characters
        if len(line) > allowed:
            self._show(WARNING, f'the line has {len(line):,} characters: limit "terminal_line_characters" allows {allowed:,}\n')
            return
        line = UNSHOWN.sub("", line).replace("\n", " ")
        if line.strip() == "help" and (self._tail or self._task is None):
            self._help(line)
            return
        self._press(line + "\r")
        if self._task is None:
            self._begin()

    def interrupt(self) -> None:
        """Ctrl-C; what was typed ahead is gone."""
        self._keys.clear()
        if self._task is not None:
            self._press(INTERRUPT)

    def end(self) -> None:
        """Ctrl-D: no more input."""
        if self._task is not None:
            self._press(END)

    def clear(self) -> None:
        """Show nothing but the line that is begun."""
        self._entries.clear()
        self._size = 0
        if self._tail:
            self._show(WRITTEN, self._tail)

    def after(self, number: int) -> list[Entry]:
        """What is shown after an entry, at most so much as is sent at once."""
        found, size = [], 0
        for entry in dropwhile(lambda entry: entry.number <= number, self._entries):
            size += len(entry.text)
            if found and size > MOST_AT_ONCE:
                break
            found.append(entry)
        return found

    def close(self) -> None:
        if self._task is not None:
            self._task.cancel()

    # --- the shell: input as `driving` wants it

    def feed(self, session: Session) -> None:
        """What is typed before the shell has asked for its first line waits for that, so that its prompt stands before it."""
        while self._keys and (self._asked or self._keys[0] == INTERRUPT):
            keys = self._keys.popleft()
            self._echoes.append("^C\n" if keys == INTERRUPT else keys.replace("\r", "\n"))
            session.feed(keys)

    async def wait(self, seconds: float | None) -> None:
        """While a program waits for its time, the cluster's clock runs. A shell that waits for a line is looked after now and then:
        its container may have ended."""
        if seconds is not None:
            looks.attend(self.cluster)
        elif not self._asked:
            self._asked = True
            if self._keys:
                return
        if self.busy != (seconds is not None):
            self.busy = seconds is not None
            self._tell()
        try:
            await asyncio.wait_for(self._pressed.wait(), STILL_THERE if seconds is None else seconds)
        except TimeoutError:
            return
        self._pressed.clear()

    def _begin(self) -> None:
        self.busy, self._asked = True, False
        self._echoes.clear()
        self._tell()
        self._task = asyncio.ensure_future(self._live())

    async def _live(self) -> None:
        """A shell from its beginning to its end."""
        mine = asyncio.current_task()
        try:
            session = await in_thread(self._start, self.place)
            self._show(NOTE, f"{helping.where(session.container)}\n")
            code = await drive(session, self._door, self, self._write, self._open)
            said = f"The shell has ended, with exit code {code}. The next line begins another one.\n"
        except (Refusal, NoProgram) as no:
            said = f"{_words(no)}\n"
        except NoSuchCluster:
            said = "This cluster is not there any more.\n"
        except Exception:
            logger.exception("a console's shell ends")
            said = "The shell was ended by a fault of this playground. The next line begins another one.\n"
        if self._task is mine:
            self._task, self.busy = None, False
            self._keys.clear()
            self._show(WARNING, f"\n{said}" if self._tail else said)

    def _start(self, place: str) -> Session:
        """In a worker thread."""
        with looks.at(self.cluster) as kube:
            return places.begin(kube, place)

    async def _write(self, fd: int, text: str) -> None:
        text = UNSHOWN.sub("", text)
        typed = bool(self._echoes) and text == self._echoes[0]
        if typed:
            self._echoes.popleft()
        self._show(TYPED if typed else WRONG if fd == STDERR else WRITTEN, text)

    def _open(self, shown: Opens) -> None:
        self._show(OPENS, f"{shown.kind}/{shown.namespace or '-'}/{shown.name}")

    def _press(self, keys: str) -> None:
        self._keys.append(keys)
        self._pressed.set()

    # --- help

    def _help(self, line: str) -> None:
        prompt = self._tail
        self._show(TYPED, f"{line}\n")
        asyncio.ensure_future(self._show_help(prompt))  # noqa: RUF006 - it ends by itself

    async def _show_help(self, prompt: str) -> None:
        text = await in_thread(self._helped, self.place)
        self._show(WRITTEN, text + prompt)

    def _helped(self, place: str) -> str:
        """In a worker thread."""
        with looks.at(self.cluster) as kube:
            return helping.text(kube, place)

    # --- what is shown

    def _show(self, kind: str, text: str) -> None:
        if not text:
            return
        self.last += 1
        self._entries.append(Entry(self.last, kind, text))
        self._size += len(text)
        self._tail = (self._tail + text).rpartition("\n")[2][-LONGEST_PROMPT:]
        while self._size > settings.LIMITS.terminal_kept_characters or len(self._entries) > MOST_ENTRIES:
            self._size -= len(self._entries.popleft().text)
        self._tell()

    def _tell(self) -> None:
        for view in self.views:
            view.set()


def _words(no: Refusal | NoProgram) -> str:
    """As kubectl says it."""
    if isinstance(no, NoProgram):
        return f"error: Internal error occurred: {no}"
    return f"Error from server ({no.reason}): {no.message}"


_consoles: dict[tuple[str, str], Console] = {}


def join(cluster: Cluster, key: str, view: asyncio.Event) -> Console:
    """The console of a name that its page made, which shows itself from now on; a new one if there is none. Raises TooMany."""
    name = (str(cluster.pk), key)
    console = _consoles.get(name)
    if console is None or console.loop is not asyncio.get_running_loop():
        _make_room(cluster)
        console = _consoles[name] = Console(cluster)
    console.views[view] = None
    return console


def leave(console: Console, view: asyncio.Event) -> None:
    """The page is gone; it may come back."""
    console.views.pop(view, None)
    if not console.views:
        console.loop.call_later(settings.LIMITS.terminal_detached_seconds, _let_go, console)


def _make_room(cluster: Cluster) -> None:
    """Of a cluster's consoles those that no page shows make way, the oldest first."""
    allowed = settings.LIMITS.terminals_per_cluster
    for name, console in list(_consoles.items()):
        if console.loop.is_closed():
            del _consoles[name]
    own = [console for (id, _), console in _consoles.items() if id == str(cluster.pk)]
    if len(own) < allowed:
        return
    unseen = [console for console in own if not console.views]
    if not unseen:
        raise TooMany("terminals_per_cluster", allowed)
    _drop(unseen[0])


def _let_go(console: Console) -> None:
    if not console.views:
        _drop(console)


def _drop(console: Console) -> None:
    console.close()
    for name, each in list(_consoles.items()):
        if each is console:
            del _consoles[name]
