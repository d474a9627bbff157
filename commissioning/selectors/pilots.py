"""Pilots in force on a day, with who runs them, where, for whom, and by which contract."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from commissioning.domain.vocabulary import PilotEnd, PilotVariant
from commissioning.selectors import listing
from organisations.domain.vocabulary import OpenedBasis, RelationshipKind
from organisations.models import FormPeriod, Organisation, Relationship
from organisations.models.querysets import in_force
from organisations.selectors.periods import names_of
from pcorg.core.names import fold

TIES = (
    RelationshipKind.OPERATED_BY,
    RelationshipKind.LOCATED_IN,
    RelationshipKind.ACCOUNTABLE_TO,
    RelationshipKind.COMMISSIONED_BY,
)


Named = tuple[str, str]
"""The code and the name of a body."""


@dataclass(frozen=True)
class Particulars:
    """What is recorded of a personal medical services pilot beside that it is a body. Staff are whole-time equivalent,
    the value is pounds a year; `term_ends` is the first day after its term. Null is unknown."""

    wave: int
    variant: PilotVariant
    provider: Named | None
    salaried_gps: Decimal | None
    nurses: Decimal | None
    practices: list[Named]
    term_ends: date
    at_end: PilotEnd
    contract: Named
    commissioner: Named | None
    annual_value: Decimal | None


@dataclass(frozen=True)
class PilotRecord:
    """A pilot on a day. `start` is when it took the form; `start_known` is False where that is only the start of the
    coverage. Ties are pairs of code and name by kind; `members` counts those that belong to it."""

    code: str
    name: str
    form: str
    start: date
    start_known: bool
    illustrative: bool
    opened: date
    closed: date | None
    people: int | None
    people_on: date | None
    people_basis: str | None
    people_at_least: bool | None
    people_parts: list[dict[str, Any]] | None
    members: int
    relationships: dict[str, list[Named]] = field(default_factory=dict)
    particulars: Particulars | None = None


def pilots(on: date, *, portfolio: str | None, forms: Iterable[str]) -> list[PilotRecord]:
    """The pilots of the forms in force on a day, those that began first at the head."""
    periods = {
        row.organisation_id: row
        for row in FormPeriod.objects.filter(in_force(on), form__in=list(forms)).order_by("start")
    }
    bodies = Organisation.objects.of_portfolio(portfolio).filter(code__in=periods).alive_on(on).with_population(on)
    listed = list(bodies.select_related("portfolio"))
    codes = [body.code for body in listed]
    relationships = list(
        Relationship.objects.as_of(on).filter(subject__in=codes, kind__in=TIES).order_by("kind", "object")
    )
    members = Relationship.objects.as_of(on).filter(object__in=codes, kind=RelationshipKind.MEMBER_OF)
    counted: dict[str, int] = {}
    for code in members.values_list("object_id", flat=True):
        counted[code] = counted.get(code, 0) + 1
    recorded = {row.pk: row for row in _recorded(codes, on)}
    parties = {code for row in recorded.values() for code in _parties(row)}
    names = names_of({*codes, *parties, *(relationship.object_id for relationship in relationships)}, on=on)
    by_body: dict[str, dict[str, list[Named]]] = {code: {} for code in codes}
    for relationship in relationships:
        by_body[relationship.subject_id].setdefault(relationship.kind, []).append(_named(relationship.object_id, names))
    found = [
        PilotRecord(
            code=body.code,
            name=names.get(body.code, body.code),
            form=periods[body.code].form_id,
            start=periods[body.code].start,
            start_known=body.opened_basis == OpenedBasis.RECORDED or periods[body.code].start > body.opened,
            illustrative=body.portfolio.illustrative,
            opened=body.opened,
            closed=body.closed,
            people=body.people,
            people_on=body.people_on,
            people_basis=body.people_basis,
            people_at_least=body.people_at_least,
            people_parts=body.people_parts,
            members=counted.get(body.code, 0),
            relationships=by_body[body.code],
            particulars=_particulars(recorded[body.code], names) if body.code in recorded else None,
        )
        for body in listed
    ]
    return sorted(found, key=lambda pilot: (pilot.start, fold(pilot.name), pilot.code))


def _recorded(codes: list[str], on: date) -> QuerySet[Organisation]:
    rows = listing.pilots(on, portfolio="all").filter(pk__in=codes, pms_pilot__isnull=False)
    return rows.select_related("pms_pilot__contract").prefetch_related("pms_pilot__practices")


def _parties(row: Any) -> set[str]:
    joined = {each.pk for each in row.pms_pilot.practices.all()}
    return joined | {code for code in (row.provider, row.commissioner) if code}


def _particulars(row: Any, names: dict[str, str]) -> Particulars:
    return Particulars(
        wave=row.wave,
        variant=PilotVariant(row.variant),
        provider=_named(row.provider, names) if row.provider else None,
        salaried_gps=row.salaried_gps,
        nurses=row.nurses,
        practices=[_named(each.pk, names) for each in row.pms_pilot.practices.all()],
        term_ends=row.term_ends,
        at_end=PilotEnd(row.at_end),
        contract=(row.contract, row.pms_pilot.contract.title),
        commissioner=_named(row.commissioner, names) if row.commissioner else None,
        annual_value=row.annual_value,
    )


def _named(code: str, names: dict[str, str]) -> Named:
    return code, names.get(code, code)
