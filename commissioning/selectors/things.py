"""One thing that bodies hold, by its code, with who held it when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar, cast

from django.db.models import Prefetch, QuerySet

from commissioning.models.holding import HoldingModel, Thing
from organisations.selectors.periods import names_of
from pcorg.core.names import recorded_code
from pcorg.core.refusals import NotFound

Kept = TypeVar("Kept", bound=Thing)


def found(
    kind: type[Kept], code: str, *, on: date | None = None, portfolio: str | None = None, along: Iterable[str] = ()
) -> Kept:
    """A thing, by its code in either case, with its holdings in order of time: all of them, or with a day those in
    force on it. `along` names what else is read with it. Raises NotFound where no thing of the
    kind has the code, where it belongs to another portfolio than the one asked for, and with a day (`not-in-force`)
    where nobody held it then."""
    thing = _read(kind, code, on, along) if "\x00" not in code else None
    if thing is None and (recorded := recorded_code(kind._default_manager.order_by(), code)):
        thing = _read(kind, recorded, on, along)
    if thing is None:
        raise NotFound(f"No {kind._meta.verbose_name} has the code {code[:60]}.")
    if portfolio not in {None, "all", thing.portfolio_id}:
        raise NotFound(f"{code} belongs to the portfolio {thing.portfolio_id}, not {portfolio}.")
    if on is not None and not holdings_of(thing):
        raise NotFound(_life(kind, thing.pk, on), "not-in-force")
    return thing


def holdings_of(thing: Thing) -> list[HoldingModel]:
    """The holdings read with a thing."""
    return list(thing.holdings.all())  # type: ignore[attr-defined]  # every kind of thing has them


def names_in(things: Iterable[Thing], *, on: date | None) -> Mapping[str, str]:
    """The names on a day, or the last known, of all bodies that have a part in things; one query."""
    codes = {
        getattr(holding, f"{role.value}_id")
        for thing in things
        for holding in holdings_of(thing)
        for role in holding.parties
    }
    return names_of(codes, on=on)


def _read(kind: type[Kept], code: str, on: date | None, along: Iterable[str]) -> Kept | None:
    holdings = _holding(kind).objects.order_by("start", "pk")
    rows = cast("QuerySet[Kept]", kind._default_manager).select_related("portfolio").filter(pk=code)
    return rows.prefetch_related(Prefetch("holdings", holdings if on is None else holdings.as_of(on)), *along).first()


def _life(kind: type[Thing], code: str, on: date) -> str:
    message = f"Nobody holds {code} on {on.isoformat()}."
    holdings: Any = _holding(kind).objects
    lasted = list(holdings.filter(item=code).values_list("start", "end"))
    if not lasted:
        return message
    ends = [end for _, end in lasted if end is not None]
    until = f" until {max(ends).isoformat()}" if len(ends) == len(lasted) else ""
    return f"{message} It was held from {min(start for start, _ in lasted).isoformat()}{until}."


def _holding(kind: type[Thing]) -> type[HoldingModel]:
    relation: Any = kind._meta.get_field("holdings")  # type: ignore[misc]  # each kind of thing has it, not the base
    return cast("type[HoldingModel]", relation.related_model)
