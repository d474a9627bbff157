"""Chainable reads of things and of who holds them, in the domain's words."""

from __future__ import annotations

from datetime import date
from typing import Self, cast

from django.db import models
from django.db.models import Exists, OuterRef, Q

from organisations.models.querysets import HELD, PeriodQuerySet, in_force


class HoldingQuerySet(PeriodQuerySet):
    """Holdings of one kind of thing, by portfolio and day."""

    def of_portfolio(self, portfolio: str | None) -> Self:
        """Holdings of things of the chosen portfolio: a slug, `all`, or None for all real ones."""
        return self.filter(chosen(portfolio, "item__portfolio"))

    def last_known(self) -> Self:
        """Those in force when each thing was last held: the open ones of a thing that is held still."""
        later = self.model._default_manager.filter(item=OuterRef("item"))
        later = later.filter(Q(end__isnull=True) | Q(end__gt=OuterRef("end")))
        return self.filter(Q(end__isnull=True) | ~Exists(later))

    def known(self, on: date | None) -> Self:
        """Those in force on a day; without a day the last known."""
        return self.last_known() if on is None else self.as_of(on)


class HeldHoldings(models.Manager.from_queryset(HoldingQuerySet)):  # type: ignore[misc]
    """Holdings that held for at least a day. Those that a change struck out must be asked for by name."""

    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(HELD)


class ThingQuerySet(models.QuerySet):
    """Things of one kind, by portfolio and day."""

    def of_portfolio(self, portfolio: str | None) -> Self:
        """Things of the chosen portfolio: a slug, `all`, or None for all real ones."""
        return self.filter(chosen(portfolio, "portfolio"))

    def held_on(self, on: date) -> Self:
        """Things that somebody holds on a day."""
        holding = cast("type[models.Model]", self.model._meta.get_field("holdings").related_model)
        return self.filter(Exists(holding._default_manager.filter(in_force(on), item=OuterRef("pk"))))


def chosen(portfolio: str | None, path: str) -> Q:
    """The condition that a portfolio reached by a path is the one meant: a slug, `all`, or None for all real ones."""
    if portfolio == "all":
        return Q()
    return Q(**{f"{path}__illustrative": False}) if portfolio is None else Q(**{path: portfolio})


def by_day(on: date | None, dated: str) -> Q:
    """The condition that what a column dates was so by a day, or is not dated. True of everything without a day."""
    return Q() if on is None else Q(**{f"{dated}__isnull": True}) | Q(**{f"{dated}__lte": on})
