"""Personal medical services pilots among the people of some bodies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q

from commissioning.domain.pilots import PMS, Pilot
from commissioning.models import PmsPilot
from organisations.domain.vocabulary import RelationshipKind
from organisations.models import FormPeriod, Organisation, Relationship
from pcorg.core.batches import batches
from pcorg.core.periods import Period


def pilots_near(codes: Sequence[str]) -> Iterator[Pilot]:
    """Pilots that lie in a council with one of the bodies, are its members, or have its members take part; each with
    all practices that take part in it."""
    councils: dict[str, set[str]] = defaultdict(set)
    members: dict[str, set[str]] = defaultdict(set)
    shared = Relationship.objects.filter(kind=RelationshipKind.LOCATED_IN, subject__in=codes).values("object")
    pilots = FormPeriod.objects.filter(form=PMS).values("organisation")
    near = Relationship.objects.filter(subject__in=pilots).filter(
        Q(kind__in=[RelationshipKind.LOCATED_IN, RelationshipKind.MEMBER_OF], object__in=codes)
        | Q(kind=RelationshipKind.LOCATED_IN, object__in=shared)
    )
    for kind, pilot, other in near.values_list("kind", "subject", "object").distinct():
        (councils if kind == RelationshipKind.LOCATED_IN else members)[pilot].add(
            other if kind == RelationshipKind.LOCATED_IN else pilot
        )
    through = PmsPilot.practices.through.objects
    belonging = Relationship.objects.filter(kind=RelationshipKind.MEMBER_OF, object__in=codes).values("subject")
    joined = through.filter(organisation__in=belonging)
    all_of_them = through.filter(Q(pmspilot__in=[*councils, *members]) | Q(pmspilot__in=joined.values("pmspilot")))
    for pilot, practice in all_of_them.values_list("pmspilot", "organisation"):
        members[pilot].add(practice)
    for batch in batches(sorted({*councils, *members})):
        bodies: Any = Organisation.objects.filter(pk__in=batch).as_of(None)
        for code, name, opened, closed, ends in bodies.values_list(
            "code", "name", "opened", "closed", "pms_pilot__term_ends"
        ):
            life = Period(opened, closed)
            yield Pilot(code, name, life, ends, frozenset(councils[code]), frozenset(members[code]))
