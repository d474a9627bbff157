"""Pilots in words: wave, who runs them, days left, and what the rules allow at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from commissioning.domain.pilots import FIRST_WAVE, TERMS, PilotTerm, TermStatus, days_left, standing
from commissioning.selectors.pilots import Named, Particulars, PilotRecord
from commissioning.web.presenters.tables import CellLink
from organisations.domain.forms import FormFacts, TransitionGraph
from organisations.domain.vocabulary import ChangeKind, RelationshipKind, Route
from organisations.models import Source
from organisations.web.presenters.populations import note_on
from organisations.web.presenters.references import Citation, citation
from pcorg.core.pages.scope import Scope


@dataclass(frozen=True)
class PilotRow:
    """A pilot as a row. `left` says how many days of the term are left on the day, `last_day` which is its last."""

    code: str
    name: str
    href: str
    illustrative: bool
    start: date
    start_known: bool
    wave: str
    variant: str
    provider: list[tuple[str, str]]
    practices: list[tuple[str, str]]
    salaried_gps: Decimal | None
    nurses: Decimal | None
    contract: CellLink | None
    commissioner: tuple[str, str] | None
    annual_value: Decimal | None
    at_end: str
    places: list[tuple[str, str]]
    people: int | None
    people_note: str
    members: int
    last_day: date
    left: str
    days: int
    over: bool
    closed: date | None
    next_href: str


@dataclass(frozen=True)
class PilotOutcome:
    """What may become of pilots of a form at the end."""

    words: str
    when: str
    citation: Citation | None


@dataclass(frozen=True)
class PilotGroup:
    """The pilots of one form, with the term and what may follow it. `recorded`: particulars of some are known."""

    form: str
    label: str
    href: str
    years: int
    citation: Citation | None
    rows: list[PilotRow]
    recorded: bool
    over: int
    endings: list[PilotOutcome]


def groups(
    found: Iterable[PilotRecord],
    *,
    forms: Mapping[str, FormFacts],
    graph: TransitionGraph,
    sources: Mapping[str, Source],
    scope: Scope,
) -> list[PilotGroup]:
    """The pilots by form; a form of which none is in force is named all the same."""
    listed = list(found)
    made = []
    for slug, term in TERMS.items():
        rows = [_row(pilot, term, scope) for pilot in listed if pilot.form == slug]
        made.append(
            PilotGroup(
                form=slug,
                label=forms[slug].label,
                href=scope.link("form", slug),
                years=term.years,
                citation=_cited(term.source, sources, scope),
                rows=rows,
                recorded=any(row.contract for row in rows),
                over=sum(row.over for row in rows),
                endings=_endings(slug, forms, graph, sources, scope),
            )
        )
    return made


def _row(pilot: PilotRecord, term: PilotTerm, scope: Scope) -> PilotRow:
    particulars = pilot.particulars
    ends = particulars.term_ends if particulars else term.ends(pilot.start)
    days = days_left(ends, scope.on)
    runs = (
        [particulars.provider]
        if particulars and particulars.provider
        else pilot.relationships.get(RelationshipKind.OPERATED_BY, [])
    )
    places = pilot.relationships.get(RelationshipKind.LOCATED_IN, [])
    kind = ChangeKind.TRANSITION if days > 0 else ChangeKind.DISSOLUTION
    on = max(ends, scope.on) if kind is ChangeKind.TRANSITION else scope.on
    return PilotRow(
        code=pilot.code,
        name=pilot.name,
        href=scope.link("organisation", pilot.code),
        illustrative=pilot.illustrative,
        start=pilot.start,
        start_known=pilot.start_known,
        wave=_wave(pilot),
        variant=particulars.variant.label if particulars else "",
        provider=_linked(runs, scope),
        practices=_linked(particulars.practices, scope) if particulars else [],
        salaried_gps=particulars.salaried_gps if particulars else None,
        nurses=particulars.nurses if particulars else None,
        contract=_contract(particulars, scope) if particulars else None,
        commissioner=_linked([particulars.commissioner], scope)[0]
        if particulars and particulars.commissioner
        else None,
        annual_value=particulars.annual_value if particulars else None,
        at_end=particulars.at_end.label if particulars else "",
        places=_linked(places, scope),
        people=pilot.people,
        people_note=note_on(pilot, scope.on) if pilot.people is not None else "",
        members=pilot.members,
        last_day=ends - timedelta(days=1),
        left=_left(days),
        days=days,
        over=standing(ends, scope.on) is TermStatus.OVER,
        closed=pilot.closed,
        next_href=scope.link("propose", original=pilot.code, effective_on=on.isoformat()),
    )


def _linked(bodies: Iterable[Named], scope: Scope) -> list[tuple[str, str]]:
    return [(name, scope.link("organisation", code)) for code, name in bodies]


def _contract(particulars: Particulars, scope: Scope) -> CellLink:
    code, title = particulars.contract
    return CellLink(title, scope.link("contract", code), code)


def _wave(pilot: PilotRecord) -> str:
    if pilot.particulars:
        return f"Wave {pilot.particulars.wave}"
    first = FIRST_WAVE.get(pilot.form)
    if first is None or not pilot.start_known:
        return ""
    month = (pilot.start.year, pilot.start.month)
    return "First wave" if month == first else "Later wave" if month > first else ""


def _left(days: int) -> str:
    if days > 0:
        return "1 day left" if days == 1 else f"{days:,} days left"
    return "Ended the day before" if days == 0 else f"{-days:,} {'day' if days == -1 else 'days'} over"


def _endings(
    slug: str, forms: Mapping[str, FormFacts], graph: TransitionGraph, sources: Mapping[str, Source], scope: Scope
) -> list[PilotOutcome]:
    """The declared steps out of the form, and that a pilot may always be dissolved."""
    words = {
        Route.SUCCESSION: "Becomes a {}, a new body that succeeds it",
        Route.MERGER: "Joins others in a {}",
        Route.DESIGNATION: "Is designated a {}",
        Route.LEVEL: "Becomes a {}",
    }
    parts = []
    for rule in graph.rules.get(slug, ()):
        label = forms[rule.to_form].label
        label = label if label[:2].isupper() else label[:1].lower() + label[1:]
        parts.append(
            PilotOutcome(
                words.get(rule.route, "Becomes a {}").format(label),
                _when(rule.earliest, rule.latest),
                _cited(rule.source, sources, scope),
            )
        )
    parts.append(
        PilotOutcome(
            "Is dissolved, and its staff, patients and services go to bodies that go on",
            "At any time",
            _cited("pcorg-model", sources, scope),
        )
    )
    return parts


def _when(earliest: date | None, latest: date | None) -> str:
    if earliest and earliest == latest:
        return f"Only on {_day(earliest)}"
    if earliest and latest:
        return f"{_day(earliest)} to {_day(latest)}"
    if earliest:
        return f"From {_day(earliest)}"
    return f"Until {_day(latest)}" if latest else "At any time"


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def _cited(text: str, sources: Mapping[str, Source], scope: Scope) -> Citation | None:
    slug, _, locator = text.partition(" ")
    return citation(sources[slug], locator, about=scope.link("about-the-data")) if slug in sources else None
