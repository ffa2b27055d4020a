"""What CoreDNS answers, row by row: the tables of tables/ (where each comes from says its first line)."""

from __future__ import annotations

import pytest

from playground.kube.dns.message import Record
from tests.kube.dns.queries import TABLES, Query, Table, comparable

QUERIES = [(path.stem, query) for path in sorted(TABLES.glob("*.txt")) for query in Table(path).queries]


@pytest.mark.parametrize("query", [query for _, query in QUERIES], ids=[f"{stem}: {query.text}" for stem, query in QUERIES])
def test_the_answer_is_that_of_the_table(query: Query) -> None:
    answer = query.server.ask(query.name, query.type)
    assert comparable(answer) == comparable(query.expected), query.text
    assert not any(_is_alias(record) for record in answer.records[1:] if not _is_alias(answer.records[0])), (
        "an alias comes before its target"
    )


def _is_alias(record: Record) -> bool:
    return record.type == "CNAME"
