"""What Hypothesis draws: periods, lineage in and out of order, worlds of bodies, and shares of what they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from string import ascii_uppercase

from hypothesis import strategies as st

from organisations.domain.changes import ShareOut
from organisations.domain.lineage import Edge
from organisations.domain.snapshot import Body, DatedRelationship, Snapshot
from organisations.domain.vocabulary import Constituency, RelationshipKind
from pcorg.core.periods import Period
from tests.factories import snapshots as make

FIRST = date(1999, 4, 1)
LAST = date(2015, 3, 31)
FEW_DAYS = [FIRST + timedelta(days=number) for number in range(8)]


@dataclass(frozen=True)
class History:
    """Lineage with the days on which bodies opened, and the bodies that are left in the end."""

    opened: dict[str, date]
    edges: list[Edge]
    alive: list[str]


days = st.dates(FIRST, LAST)
near_days = st.sampled_from(FEW_DAYS)
"""Days so close together that many coincide."""


@st.composite
def periods(draw: st.DrawFn, on: st.SearchStrategy[date] = days) -> Period:
    """Periods, open and closed."""
    start, other = draw(on), draw(on)
    if start == other or draw(st.booleans()):
        return Period(start)
    return Period(min(start, other), max(start, other))


@st.composite
def divisions(draw: st.DrawFn, parts: int) -> list[Decimal]:
    """A whole divided into so many shares of whole thousandths that add up to exactly 1; some may be 0."""
    cuts = sorted(draw(st.lists(st.integers(0, 1000), min_size=parts - 1, max_size=parts - 1)))
    edges = [0, *cuts, 1000]
    return [Decimal(high - low) / 1000 for low, high in pairwise(edges)]


@st.composite
def successions(draw: st.DrawFn, bodies: int = 7) -> list[Edge]:
    """Lineage without loops in which every body that ends hands on exactly all it had, later bodies taking over."""
    codes = ascii_uppercase[:bodies]
    edges: list[Edge] = []
    for number, code in enumerate(codes[:-1]):
        later = codes[number + 1 :]
        heirs = draw(st.lists(st.sampled_from(later), unique=True, max_size=3))
        if heirs:
            shares = draw(divisions(len(heirs)))
            on = FIRST + timedelta(days=number)
            edges += [Edge(code, heir, share, on) for heir, share in zip(heirs, shares, strict=True)]
    return edges


@st.composite
def histories(draw: st.DrawFn, *, taking_back: bool = False, most: int = 8) -> History:
    """Lineage as changes may draw it, several of them on a day: mergers into new bodies and into one that goes on,
    splits, parts given to others, and with `taking_back` people taken back from whom they had come to.

    No body that opened on a day ends on it, and none that goes on gives all it has.
    """
    opened = dict.fromkeys("ABCD", FIRST - timedelta(days=1))
    alive, edges = list(opened), []
    came: dict[str, set[str]] = {code: set() for code in opened}
    names = iter(f"N{number}" for number in range(99))
    on, sequence = FIRST, 0
    for _ in range(draw(st.integers(0, most))):
        if draw(st.booleans()):
            on, sequence = on + timedelta(days=draw(st.integers(1, 3))), 0
        sequence += 1
        older = [code for code in alive if opened[code] < on]
        kind = draw(st.sampled_from(["merge", "absorb", "split", "give", *(["take back"] if taking_back else [])]))
        shares: list[tuple[str, str, Decimal, tuple[str, ...]]] = []
        if kind in {"merge", "absorb"} and len(older) > 1:
            ending = draw(st.lists(st.sampled_from(older), min_size=1, max_size=3, unique=True))
            others = [code for code in alive if code not in ending]
            heir = draw(st.sampled_from(others)) if kind == "absorb" and others else next(names)
            shares = [(code, heir, Decimal(1), ()) for code in ending]
        elif kind == "split" and older:
            ending = [draw(st.sampled_from(older))]
            parts = draw(divisions(2))
            shares = [(ending[0], next(names), part, ()) for part in parts]
        elif kind == "give" and len(alive) > 1:
            giver, taker = draw(st.permutations(alive))[:2]
            shares = [(giver, taker, Decimal(draw(st.integers(0, 999))) / 1000, ())]
        elif kind == "take back" and any(came[code] for code in alive):
            giver = draw(st.sampled_from([code for code in alive if came[code]]))
            theirs = draw(st.lists(st.sampled_from(sorted(came[giver])), min_size=1, max_size=2, unique=True))
            part = Decimal(draw(st.integers(1, 999))) / 1000
            shares = [(giver, next(names), part, tuple(theirs))]
            if giver in older and draw(st.booleans()):
                shares.append((giver, next(names), 1 - part, ()))
        leaving = {original for original, *_ in shares}
        for original, resulting, share, of in shares:
            edges.append(Edge(original, resulting, share, on, sequence, of=of))
            opened.setdefault(resulting, on)
            came.setdefault(resulting, set())
            came[resulting] |= {original, *came[original]} - {resulting}
        given = {code: sum(share for original, _, share, _ in shares if original == code) for code in leaving}
        alive = [code for code in alive if given.get(code) != 1]
        alive += dict.fromkeys(code for _, code, *_ in shares if code not in alive)
    return History(opened, edges, alive)


@st.composite
def digraphs(draw: st.DrawFn) -> list[Edge]:
    """Any edges at all: loops, a body to itself, shares that do not add up, many on one day."""
    codes = st.sampled_from("ABCDE")
    shares = st.integers(0, 1000).map(lambda thousandths: Decimal(thousandths) / 1000)
    edge = st.builds(Edge, codes, codes, shares, near_days, st.integers(0, 1))
    return draw(st.lists(edge, max_size=9, unique_by=lambda e: (e.original, e.resulting, e.moment)))


@st.composite
def worlds(draw: st.DrawFn, least: int = 3, most: int = 6) -> Snapshot:
    """Groups and trusts of one county with practices, a health authority, a council, boards and counts.

    Some populations are unknown. A hospital is listed with its closing; groups and trusts commission it until then or
    until a day that is stated.
    """
    closes = draw(st.dates(date(2001, 4, 1), date(2006, 4, 1)))
    hospital = make.listed("HT", "community-trust", closes=closes)
    authority = make.body("HA", "health-authority")
    council = make.body("LA", "local-authority")
    bodies: list[Body] = [authority, council, hospital]
    relationships: list[DatedRelationship] = []
    codes = [f"T{number}" for number in range(draw(st.integers(least, most)))]
    for code in codes:
        form = draw(st.sampled_from(["pcg-1", "pcg-2", "pct-3", "pct-4"]))
        people = draw(st.none() | st.integers(0, 300_000))
        seats = (make.seat(Constituency.GP, 7), make.seat(Constituency.LAY, 1)) if draw(st.booleans()) else ()
        bodies.append(make.body(code, form, people=people, seats=seats))
        relationships.append(make.answers(code, "HA"))
        if draw(st.booleans()):
            until = draw(st.just(closes) | st.dates(date(2000, 6, 1), closes))
            relationships.append(make.relationship(RelationshipKind.COMMISSIONED_BY, "HT", code, make.OPENED, until))
        for number in range(draw(st.integers(0, 2))):
            practice = f"P-{code}-{number}"
            bodies.append(make.body(practice, "gp-practice"))
            relationships.append(make.member(practice, code))
    for one, other in pairwise(codes):
        if draw(st.booleans()):
            relationships.append(make.neighbours(one, other))
    return make.world(*bodies, relationships=relationships)


@st.composite
def shares_to(draw: st.DrawFn, originals: list[str], heirs: list[str], *, all_of_it: bool) -> list[ShareOut]:
    """Shares of every original to every heir. With `all_of_it` nothing stays behind."""
    edges = []
    for original in originals:
        takers = [heir for heir in heirs if heir != original]
        shares = draw(divisions(len(takers) + (0 if all_of_it else 1)))
        edges += [ShareOut(original, taker, share) for taker, share in zip(takers, shares, strict=False)]
    return edges
