"""Relationships that documents state and that the database does not hold: a load must never drop one in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from organisations.domain.vocabulary import RelationshipKind
from organisations.models import LoadedRecord, Relationship
from organisations.portfolios.sections import TIES
from pcorg.core.batches import batches

Ends = tuple[str, str, str]
"""Kind, subject and object, as they are stored."""


def missing_relationships() -> Iterator[str]:
    """The natural keys of loaded relationship records without a row of that kind, between those bodies, from that day.

    A record that leaves its start out is held by any row of that kind between the two."""
    records = LoadedRecord.objects.filter(key__startswith=f"{TIES.prefix_of_keys}:").exclude(content=None)
    for batch in batches(records.order_by("pk").values_list("key", "content").iterator()):
        stated = {key: (_ends(content), content.get("start")) for key, content in batch}
        held = _starts({ends for ends, _ in stated.values()})
        for key, (ends, start) in stated.items():
            starts = held.get(ends, set())
            if not starts or (start is not None and date.fromisoformat(start) not in starts):
                yield key


def _ends(content: dict[str, Any]) -> Ends:
    subject, object_ = content["subject"], content["object"]
    if RelationshipKind(content["kind"]).symmetric and object_ < subject:
        subject, object_ = object_, subject
    return content["kind"], subject, object_


def _starts(wanted: set[Ends]) -> dict[Ends, set[date]]:
    found: dict[Ends, set[date]] = {}
    rows = Relationship.objects.filter(subject__in={subject for _, subject, _ in wanted})
    for kind, subject, object_, start in rows.values_list("kind", "subject", "object", "start"):
        found.setdefault((kind, subject, object_), set()).add(start)
    return found
