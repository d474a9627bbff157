"""Chainable reads in the domain's words. Dates follow one rule: with a day, nested values are of that day; without,
they are the last known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Case, Exists, F, FilteredRelation, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from organisations.domain.edges import Edge
from organisations.domain.vocabulary import ChangeKind, ChangeStatus, PopulationBasis, RelationshipKind, ShareBasis
from pcorg.core.people import theirs
from pcorg.core.policies import Actor

if TYPE_CHECKING:
    from organisations.models import Change, Organisation  # noqa: F401 - names the types of the querysets


HELD = Q(end__isnull=True) | Q(end__gt=F("start"))
"""The condition that a period held for at least a day: one that a change struck out ends on its first day."""

DUE = Case(When(ended_by__isnull=True, then=F("end")), default=F("due_end"))
"""When a period is to end but for any change: what `due_end` becomes where a change ends it."""


def existed(prefix: str = "") -> Q:
    """The condition that a body existed for at least a day: one whose opening was undone closed on that day. `prefix`
    names the relation that leads to it: `organisation__`."""
    return Q(**{f"{prefix}closed__isnull": True}) | Q(**{f"{prefix}closed__gt": F(f"{prefix}opened")})


def in_force(on: date, prefix: str = "") -> Q:
    """The condition that a half-open period holds on a day. `prefix` names the relation: `form_periods__`."""
    return Q(**{f"{prefix}start__lte": on}) & (Q(**{f"{prefix}end__isnull": True}) | Q(**{f"{prefix}end__gt": on}))


def last_known(prefix: str, life: str = "") -> Q:
    """The condition that a period lasted as long as its organisation: it is open, or ends when the body closed."""
    closed = F(f"{life}closed")
    ended = Q(**{f"{prefix}end": closed, f"{prefix}start__lt": closed})
    return ended | Q(**{f"{prefix}end__isnull": True, f"{life}closed__isnull": True})


class PeriodQuerySet(models.QuerySet):
    """Rows with a `start` and an `end`."""

    def as_of(self, on: date) -> Self:
        """Those in force on a day."""
        return self.filter(in_force(on))

    def open(self) -> Self:
        """Those with no end."""
        return self.filter(end__isnull=True)


class HeldPeriods(models.Manager.from_queryset(PeriodQuerySet)):  # type: ignore[misc]
    """Rows with a `start` and an `end` that held for at least a day. Those struck out must be asked for by name."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(HELD)


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Bodies, by portfolio and day, with what held of them."""

    def of_portfolio(self, portfolio: str | None) -> Self:
        """Bodies of the chosen portfolio: a slug, `all`, or None for all real ones."""
        if portfolio == "all":
            return self
        if portfolio is None:
            return self.filter(portfolio__illustrative=False)
        return self.filter(portfolio=portfolio)

    def alive_on(self, on: date) -> Self:
        """Bodies in force on a day: opened on or before it and not closed by then."""
        return self.filter(Q(opened__lte=on) & (Q(closed__isnull=True) | Q(closed__gt=on)))

    def as_of(self, on: date | None) -> Self:
        """Bodies alive on a day with their form and name of that day; without a day every body with its last known.

        Adds `form`, `form_label`, `form_level`, `form_basis`, `family` and `name`.
        """
        bodies = self if on is None else self.alive_on(on)

        def held(prefix: str) -> Q:
            return last_known(prefix) if on is None else in_force(on, prefix)

        return bodies.annotate(
            form_period=FilteredRelation("form_periods", condition=held("form_periods__")),
            name_period=FilteredRelation("name_periods", condition=held("name_periods__")),
        ).annotate(
            form=F("form_period__form"),
            form_label=F("form_period__form__label"),
            form_level=F("form_period__form__level"),
            form_basis=F("form_period__basis"),
            family=F("form_period__form__family"),
            name=F("name_period__name"),
        )

    def with_population(self, on: date | None) -> Self:
        """Adds what `PEOPLE` names, of the latest count by the day, else of the earliest stated after it; without a day
        of the latest. Null where nothing is known. `people_on` later than the day means carried back."""
        counts = self._counts()
        if on is None:
            latest = {name: Subquery(counts.order_by("-on").values(field)[:1]) for name, field in PEOPLE.items()}
            return self.annotate(**latest)
        before = counts.filter(on__lte=on).order_by("-on")
        after = counts.filter(on__gt=on).exclude(counted=PopulationBasis.COMPUTED).order_by("on")
        return self.annotate(
            **{
                name: Coalesce(Subquery(before.values(field)[:1]), Subquery(after.values(field)[:1]))
                for name, field in PEOPLE.items()
            }
        )

    def _counts(self) -> models.QuerySet:
        from organisations.models.bodies import Population  # noqa: PLC0415 - the models import this module

        return Population.objects.filter(organisation=OuterRef("pk")).annotate(shown_on=COUNTED_ON)

    def tied(self, kind: RelationshipKind, to: str, on: date | None) -> Self:
        """Bodies that have a tie of the kind to the body `to` on a day; without a day, at any time."""
        from organisations.models.relationships import Relationship  # noqa: PLC0415 - the models import this module

        relationships = Relationship.objects.filter(kind=kind, subject=OuterRef("pk"), object=to)
        if on is not None:
            relationships = relationships.as_of(on)
        return self.filter(Exists(relationships))

    def answering_to(self, on: date | None) -> Self:
        """Adds `accountable_to`: the code of the body each answers to on a day, or last answered to."""
        from organisations.models.relationships import Relationship  # noqa: PLC0415 - the models import this module

        relationships = Relationship.objects.filter(kind=RelationshipKind.ACCOUNTABLE_TO, subject=OuterRef("pk"))
        relationships = relationships.order_by("-start") if on is None else relationships.as_of(on)
        return self.annotate(accountable_to=Subquery(relationships.values("object")[:1]))


COUNTED_ON = Coalesce("oldest_on", "on")
"""When people were counted: for a computed count the day of the oldest it was computed from."""

PEOPLE = {
    "people": "count",
    "people_on": "shown_on",
    "people_basis": "counted",
    "people_at_least": "at_least",
    "people_parts": "parts",
}
"""What is said of a count that stands for a day, and where it is kept."""


class Bodies(models.Manager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    """Bodies that existed for at least a day. Those struck out must be asked for by name: their codes stay taken."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(existed())


STANDING = Q(superseded_by__isnull=True)
"""The condition that no correction has superseded a row."""


class StandingQuerySet(models.QuerySet):
    """Rows that a correction may have superseded."""

    def standing(self) -> Self:
        """Those that still count."""
        return self.filter(STANDING)


class StandingRows(models.Manager.from_queryset(StandingQuerySet)):  # type: ignore[misc]
    """Rows that still count. Those that a correction has superseded must be asked for by name."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().standing()


def edges_of(rows: models.QuerySet) -> Iterator[Edge]:
    """Lineage edges in the domain's terms. Of each change only what is asked for is read: what it was asked to do may
    be as long as its edges are many."""
    ends = ("original_id", "resulting_id", "share", "change__effective_on", "change__sequence", "change_id")
    columns = (*ends, "change__kind", "basis", "of", "of_share", "others_share")
    for one, other, share, on, sequence, change, kind, basis, of, of_share, others in rows.values_list(
        *columns
    ).iterator():
        known = (ChangeKind.stored(kind), ShareBasis.stored(basis))
        yield Edge(one, other, share, on, sequence, change, *known, tuple(of), of_share, others)


def _public() -> Q:
    from organisations.models.changes import ChangeDecision  # noqa: PLC0415 - the models import this module

    put_forward = ChangeDecision.objects.filter(change=OuterRef("pk"), status=ChangeStatus.PROPOSED).order_by()
    dropped = Q(status=ChangeStatus.WITHDRAWN, owner_id__isnull=False) & ~Q(Exists(put_forward))
    return ~Q(status=ChangeStatus.DRAFT) & ~dropped


def _of_person(by: Actor) -> Q:
    from organisations.models.changes import ChangeCollaborator  # noqa: PLC0415 - the models import this module

    return theirs(by, ChangeCollaborator.objects.order_by(), "change")


class ChangeQuerySet(models.QuerySet["Change"]):
    """Changes in the domain's words."""

    def public(self) -> Self:
        """Changes that everybody reads: all but drafts, and drafts of people that were withdrawn as such."""
        return self.filter(_public())

    def of_person(self, by: Actor) -> Self:
        """Changes that somebody owns or was named to work on."""
        return self.filter(_of_person(by))

    def visible_to(self, by: Actor) -> Self:
        """Changes that somebody reads: the public ones, and those they own or were named to work on."""
        return self.filter(_public() | _of_person(by))

    def of_portfolio(self, portfolio: str | None) -> Self:
        """Changes of the chosen portfolio: a slug, `all`, or None for all real ones."""
        if portfolio == "all":
            return self
        if portfolio is None:
            return self.filter(portfolio__illustrative=False)
        return self.filter(portfolio=portfolio)

    def effected(self) -> Self:
        """Changes that were carried out; a correction may have undone them since."""
        return self.filter(status=ChangeStatus.EFFECTED)

    def standing(self) -> Self:
        """Changes that are history: carried out, and not undone by a correction."""
        return self.effected().filter(undone_by=None)

    def touching(self, code: str) -> Self:
        """Changes an organisation took part in."""
        from organisations.models.changes import ChangeParty  # noqa: PLC0415 - the models import this module

        return self.filter(Exists(ChangeParty.objects.filter(change=OuterRef("pk"), organisation=code)))
