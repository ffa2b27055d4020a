"""What can be shown in a frame, and which cluster does a frame open?  One of its own, found again by its resume code, or a shared one to look at.

Each thing says which `options` it knows, which `sites` may frame it (none: those that the server allows), and the `path` of its frame.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from django.conf import settings

from playground.clusters import library, ownership, scenes, service
from playground.clusters.errors import NoSuchCluster, TooFast
from playground.clusters.models import Cluster
from playground.clusters.rates import Buckets
from playground.clusters.visitors import Asker, new_visitor, read_resume_code, resume_code, token
from playground.curriculum.lesson import Step
from playground.curriculum.loader import KEY, Unit
from playground.embeds import links
from playground.embeds.options import OF_A_BEGINNING, OF_ALL, Options

_begun = Buckets(settings.LIMITS.embeds_per_hour_and_address, 3600)


class Opened(NamedTuple):
    """The cluster that a frame shows, and what the frame shows to be let in: `resume` is "" where there is nothing of its own yet."""

    cluster: Cluster
    asker: Asker
    token: str
    resume: str


class Ready:
    """A ready cluster, each reader their own. KeyError if there is no such scene."""

    options = OF_A_BEGINNING
    sites: Sequence[str] = ()
    lesson = ""

    def __init__(self, scene: str):
        if scene.startswith(KEY):
            raise KeyError(scene)
        self.scene = scene
        self.path = f"/embed/cluster/{scene}/"
        scenes.find(scene)

    def titled(self, options: Options) -> str:
        return scenes.find(self.scene).title

    def pane_query(self, options: Options) -> str:
        """What the lesson's pane is asked with first."""
        return ""

    def open(self, options: Options, resume: str, address: str) -> Opened:
        """Raises Refusal."""
        cluster = _own(resume)
        if cluster is None or cluster.scene != self.scene:
            cluster = self._begin(options, address)
        return _opened(cluster, Asker(cluster.visitor, cluster.pk, acts=not options.readonly))

    def _begin(self, options: Options, address: str) -> Cluster:
        _count(address)
        cluster = ownership.new_cluster(new_visitor(), self.scene, "embed", address, options.seed)
        if options.paused:
            service.set_clock(cluster, "paused", paused=True)
        return cluster


class Lesson(Ready):
    """A lesson, each reader their own; opened at a step, by its id or its number from 1. KeyError if there is no such lesson, or no such step in it."""

    def __init__(self, name: str, step: str = ""):
        self.unit = library.find(name)
        self.lesson = name
        self.scene = f"{KEY}{name}"
        self.step = _step(self.unit, step) if step else None
        self.path = f"/embed/lesson/{name}/" + (f"{self.step.id}/" if self.step else "")

    @property
    def steps(self) -> list[dict[str, str]]:
        """The id and the title of each."""
        words = self.unit.words("en").steps
        return [{"id": each.id, "title": words[each.id].title} for each in self.unit.lesson.steps]

    def titled(self, options: Options) -> str:
        words = self.unit.words(options.lang)
        return f"{words.title}: {words.steps[self.step.id].title}" if self.step else words.title

    def pane_query(self, options: Options) -> str:
        asked = {"step": self.step.id if self.step else "", "lang": options.lang}
        return urlencode({name: value for name, value in asked.items() if value})


class Shared:
    """Somebody's cluster, by its share link: live, for looking, until the first change makes a copy. KeyError if the link does not stand."""

    options = OF_ALL

    def __init__(self, link: str):
        found = links.find(link)
        if found is None:
            raise KeyError(link)
        self.link = found
        self.lesson = found.cluster.lesson
        self.sites = found.sites.splitlines()
        self.path = f"/embed/shared/{link}/"

    def titled(self, options: Options) -> str:
        return self.link.cluster.title

    def pane_query(self, options: Options) -> str:
        return ""

    def open(self, options: Options, resume: str, address: str) -> Opened:
        """Raises Refusal."""
        copy = _own(resume)
        if copy is not None and copy.op.startswith(f"copy-{self.link.pk}-"):
            return _opened(copy, Asker(copy.visitor, copy.pk, acts=not options.readonly))
        _count(address)
        return look(self.link.pk, self.link.cluster, new_visitor(), acts=not options.readonly)


def look(link: str, cluster: Cluster, visitor: str, acts: bool = True) -> Opened:
    """The visitor looks at somebody's cluster."""
    asker = Asker(visitor, cluster.pk, share=link, acts=acts)
    return Opened(cluster, asker, token(asker), "")


def _step(unit: Unit, wanted: str) -> Step:
    steps = {each.id: each for each in unit.lesson.steps}
    numbers = {str(number): each for number, each in enumerate(unit.lesson.steps, 1)}
    return steps.get(wanted) or numbers[wanted]


def _opened(cluster: Cluster, asker: Asker) -> Opened:
    return Opened(cluster, asker, token(asker), resume_code(asker.visitor, cluster.pk))


def _own(resume: str) -> Cluster | None:
    try:
        return ownership.find(*read_resume_code(resume))
    except NoSuchCluster:
        return None


def _count(address: str) -> None:
    wait = _begun.wait(address)
    if wait:
        raise TooFast("embeds_per_hour_and_address", settings.LIMITS.embeds_per_hour_and_address, wait)
