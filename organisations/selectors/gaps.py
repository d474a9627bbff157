"""What is missing or stands twice: practices in two groups at once, relationships that a load lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q

from organisations.domain.forms import PRACTICE
from organisations.domain.vocabulary import Family, RelationshipKind
from organisations.models import FormPeriod, LoadedRecord, Relationship
from organisations.models.querysets import HELD
from organisations.portfolios.sections import TIES
from pcorg.core.batches import batches

GROUPS = Q(form__family=Family.GROUPS_AND_TRUSTS) | Q(form__in=("clinical-commissioning-group", "sub-icb-location"))
"""Forms whose members are the practices of an area: primary care groups and trusts, and what came after them."""


@dataclass(frozen=True, slots=True)
class TwoGroups:
    """A practice in two groups, and the first and last day of the time it is in both; no last day where it still is."""

    practice: str
    groups: tuple[str, str]
    first: date
    until: date | None


def in_two_groups() -> Iterator[TwoGroups]:
    """Every such practice, in order of codes and days: one query."""
    groups = FormPeriod.objects.filter(GROUPS).values("organisation")
    practices = FormPeriod.objects.filter(form=PRACTICE).values("organisation")
    rows = Relationship.objects.filter(
        HELD, kind=RelationshipKind.MEMBER_OF, subject__in=practices, object__in=groups
    ).order_by("subject", "start", "object")
    listed: Any = rows.values_list("subject", "object", "start", "end").iterator(chunk_size=2000)
    for practice, found in groupby(listed, key=lambda row: row[0]):
        before: list[tuple[str, date, date | None]] = []
        for _, group, start, end in found:
            for other, _, ended in before:
                if other != group and (ended is None or start < ended):
                    until = min((day for day in (ended, end) if day is not None), default=None)
                    yield TwoGroups(practice, (other, group), start, until)
            before.append((group, start, end))


Ends = tuple[str, str, str]
"""Kind, subject and object, as they are stored."""


def missing_relationships() -> Iterator[str]:
    """The natural keys of loaded relationship records without a row of that kind, between those bodies, from that day.

    A record that leaves its start out is held by any row of that kind between the two."""
    records = LoadedRecord.objects.filter(key__startswith=f"{TIES.prefix_of_keys}:").exclude(content=None)
    for batch in batches(records.order_by("pk").values_list("key", "content").iterator()):
        stated = {key: (_ends(content), content.get("start")) for key, content in batch}
        recorded_starts = _starts({ends for ends, _ in stated.values()})
        for key, (ends, start) in stated.items():
            starts = recorded_starts.get(ends, set())
            if not starts or (start is not None and date.fromisoformat(start) not in starts):
                yield key


def _ends(content: dict[str, Any]) -> Ends:
    subject, object_ = content["subject"], content["object"]
    if RelationshipKind(content["kind"]).symmetric and object_ < subject:
        subject, object_ = object_, subject
    return content["kind"], subject, object_


def _starts(pairs: set[Ends]) -> dict[Ends, set[date]]:
    found: dict[Ends, set[date]] = {}
    rows = Relationship.objects.filter(subject__in={subject for _, subject, _ in pairs})
    for kind, subject, object_, start in rows.values_list("kind", "subject", "object", "start"):
        found.setdefault((kind, subject, object_), set()).add(start)
    return found
