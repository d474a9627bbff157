"""Things that bodies hold for a time, and the dated holdings that say who, in which part, and how much.

A thing (a contract, a budget, a service provided) has a code for ever; *holdings* say who holds it from when to when.
A change never alters a thing: it ends holdings and begins new ones, so that a novated contract is the same contract.
Holdings are written only by the plan writer, through the contributor of this app.
"""

from __future__ import annotations

from typing import ClassVar, cast

from django.db import models
from django.db.models import F, Q
from django.utils.functional import classproperty

from commissioning.domain.kinds import KINDS
from commissioning.domain.vocabulary import HoldingKind, PartyRole
from commissioning.models.querysets import HeldHoldings, HoldingQuerySet, ThingQuerySet
from organisations.models.sourced import Sourced


class Thing(Sourced):
    """Something that bodies hold: its code, which is its identity for ever, its title, and how it is known.

    Codes of an illustrative portfolio begin with `X-`.
    """

    code = models.CharField(max_length=60, primary_key=True)
    portfolio = models.ForeignKey("organisations.Portfolio", models.PROTECT, related_name="%(class)s_set")
    title = models.CharField(max_length=200)

    objects = ThingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.title} ({self.code})"


class HoldingModel(models.Model):
    """Who holds a thing for a period, `[start, end)`, with the change that began and the one that ended it.

    `kind` names the kind of thing; its declaration (`commissioning.domain.kinds`) says which foreign keys lead to
    bodies, by the part they play, and which columns are quantities. A holding that ends as it starts never held: it
    stays readable through `with_struck_out`, and `objects` leaves it out. Where a change ended it, `due_end` keeps the
    day on which it was to end.
    Holdings of one thing by the same bodies never overlap, nor do those of premises, arms and groups, which one body
    at a time holds (`commissioning.models.guards`).
    """

    kind: ClassVar[HoldingKind]

    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    due_end = models.DateField(null=True, blank=True, help_text="When it was to end, where a change ended it")
    begun_by = models.ForeignKey("organisations.Change", models.PROTECT, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey("organisations.Change", models.PROTECT, null=True, blank=True, related_name="+")

    objects = HeldHoldings()
    with_struck_out = HoldingQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["item", "start"]

    @classproperty
    def parties(cls) -> tuple[PartyRole, ...]:  # noqa: N805 - of the class
        """The parts that bodies play in it, which are the names of its foreign keys to them."""
        return KINDS[cls.kind].parties

    @classproperty
    def amounts(cls) -> tuple[str, ...]:  # noqa: N805 - of the class
        """Its quantities, which are the names of their columns."""
        return KINDS[cls.kind].amounts

    @classmethod
    def thing(cls) -> type[Thing]:
        """The kind of thing that is held."""
        return cast("type[Thing]", cls._meta.get_field("item").related_model)


def ends_after_start(name: str) -> models.CheckConstraint:
    """The constraint that a period does not end before it starts."""
    return models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name=name)


def not_negative(name: str, *fields: str) -> models.CheckConstraint:
    """The constraint that amounts are unknown or not below nothing."""
    condition = Q()
    for field in fields:
        condition &= Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0})
    return models.CheckConstraint(condition=condition, name=name)


def pounds(*, null: bool = False) -> models.DecimalField:
    """Money in pounds and pence, up to 99,999,999,999.99."""
    return models.DecimalField(max_digits=13, decimal_places=2, null=null, blank=null)


def whole_time(*, null: bool = True) -> models.DecimalField:
    """Staff as whole-time equivalent."""
    return models.DecimalField(max_digits=8, decimal_places=2, null=null, blank=null)
