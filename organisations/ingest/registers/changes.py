"""Changes that registers speak of: successions of a day put together, closings since the last edition, new forms.

| predecessors → successors of a day | change |
|---|---|
| 1 → 1 that opens that day | transition by succession |
| 1 → 1 that was there, n → 1 | merger |
| 1 → n that all open that day | split |
| any other | reconfiguration |

A body with several successors needs shares; they come from the overrides or a table of shares and are never invented.
Where one of its successors cannot be recorded, none is: the shares would be wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from organisations.domain.vocabulary import ChangeKind, Route, ShareBasis
from organisations.ingest.registers.bodies import Bodies, Life
from organisations.ingest.registers.held import Held
from organisations.ingest.registers.oddities import Oddities, OddKind
from organisations.ingest.registers.overrides import Settled
from organisations.ingest.registers.records import Origin, RegisteredBody
from organisations.ingest.registers.successions import Succession

DAY = timedelta(days=1)
WHOLE = Decimal("0.95")
"""The shares of a table that belong to the successors of a body must make up this much of it to be scaled to one."""

SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class Planned:
    """A change to be stated: its fields, where it comes from, the new bodies it makes and the bodies it ends."""

    data: dict[str, Any]
    origin: Origin
    born: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    carries: bool = False

    @property
    def touches(self) -> set[str]:
        """Every body that takes part."""
        return {*self.data["originals"], *self.born}


@dataclass
class Changes:
    """Changes in order, and the successions that are recorded already."""

    planned: list[Planned] = field(default_factory=list)
    unchanged: int = 0

    @property
    def born(self) -> set[str]:
        """Bodies that a change makes."""
        return {code for change in self.planned for code in change.born}

    @property
    def touched(self) -> set[str]:
        """Bodies that take part in any change."""
        return {code for change in self.planned for code in change.touches}

    @property
    def ended(self) -> dict[str, Planned]:
        """Bodies that a change ends, with the change."""
        return {code: change for change in self.planned for code in change.ends}

    def carried(self, lives: dict[str, Life]) -> set[str]:
        """Bodies whose members are carried over when they end, and go on being members of somebody."""
        ended = self.ended

        def goes_on(code: str) -> bool:
            while code in ended:
                change = ended[code]
                if not change.carries:
                    return False
                code = change.data["resulting"][0]["code"]
            return lives[code].closed is None

        return {code for code in ended if goes_on(code)}


def of_successions(
    successions: list[Succession], bodies: Bodies, held: Held, settled: Settled, oddities: Oddities, *, portfolio: str
) -> Changes:
    """The changes that the successions amount to. What cannot be recorded is noted. The lives of the bodies that end
    are set to end that day."""
    changes = Changes(unchanged=sum(each.pair in held.lineage for each in successions))
    fresh = [each for each in successions if each.pair not in held.lineage]
    sound, broken = _sound(fresh, bodies.lives, held, oddities, portfolio)
    ended: dict[str, date] = {}
    for on, these in groupby(sound, key=lambda each: each.on):
        kept = []
        for each in these:
            if (each.old, on) in broken or (each.old, on - DAY) in broken:
                _odd(oddities, OddKind.PARTIAL, each)
            elif ended.setdefault(each.old, on) != on:
                _odd(oddities, OddKind.ENDS_TWICE, each, f"ends on {ended[each.old]}")
            else:
                kept.append(each)
        for group in _together(kept):
            planned = _planned(on, group, bodies, held, settled, oddities)
            if planned is not None:
                changes.planned.append(planned)
                for code in planned.ends:
                    bodies.lives[code] = replace(bodies.lives[code], closed=on)
    return changes


def _sound(
    successions: list[Succession], lives: dict[str, Life], held: Held, oddities: Oddities, portfolio: str
) -> tuple[list[Succession], set[tuple[str, date]]]:
    """Successions of bodies that were there that day, in order of their days, and, by body and day, those of which
    one cannot be recorded."""
    sound: list[Succession] = []
    broken: set[tuple[str, date]] = set()
    for each in successions:
        told = _day_of(each, lives, held, portfolio)
        if isinstance(told, date):
            sound.append(replace(each, on=told))
            if told != each.on:
                _odd(oddities, OddKind.DAY_APART, each, f"taken as {told}")
        else:
            _odd(oddities, told[0], each, told[1])
            broken.add((each.old, each.on))
    return sorted(sound, key=lambda each: (each.on, *each.pair)), broken


def _day_of(each: Succession, lives: dict[str, Life], held: Held, portfolio: str) -> date | tuple[OddKind, str]:
    """The day a succession took effect, or what stands against it."""
    old, new = lives.get(each.old), lives.get(each.new)
    if old is None or new is None:
        unknown = [code for code, life in ((each.old, old), (each.new, new)) if life is None]
        return OddKind.UNKNOWN_PARTY, f"{' and '.join(unknown)} not known"
    elsewhere = [life.code for life in (old, new) if life.portfolio != portfolio]
    if elsewhere:
        return OddKind.OTHER_PORTFOLIO, f"{' and '.join(elsewhere)} held elsewhere"
    if each.old in held.bodies and held.bodies[each.old].closed is not None:
        return OddKind.LATE_SUCCESSION, f"{old.code} closed on {old.closed}"
    on = each.on
    if not each.settled and old.closed != on:
        if old.closed != on + DAY:
            return OddKind.PREDECESSOR_GOES_ON, f"{old.code} {f'closes on {old.closed}' if old.closed else 'is open'}"
        on = old.closed
    if old.opened >= on:
        return OddKind.PREDECESSOR_GOES_ON, f"{old.code} opened on {old.opened}"
    if new.opened > on or (new.closed is not None and new.closed <= on):
        return OddKind.SUCCESSOR_NOT_THERE, f"{new.code} lived from {new.opened} to {new.closed or 'now'}"
    return on


def _together(these: list[Succession]) -> list[list[Succession]]:
    """Successions of one day that share a body, directly or through others, in the order of their codes."""
    group_of: dict[str, list[Succession]] = {}
    for each in these:
        joined: list[Succession] = [each]
        for group in {id(found): found for code in each.pair if (found := group_of.get(code))}.values():
            joined += group
        for member in joined:
            group_of[member.old] = group_of[member.new] = joined
    groups = {id(group): sorted(group, key=lambda each: each.pair) for group in group_of.values()}
    return sorted(groups.values(), key=lambda group: group[0].pair)


def _planned(
    on: date, group: list[Succession], bodies: Bodies, held: Held, settled: Settled, oddities: Oddities
) -> Planned | None:
    """The change a group of successions amounts to, or None where something is missing."""
    olds = list(dict.fromkeys(each.old for each in group))
    news = list(dict.fromkeys(each.new for each in group))
    born = [code for code in news if bodies.lives[code].new and bodies.lives[code].opened == on and code not in olds]
    going_on = [code for code in news if code not in born]
    kind = _kind(olds, news, going_on)
    carries = len(news) == 1
    if not carries:
        crowded = [code for code in olds if held.members.get(code)]
        edges = _edges(group, settled, oddities)
        for code in crowded:
            oddities.note(OddKind.CLOSED_WITH_MEMBERS, code, f"{held.members[code]} members on {on}")
        if edges is None or crowded:
            return None
    names = [bodies.lives[code].name for code in olds]
    titles = {
        ChangeKind.TRANSITION: f"{names[0]} succeeded by {bodies.lives[news[0]].name}",
        ChangeKind.MERGER: f"{_listed(names)} merged into {bodies.lives[news[0]].name}",
        ChangeKind.SPLIT: f"{names[0]} divided among {len(news)} bodies",
        ChangeKind.RECONFIGURATION: f"{_listed(names)} reconfigured into {_counted(len(news))}",
    }
    first = group[0]
    data: dict[str, Any] = {
        "reference": f"succession-{on}-{olds[0].lower()}-{news[0].lower()}",
        "kind": kind.value,
        "effective_on": on,
        "title": _short(titles[kind]),
        "basis": first.basis,
        "source": first.source,
        "note": "; ".join(dict.fromkeys(each.note for each in group if each.note)),
        "originals": [*olds, *(code for code in going_on if code not in olds)],
        "resulting": [{"code": code} for code in (*going_on, *born)],
    }
    if kind is ChangeKind.TRANSITION:
        data["route"] = Route.SUCCESSION.value
    if not carries:
        data["edges"] = edges
    return Planned(data, first.origin, tuple(born), tuple(olds), carries)


def _kind(olds: list[str], news: list[str], going_on: list[str]) -> ChangeKind:
    if len(news) == 1:
        return ChangeKind.TRANSITION if len(olds) == 1 and not going_on else ChangeKind.MERGER
    return ChangeKind.SPLIT if len(olds) == 1 and not going_on else ChangeKind.RECONFIGURATION


def _edges(group: list[Succession], settled: Settled, oddities: Oddities) -> list[dict[str, Any]] | None:
    """The shares of each body that ends, which add up to one; None where they are not known."""
    edges: list[dict[str, Any]] = []
    complete = True
    for old, found in groupby(group, key=lambda each: each.old):
        these = list(found)
        shares = _shares(old, these, settled)
        if shares is None:
            complete = False
            for each in these:
                _odd(oddities, OddKind.NO_SHARES, each)
        else:
            edges += shares
    return edges if complete else None


def _shares(old: str, these: list[Succession], settled: Settled) -> list[dict[str, Any]] | None:
    if len(these) == 1:
        return [_edge(old, these[0].new, Decimal(1), ShareBasis.POPULATION)]
    given = [each.share for each in these if each.share is not None]
    if len(given) == len(these) and sum(given) == 1:
        return [_edge(old, each.new, each.share or Decimal(0), each.share_basis, each.note) for each in these]
    table = [settled.shares.get(each.pair, Decimal(0)) for each in these]
    if sum(table) >= WHOLE:
        scaled = adding_up_to_one([share / sum(table) for share in table])
        note = "" if sum(table) == 1 else f"scaled from {sum(table):.6f} of the postcodes"
        return [_edge(old, e.new, s, ShareBasis.POSTCODES, note) for e, s in zip(these, scaled, strict=True)]
    equal = settled.halves(old)
    if equal is not None:
        parts = adding_up_to_one([Decimal(1) / len(these)] * len(these))
        note = f"Equal shares: {equal.reason}"
        return [_edge(old, e.new, s, ShareBasis.ESTIMATE, note) for e, s in zip(these, parts, strict=True)]
    return None


def adding_up_to_one(shares: list[Decimal]) -> list[Decimal]:
    """Shares to six places; the largest takes what rounding leaves."""
    rounded = [share.quantize(SIX_PLACES) for share in shares]
    largest = rounded.index(max(rounded))
    rounded[largest] += 1 - sum(rounded)
    return rounded


def _edge(old: str, new: str, share: Decimal, basis: ShareBasis, note: str = "") -> dict[str, Any]:
    return {"original": old, "resulting": new, "share": share, "basis": basis.value, "note": note}


def closings(bodies: Bodies, changes: Changes, held: Held, oddities: Oddities) -> list[Planned]:
    """Dissolutions: of held bodies that have closed since, and of new bodies whose end no succession explains although
    a change began them or passed through them. Both leave nothing open."""
    found = []
    ended, touched = changes.ended, changes.touched
    for code, body in bodies.closed_since.items():
        if code in ended or body.closed is None:
            continue
        if held.members.get(code):
            words = f"closed on {body.closed}, {held.members[code]} members"
            oddities.note(OddKind.CLOSED_WITH_MEMBERS, code, words, file=body.origin.file, line=body.origin.line)
            continue
        oddities.note(
            OddKind.CLOSED_SINCE, code, f"{body.name}, {body.closed}", file=body.origin.file, line=body.origin.line
        )
        found.append(_dissolution(body, body.closed))
    for code, body in bodies.new.items():
        if code in touched and code not in ended and body.closed is not None:
            found.append(_dissolution(body, body.closed))
    return found


def _dissolution(body: RegisteredBody, on: date) -> Planned:
    return Planned(
        {
            "reference": f"closing-{on}-{body.code.lower()}",
            "kind": ChangeKind.DISSOLUTION.value,
            "effective_on": on,
            "title": _short(f"{body.name} closed"),
            "basis": "register",
            "source": body.source,
            "originals": [body.code],
        },
        body.origin,
        ends=(body.code,),
    )


def new_forms(bodies: Bodies) -> list[Planned]:
    """Designations: bodies that have taken another form while keeping their code, by law or by an override."""
    return [
        _designation(body, body.became_on)
        for body in (*bodies.new.values(), *bodies.became_since.values())
        if body.became_on is not None
        and bodies.lives[body.code].opened < body.became_on
        and (bodies.lives[body.code].closed or date.max) > body.became_on
    ]


def _designation(body: RegisteredBody, on: date) -> Planned:
    return Planned(
        {
            "reference": f"form-{on}-{body.code.lower()}",
            "kind": ChangeKind.TRANSITION.value,
            "route": Route.DESIGNATION.value,
            "effective_on": on,
            "title": _short(f"{body.name} takes another form"),
            "basis": "inferred",
            "source": body.source,
            "note": body.note,
            "originals": [body.code],
            "to_form": body.became,
        },
        body.origin,
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _counted(number: int) -> str:
    return "one body" if number == 1 else f"{number} bodies"


def _short(title: str) -> str:
    return title if len(title) <= 200 else f"{title[:199]}…"


def _odd(oddities: Oddities, kind: OddKind, each: Succession, more: str = "") -> None:
    words = f"{each.old} → {each.new}, {each.on}" + (f", {more}" if more else "")
    oddities.note(kind, each.old, words, file=each.origin.file, line=each.origin.line)
