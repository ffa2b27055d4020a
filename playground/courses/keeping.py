"""How is a visitor's progress read and saved?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from playground.courses.models import Progress
from playground.courses.records import VERSION, Export, LessonRecord, merged
from playground.kube.errors import Refusal


def moment() -> str:
    """Now, as records write it."""
    return timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")


def of(visitor: str) -> dict[str, LessonRecord]:
    """Each lesson that the visitor began, by name."""
    return {row.lesson: _read(row.state) for row in Progress.objects.filter(visitor=visitor)}


def one(visitor: str, lesson: str) -> LessonRecord:
    """A new record if the lesson was not begun; it is kept once it is saved."""
    row = Progress.objects.filter(visitor=visitor, lesson=lesson).first()
    return _read(row.state) if row else LessonRecord(begun=moment())


@contextmanager
def changing(visitor: str, lesson: str, cluster: str = "") -> Iterator[LessonRecord]:
    """The record, to be changed while nobody else does; saved in the end. The door is not to be used meanwhile: who acts holds the cluster, and
    then waits for the database."""
    with transaction.atomic():
        row = Progress.objects.select_for_update().filter(visitor=visitor, lesson=lesson).first()
        record = _read(row.state) if row else LessonRecord(begun=moment())
        before = msgspec.json.encode(record)
        yield record
        if row is None or msgspec.json.encode(record) != before or (cluster and row.cluster != cluster):
            _save(visitor, lesson, record, cluster)


def _save(visitor: str, lesson: str, record: LessonRecord, cluster: str = "") -> None:
    values: dict[str, Any] = {"state": msgspec.to_builtins(record)}
    if cluster:
        values["cluster"] = cluster
    Progress.objects.update_or_create(visitor=visitor, lesson=lesson, defaults=values)


def exported(visitor: str) -> bytes:
    """The file that a learner takes along."""
    mine = {lesson: _portable(record) for lesson, record in sorted(of(visitor).items())}
    return msgspec.json.format(msgspec.json.encode(Export(VERSION, mine)), indent=1) + b"\n"


def take_in(visitor: str, text: str) -> int:
    """Add what a file says to what is known; how many lessons it spoke of. Raises Refusal, and then nothing has changed."""
    brought = _export(text)
    with transaction.atomic():
        mine = of(visitor)
        _limit("progress_lessons", len(mine.keys() | brought.lessons.keys()))
        for lesson, theirs in brought.lessons.items():
            added = _portable(theirs)
            _save(visitor, lesson, merged(mine[lesson], added) if lesson in mine else added)
    return len(brought.lessons)


def _portable(record: LessonRecord) -> LessonRecord:
    """Without what belongs to one cluster."""
    return msgspec.structs.replace(record, marks={}, before={}, showing=None, reset="")


def _export(text: str) -> Export:
    try:
        brought = msgspec.json.decode(text, type=Export)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise Refusal(422, "Invalid", f"this is no progress of Switchyard: {error}") from None
    if brought.version != VERSION:
        raise Refusal(422, "Invalid", f'version: Unsupported value: "{brought.version}": supported values: "{VERSION}"')
    for lesson, record in brought.lessons.items():
        if len(lesson) > Progress._meta.get_field("lesson").max_length:
            raise Refusal(422, "Invalid", f'lessons: "{lesson[:80]}" is too long for the name of a lesson')
        _limit("progress_steps", len(record.steps))
    return brought


def _limit(name: str, count: int) -> None:
    allowed = getattr(settings.LIMITS, name)
    if count > allowed:
        raise Refusal(413, "RequestEntityTooLarge", f'too large: {count}, and limit "{name}" allows {allowed}')


def _read(state: Any) -> LessonRecord:
    """What cannot be read any more is begun anew."""
    try:
        return msgspec.convert(state, LessonRecord)
    except msgspec.ValidationError:
        return LessonRecord(begun=moment())
