"""One body or many, with everything dated about them."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal, TypeVar, cast

from organisations.domain.counts import CountPart, readable, standing_for
from organisations.domain.vocabulary import PopulationBasis, RelationshipKind
from organisations.models import (
    BoardSeat,
    Change,
    ChangeParty,
    FormPeriod,
    NamePeriod,
    Organisation,
    Population,
    Relationship,
)
from organisations.models.querysets import OrganisationQuerySet
from organisations.models.sourced import cite
from organisations.read_models.organisations import (
    ChangeBrief,
    CountedPart,
    CurrentForm,
    CurrentPopulation,
    Ending,
    FormSpell,
    Known,
    NameSpell,
    OrganisationDetail,
    RecordedPopulation,
    RelationshipSpell,
    SeatSpell,
    Spell,
    Timeline,
    TimelineEntry,
)
from organisations.selectors.periods import names_of
from pcorg.core.names import recorded_code
from pcorg.core.portfolios import of_portfolios
from pcorg.core.refusals import NotFound

UNKNOWN_POPULATION: CurrentPopulation = {
    "count": None,
    "on": None,
    "basis": None,
    "carried_back": None,
    "at_least": None,
    "standing_from": None,
    "parts": [],
}

AnySpell = TypeVar("AnySpell", bound=Spell)

COMPUTED = PopulationBasis.COMPUTED.value

BRIEF = ("id", "kind", "effective_on", "status", "recorded", "basis", "title")
"""What is said of a change where it is named in passing."""

PROVENANCE = ("basis", "source_id", "locator", "note")

ENDING = ("ended_by_id", "ended_by__basis", "ended_by__source_id", "ended_by__locator")
"""The change that ended a dated fact, and how that is known."""


class UnknownOrganisation(NotFound):
    """No organisation has the code."""

    def __init__(self, code: str, struck_out_by: int | None = None) -> None:
        words = f"No organisation has the code {code}."
        if struck_out_by is not None:
            words += f" One was recorded by mistake: correction {struck_out_by} struck it out."
        super().__init__(words, "unknown-organisation")
        self.organisation = code


class NotInForce(NotFound):
    """The organisation did not exist on the day asked about; the message names its life."""

    def __init__(self, body: Organisation, on: date) -> None:
        ended = f" and closed on {body.closed.isoformat()}" if body.closed else ""
        words = f"{body.code} is not in force on {on.isoformat()}: it opened on {body.opened.isoformat()}{ended}."
        super().__init__(words, "not-in-force")
        self.organisation, self.opened, self.closed = body.code, body.opened, body.closed


def listing(on: date | None, *, portfolio: str | None = None) -> OrganisationQuerySet:
    """The bodies of the chosen portfolios alive on a day (without one: all), with name, form, people and
    accountability of that day (else the last known)."""
    bodies = Organisation.objects.of_portfolio(portfolio)
    return bodies.as_of(on).with_population(on).answering_to(on)


def found(code: str, *, on: date | None = None) -> Organisation:
    """The organisation with its portfolio, by its code in either case. Raises Unknown; with a day NotInForce where it
    is not alive on it."""
    bodies = Organisation.objects.select_related("portfolio", "closed_by")
    body = bodies.filter(code=code).first() if "\x00" not in code else None
    if body is None:
        recorded = recorded_code(Organisation.objects.order_by(), code)
        if recorded is None:
            raise UnknownOrganisation(code, _striking_out(code))
        body = bodies.get(code=recorded)
    if on is not None and not (body.opened <= on and (body.closed is None or on < body.closed)):
        raise NotInForce(body, on)
    return body


def _striking_out(code: str) -> int | None:
    """The correction that struck out the body with a code, if one did."""
    if "\x00" in code:
        return None
    return Organisation.with_struck_out.filter(code=code).values_list("closed_by", flat=True).first()


def detail(code: str, *, on: date | None = None) -> OrganisationDetail:
    """Everything about one body (contract shape). With a day, names, forms, ties, board and populations are
    those of that day, and the changes those that had taken effect by then; its whole life is always told. Raises
    Unknown or NotInForce.
    """
    body = found(code, on=on)
    names, forms = _names(body, on), _forms(body, on)
    populations = _populations(body)
    rows = relationships(body, on)
    seats = _seats(body, on)
    answers_to = _latest(
        [
            relationship
            for relationship in rows
            if relationship["kind"] == RelationshipKind.ACCOUNTABLE_TO and relationship["direction"] == "to"
        ]
    )
    applies = applies_on(populations, on)
    return {
        "code": body.code,
        "name": names[-1]["name"] if names else body.code,
        "portfolio": body.portfolio_id,
        "illustrative": body.portfolio.illustrative,
        "opened": body.opened,
        "opened_basis": body.opened_basis,
        "closed": body.closed,
        "form": _current_form(forms),
        "population": _current_population(applies, on),
        "accountable_to": {"code": answers_to["organisation"], "name": answers_to["name"]} if answers_to else None,
        "names": names,
        "forms": forms,
        "relationships": rows,
        "populations": _of_day(populations, applies, on),
        "board": {
            seat["constituency"]: seat["seats"] for seat in seats if on is not None or seat["end"] == body.closed
        },
        "board_seats": seats,
        "changes": [row for row in _changes(body) if on is None or row["effective_on"] <= on],
        "coverage": of_portfolios(on, [body.portfolio]),
        "basis": body.basis,
        "source": body.citation,
        "note": body.note,
        "closing": _closing(body),
    }


def _current_form(forms: list[FormSpell]) -> CurrentForm | None:
    current = _latest(forms)
    if current is None:
        return None
    return {"slug": current["slug"], "label": current["label"], "level": current["level"], "basis": current["basis"]}


def _current_population(applies: RecordedPopulation | None, on: date | None) -> CurrentPopulation:
    if applies is None:
        return UNKNOWN_POPULATION
    return {
        "count": applies["count"],
        "on": applies["on"],
        "basis": applies["basis"],
        "carried_back": on is not None and applies["on"] > on,
        "at_least": applies["at_least"],
        "standing_from": applies["standing_from"],
        "parts": applies["parts"],
    }


def timeline(code: str, *, on: date | None = None) -> Timeline:
    """The dated forms, names, relationships, populations, board seats and changes of a body in order of time;
    with a day, what had begun by then. Raises Unknown, and NotInForce where the body had not opened by the
    day.
    """
    body = found(code)
    if on is not None and on < body.opened:
        raise NotInForce(body, on)
    names = _names(body, None)
    entries: list[dict[str, Any]] = [
        *({"type": "form", **row} for row in _forms(body, None)),
        *({"type": "name", **row} for row in names),
        *({"type": "relationship", **row} for row in relationships(body, None)),
        *({"type": "population", "start": row["standing_from"], "end": None, **row} for row in _populations(body)),
        *({"type": "board", **row} for row in _seats(body, None)),
        *({"type": "change", "start": row["effective_on"], "end": None, **row} for row in _changes(body)),
    ]
    entries = [entry for entry in entries if on is None or entry["start"] <= on]
    by_then = [row for row in names if on is None or row["start"] <= on]
    return {
        "code": body.code,
        "name": by_then[-1]["name"] if by_then else body.code,
        "opened": body.opened,
        "opened_basis": body.opened_basis,
        "closed": body.closed,
        "coverage": of_portfolios(on, [body.portfolio]),
        "entries": sorted(
            cast("list[TimelineEntry]", entries),
            key=lambda entry: (entry["start"], entry["end"] or date.max, entry["type"]),
        ),
    }


def relationships(body: Organisation, on: date | None) -> list[RelationshipSpell]:
    """The ties of a body seen from it: `to` another, `from` another, or `both` where the tie reads the
    same from both ends. With a day, those in force on it. Names are those of the day, else the last
    known. Two or three queries."""
    rows: list[RelationshipSpell] = []
    ends: tuple[tuple[str, str, Literal["to", "from"]], ...]
    ends = (("subject", "object", "to"), ("object", "subject", "from"))
    for mine, theirs, direction in ends:
        queryset = Relationship.objects.filter(**{mine: body})
        if on is not None:
            queryset = queryset.as_of(on)
        for row in queryset.order_by("kind", "start", theirs).values(
            f"{theirs}_id", "kind", "share", "start", "end", "begun_by_id", *PROVENANCE, *ENDING
        ):
            symmetric = RelationshipKind(row["kind"]).symmetric
            rows.append(
                {
                    "kind": row["kind"],
                    "organisation": row[f"{theirs}_id"],
                    "name": row[f"{theirs}_id"],
                    "direction": "both" if symmetric else direction,
                    "share": None if row["share"] is None else f"{row['share'].normalize():f}",
                    **_spell(row),
                }
            )
    names = names_of((row["organisation"] for row in rows), on=on) if rows else {}
    for row in rows:
        row["name"] = names.get(row["organisation"], row["organisation"])
    return sorted(rows, key=lambda row: (row["kind"], row["direction"], row["start"], row["organisation"]))


def _known(row: dict[str, Any]) -> Known:
    return {"basis": row["basis"], "source": cite(row["source_id"], row["locator"]), "note": row["note"]}


def _spell(row: dict[str, Any]) -> Spell:
    """The period of a dated fact with how it is known, the change that began it, and how its end is known."""
    ended = None if row["end"] is None else _ended(row, row["ended_by_id"], "ended_by__")
    return {"start": row["start"], "end": row["end"], **_known(row), "begun_by": row["begun_by_id"], "ended": ended}


def _ended(row: dict[str, Any], change: int | None, prefix: str) -> Ending:
    """How an end is known: as the change is that brought it; where no change did, as the fact is."""
    provenance = row if change is None else {name: row[f"{prefix}{name}"] for name in ("basis", "source_id", "locator")}
    return {
        "change": change,
        "basis": provenance["basis"],
        "source": cite(provenance["source_id"], provenance["locator"]),
    }


def _closing(body: Organisation) -> Ending | None:
    if body.closed is None:
        return None
    provenance = body if body.closed_by is None else body.closed_by
    return {"change": body.closed_by_id, "basis": provenance.basis, "source": provenance.citation}


def _latest(rows: list[AnySpell]) -> AnySpell | None:
    return max(rows, key=lambda row: row["start"], default=None)


def _names(body: Organisation, on: date | None) -> list[NameSpell]:
    periods = NamePeriod.objects.filter(organisation=body).order_by("start")
    rows = (periods if on is None else periods.as_of(on)).values(
        "name", "start", "end", "begun_by_id", *PROVENANCE, *ENDING
    )
    return [{"name": row["name"], **_spell(row)} for row in rows]


def _forms(body: Organisation, on: date | None) -> list[FormSpell]:
    periods = FormPeriod.objects.filter(organisation=body).order_by("start")
    rows = (periods if on is None else periods.as_of(on)).values(
        "form_id", "form__label", "form__level", "start", "end", "begun_by_id", *PROVENANCE, *ENDING
    )
    return [
        {
            "slug": row["form_id"],
            "label": row["form__label"],
            "level": row["form__level"],
            **_spell(row),
        }
        for row in rows
    ]


def _populations(body: Organisation) -> list[RecordedPopulation]:
    """Every count in the order of the days from which they stand. `on` is the day of the count, or of the oldest one
    that it was computed from; `basis` says how the people were counted, `known` how the figure is known."""
    rows = Population.objects.filter(organisation=body).order_by("on")
    return [
        {
            "count": row["count"],
            "on": row["oldest_on"] or row["on"],
            "basis": row["counted"],
            "at_least": row["at_least"],
            "standing_from": row["on"],
            "parts": _parts(row["parts"]),
            "known": row["basis"],
            "source": cite(row["source_id"], row["locator"]),
            "note": row["note"],
        }
        for row in rows.values("count", "on", "oldest_on", "counted", "at_least", "parts", *PROVENANCE)
    ]


def _parts(stored: Any) -> list[CountedPart]:
    """The counts that a population was computed from, as far as they can be read."""
    parts = (CountPart.restored(part) for part in readable(stored))
    return [
        {
            "code": part.code,
            "share": f"{part.share:f}",
            "count": part.count,
            "on": part.on,
            "basis": part.basis,
            "at_least": part.at_least,
        }
        for part in parts
    ]


def applies_on(populations: list[RecordedPopulation], on: date | None) -> RecordedPopulation | None:
    """Of the populations of a body the one that stands for a day; without a day the latest."""
    if on is None:
        return populations[-1] if populations else None
    return standing_for(
        populations, on, on=lambda row: row["standing_from"], computed=lambda row: row["basis"] == COMPUTED
    )


def _of_day(
    populations: list[RecordedPopulation], applies: RecordedPopulation | None, on: date | None
) -> list[RecordedPopulation]:
    return [row for row in populations if on is None or row["standing_from"] <= on or row is applies]


def _seats(body: Organisation, on: date | None) -> list[SeatSpell]:
    seats = BoardSeat.objects.filter(organisation=body).order_by("start", "constituency")
    rows = (seats if on is None else seats.as_of(on)).values(
        "constituency", "seats", "start", "end", "begun_by_id", *PROVENANCE, *ENDING
    )
    return [
        {
            "constituency": row["constituency"],
            "seats": row["seats"],
            **_spell(row),
        }
        for row in rows
    ]


def _changes(body: Organisation) -> list[ChangeBrief]:
    """The changes it took part in, as an original, as a resulting body or as both; without those that a correction has
    undone."""
    found: dict[int, ChangeBrief] = {}
    public = Change.objects.public().values("pk")  # a draft stands in no page that everybody shares
    rows = ChangeParty.objects.filter(organisation=body, change__undone_by=None, change__in=public).order_by(
        "change__effective_on", "change__sequence", "change_id", "role"
    )
    for row in rows.values("role", "change_id", *(f"change__{name}" for name in BRIEF)):
        brief = cast("ChangeBrief", {name: row[f"change__{name}"] for name in BRIEF} | {"roles": []})
        found.setdefault(row["change_id"], brief)["roles"].append(row["role"])
    return list(found.values())
