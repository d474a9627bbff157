"""Practices that are recorded as members of two groups at once: a practice belongs to one group at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q

from organisations.domain.vocabulary import Family, RelationshipKind
from organisations.models import FormPeriod, Relationship
from organisations.models.querysets import HELD

GROUPS = Q(form__family=Family.GROUPS_AND_TRUSTS) | Q(form__in=("clinical-commissioning-group", "sub-icb-location"))
"""Forms whose members are the practices of an area: primary care groups and trusts, and what came after them."""

PRACTICE = "gp-practice"


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
