"""Personal medical services pilots among the people of some bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

from commissioning.domain.pilots import PMS, Pilot
from commissioning.models import PmsPilot
from organisations.domain.periods import Period
from organisations.domain.vocabulary import RelationshipKind
from organisations.models import Organisation, Relationship
from organisations.models.batches import batches
from organisations.models.querysets import HELD


def pilots_near(codes: Sequence[str]) -> Iterator[Pilot]:
    """Pilots that lie in a council with one of the bodies, are its members, or have its members take part."""
    councils: dict[str, set[str]] = defaultdict(set)
    members: dict[str, set[str]] = defaultdict(set)
    shared = Relationship.objects.filter(HELD, kind=RelationshipKind.LOCATED_IN, subject__in=codes).values("object")
    near = Relationship.objects.filter(HELD, subject__form_periods__form=PMS).filter(
        Q(kind__in=[RelationshipKind.LOCATED_IN, RelationshipKind.MEMBER_OF], object__in=codes)
        | Q(kind=RelationshipKind.LOCATED_IN, object__in=shared)
    )
    for kind, pilot, other in near.values_list("kind", "subject", "object").distinct():
        (councils if kind == RelationshipKind.LOCATED_IN else members)[pilot].add(
            other if kind == RelationshipKind.LOCATED_IN else pilot
        )
    joined = PmsPilot.practices.through.objects.filter(
        organisation__ties_out__kind=RelationshipKind.MEMBER_OF, organisation__ties_out__object__in=codes
    )
    for pilot, practice in joined.values_list("pmspilot", "organisation"):
        members[pilot].add(practice)
    for batch in batches(sorted({*councils, *members})):
        bodies: Any = Organisation.objects.filter(pk__in=batch).as_of(None)
        for code, name, opened, closed, ends in bodies.values_list(
            "code", "name", "opened", "closed", "pms_pilot__term_ends"
        ):
            if opened != closed:
                life = Period(opened, closed)
                yield Pilot(code, name, life, ends, frozenset(councils[code]), frozenset(members[code]))
