"""The tables of the page of one organisation as rows of a spreadsheet: the same facts, days as machines write them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from organisations.web.presenters.organisation import OrganisationPage, RelationshipRow
from organisations.web.presenters.references import Ended, ProvenanceNote

Row = dict[str, Any]


def life(page: OrganisationPage) -> list[Row]:
    """Forms, names and whom it answered to."""
    return [
        {
            "fact": fact.strand,
            "value": fact.text,
            "from": fact.start,
            "to": fact.last,
            **_known(fact.known, page),
            "ended_by": _number(fact.ended),
        }
        for fact in page.life.facts
    ]


def lineage(page: OrganisationPage) -> list[Row]:
    """The steps that led to it and from it."""
    return [
        {
            "date": step.on,
            "earlier_code": step.original_code,
            "earlier_name": step.original,
            "later_code": step.resulting_code,
            "later_name": step.resulting,
            "share": step.share_exact,
            "measured_by": step.measured,
            "kind": step.kind,
        }
        for step in (page.lineage.steps if page.lineage else [])
    ]


def changes(page: OrganisationPage) -> list[Row]:
    """Changes it took part in."""
    return [
        {
            "number": change.number,
            "date": change.on,
            "title": change.title,
            "kind": change.kind,
            "part": change.part,
            "status": change.status,
        }
        for change in page.changes
    ]


def relationships(page: OrganisationPage) -> list[Row]:
    """Ties to other organisations at all times."""
    return [
        _relationship(heading, tie, page)
        for groups in (page.ties, page.other_ties)
        for heading, group in groups
        for tie in group
    ]


def population(page: OrganisationPage) -> list[Row]:
    """Every count."""
    return [
        {
            "date": count.on,
            "people": count.people,
            "at_least": count.at_least,
            "who_was_counted": count.counted,
            "computed_from": "; ".join(count.parts),
            "standing_from": count.standing_from,
            **_known(count.known, page),
        }
        for count in page.counts
    ]


def board(page: OrganisationPage) -> list[Row]:
    """Seats on the day."""
    return [
        {
            "constituency": seat.constituency,
            "seats": seat.seats,
            "from": seat.start,
            "to": seat.last,
            **_known(seat.known, page),
            "ended_by": _number(seat.ended),
        }
        for seat in page.board
    ]


TABLES: dict[str, Callable[[OrganisationPage], list[Row]]] = {
    "life": life,
    "lineage": lineage,
    "changes": changes,
    "ties": relationships,
    "population": population,
    "board": board,
}


def _relationship(heading: str, tie: RelationshipRow, page: OrganisationPage) -> Row:
    return {
        "tie": heading,
        "code": tie.code,
        "name": tie.name,
        "share": tie.share,
        "from": tie.start,
        "to": tie.last,
        **_known(tie.known, page),
        "ended_by": _number(tie.ended),
    }


def _number(ended: Ended | None) -> int | None:
    """The number of the change that ended a fact."""
    return None if ended is None else ended.change


def _known(provenance: ProvenanceNote, page: OrganisationPage) -> Row:
    titles = {number: f"{source.title}, {source.locator}".removesuffix(", ") for number, source in page.sources}
    source = titles[provenance.number] if provenance.number else ""
    return {"how_known": provenance.basis, "source": source, "note": provenance.note}
