"""Things and their holdings, as every read model of commissioning has them. Money is pounds a year; staff are
whole-time equivalent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypedDict

from organisations.domain.vocabulary import Basis
from organisations.read_models.organisations import BodyName
from pcorg.core.read_models import (
    LAST,
    Converted,
    Digits,
    Source,
)

Pounds = Annotated[Decimal, Digits(16, 2)]
"""Money in pounds with pence, as a decimal in a string."""
Fraction = Annotated[Decimal, Digits(7, 4)]
"""A part of a whole, 0 to 1, as a decimal in a string."""
WholeTime = Annotated[Decimal, Digits(8, 2)]
"""Staff as whole-time equivalent, as a decimal in a string."""


def named(code: str, context: Mapping[str, Any]) -> BodyName:
    """An organisation by code and name, from its code."""
    return {"code": code, "name": context["names"].get(code, code)}


def keys(related: Any, context: Mapping[str, Any]) -> list[str]:
    """The keys of related records in their order."""
    return [record.pk for record in related.all()]


def by_then(day: date, context: Mapping[str, Any]) -> date | None:
    """A day on which something came about; None where that is after the day asked about."""
    return None if is_after(day, context) else day


def is_after(day: date | None, context: Mapping[str, Any]) -> bool:
    """Whether a day is after the day asked about."""
    on = context.get("as_of")
    return on is not None and day is not None and day > on


def in_force(holdings: Any, context: Mapping[str, Any]) -> list[Any]:
    """Holdings; with a day, those in force on it."""
    on = context.get("as_of")
    rows = holdings.all()
    return [row for row in rows if on is None or (row.start <= on and (row.end is None or on < row.end))]


class HoldingItem(TypedDict):
    """A thing and who holds it from `start` up to, and not including, `end`. One thing may have several rows: each
    `holding` is one."""

    code: Annotated[str, "Code of the thing, for ever the same", Source("item_id")]
    title: Annotated[str, Source("item.title")]
    start: Annotated[date, "First day of this holding", LAST]
    end: Annotated[date | None, "First day on which it no longer holds", LAST]
    holding: Annotated[int, "Number of this row: breaks ties in orderings", Source("pk"), LAST]
    portfolio: Annotated[str, Source("item.portfolio_id"), LAST]
    illustrative: Annotated[bool, "Invented", Source("item.portfolio.illustrative"), LAST]


class HeldSpell(TypedDict):
    """Who held the thing from `start` up to, and not including, `end`."""

    start: date
    end: date | None
    begun_by: Annotated[int | None, "Number of the change that began it; null at the opening", Source("begun_by_id")]
    ended_by: Annotated[int | None, "Number of the change that ended it", Source("ended_by_id")]


class OwnedSpell(HeldSpell):
    """Which body held the thing."""

    organisation: Annotated[BodyName, Source("organisation_id"), Converted(named)]


class ThingDetail(TypedDict):
    """What every thing tells of itself. With a date its holdings are those in force on it, else all there ever were."""

    code: str
    title: str
    portfolio: Annotated[str, Source("portfolio_id")]
    illustrative: Annotated[bool, "Invented", Source("portfolio.illustrative")]
    basis: Annotated[str, "How it is known", Basis]
    source: Annotated[str, "Slug of the source and the place in it", Source("citation")]
    note: str
