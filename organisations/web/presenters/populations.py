"""Populations on pages: how many people, when and how they were counted, and what was computed from what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from organisations.domain.counts import readable
from organisations.domain.vocabulary import PopulationBasis
from organisations.read_models.organisations import CountedPart, OrganisationDetail, RecordedPopulation
from organisations.selectors.organisations import applies_on
from organisations.web.presenters.references import ProvenanceNote, References
from pcorg.core.pages.jinja2 import day, percent
from pcorg.core.pages.scope import Scope


@dataclass(frozen=True)
class CountRow:
    """People counted on a day. `applies` marks the count that stands for the day of the page; `parts` are the counts
    that it was computed from, in words, and `standing_from` is the day of the change that made it."""

    people: int
    on: date
    counted: str
    applies: bool
    carried_back: bool
    at_least: bool
    standing_from: date
    parts: list[str]
    known: ProvenanceNote


def counts_of(populations: list[RecordedPopulation], on: date, references: References) -> list[CountRow]:
    """Every count of a body; one of them stands for the day."""
    applies = applies_on(populations, on)
    return [
        CountRow(
            people=row["count"],
            on=row["on"],
            counted=PopulationBasis.stored(row["basis"]).label,
            applies=row is applies,
            carried_back=row is applies and row["on"] > on,
            at_least=row["at_least"],
            standing_from=row["standing_from"],
            parts=[_part(part) for part in row["parts"]],
            known=references.known(row, basis="known"),
        )
        for row in populations
    ]


def note_on(body: Any, on: date) -> str:
    """In few words how and when the people of a body were counted, and whether the count is of a later day. `body` is
    one of a queryset with its population (`with_population`); its people are known."""
    note = f"{body.people_basis} {body.people_on.year}"
    if body.people_basis == PopulationBasis.COMPUTED:
        codes = ", ".join(part["code"] for part in readable(body.people_parts))
        note = f"computed from {body.people_on.year} counts of {codes}"
    if body.people_at_least:
        note = f"at least; {note}"
    return f"{note}, carried back" if body.people_on > on else note


def _part(part: CountedPart) -> str:
    """A count that a population was computed from, in words."""
    share = Decimal(part["share"])
    of = part["code"] if share == 1 else f"{percent(share)} of {part['code']}"
    if part["count"] is None or part["on"] is None:
        return f"{of} (not recorded)"
    return f"{of} ({_least(part)}{part['count']:,}, {part['basis']}, {day(part['on'])})"


def _least(part: CountedPart) -> str:
    return "at least " if part["at_least"] else ""


def chart_of(detail: OrganisationDetail, counts: list[CountRow], scope: Scope) -> dict[str, Any] | None:
    """The counts as the chart reads them; None where there is nothing to compare."""
    if len(counts) < 2:
        return None
    return {
        "title": f"Population of {detail['name']}",
        "times": [count.standing_from.isoformat() for count in counts],
        "series": [{"name": "Population", "values": [count.people for count in counts]}],
        "unit": "people",
        "valueTitle": "People",
        "asAt": scope.on.isoformat(),
    }
