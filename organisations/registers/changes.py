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

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from organisations.domain.vocabulary import ChangeKind, Route, ShareBasis
from organisations.registers.bodies import RegisteredBodies, RegisteredLife
from organisations.registers.held import HeldMembership, RegisterState
from organisations.registers.oddities import Oddities, OddKind
from organisations.registers.overrides import Settled
from organisations.registers.records import Origin, RegisteredBody
from organisations.registers.successions import FoundSuccession

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
    def on(self) -> date:
        """The day it takes effect."""
        day: date = self.data["effective_on"]
        return day

    @property
    def successor(self) -> str:
        """The body that its members are carried over to."""
        code: str = self.data["resulting"][0]["code"]
        return code

    @property
    def touches(self) -> set[str]:
        """Every body that takes part."""
        return {*self.data["originals"], *self.born}


@dataclass
class RegisteredChanges:
    """Changes in order, and the successions that are recorded already. `crowded` are bodies whose end is not recorded,
    for it would leave members behind."""

    planned: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    crowded: set[str] = field(default_factory=set)

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

    def carried(self, lives: dict[str, RegisteredLife]) -> set[str]:
        """Bodies whose members are carried over when they end, and go on being members of somebody."""
        ended = self.ended

        def goes_on(code: str) -> bool:
            while code in ended:
                if not ended[code].carries:
                    return False
                code = ended[code].successor
            return lives[code].closed is None

        return {code for code in ended if goes_on(code)}

    def memberships_after(
        self, held: RegisterState, lives: Mapping[str, RegisteredLife]
    ) -> dict[str, list[HeldMembership]]:
        """The memberships that are held, by member, as they are once these changes are recorded: carried over, or ended
        with one of the two bodies."""
        ended = self.ended

        def followed(each: HeldMembership, closed: date | None) -> Iterator[HeldMembership]:
            change = ended.get(each.parent) if each.end is None else None
            if change is None or (closed is not None and closed <= change.on):
                yield replace(each, end=each.end or closed)
                return
            yield replace(each, end=change.on)
            if change.carries:
                yield from followed(HeldMembership(change.successor, change.on, None), closed)

        return {
            member: [after for each in known for after in followed(each, lives[member].closed)]
            for member, known in held.memberships.items()
        }


def of_successions(
    successions: list[FoundSuccession],
    bodies: RegisteredBodies,
    held: RegisterState,
    settled: Settled,
    oddities: Oddities,
    *,
    portfolio: str,
) -> RegisteredChanges:
    """The changes that the successions amount to. What cannot be recorded is noted. The lives of the bodies that end
    are set to end that day."""
    changes = RegisteredChanges(unchanged=sum(each.pair in held.lineage for each in successions))
    fresh = [each for each in successions if each.pair not in held.lineage]
    sound, broken = _sound(fresh, bodies, held, oddities, portfolio)
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
            planned = _planned(on, group, bodies, held, settled, oddities, changes)
            if planned is not None:
                changes.planned.append(planned)
                for code in planned.ends:
                    bodies.lives[code] = replace(bodies.lives[code], closed=on)
    return changes


def _sound(
    successions: list[FoundSuccession],
    bodies: RegisteredBodies,
    held: RegisterState,
    oddities: Oddities,
    portfolio: str,
) -> tuple[list[FoundSuccession], set[tuple[str, date]]]:
    """Successions of bodies that were there that day, in order of their days, and, by body and day, those of which
    one cannot be recorded."""
    sound: list[FoundSuccession] = []
    broken: set[tuple[str, date]] = set()
    for each in successions:
        told = _day_of(each, bodies.lives, held, portfolio)
        if isinstance(told, date):
            sound.append(_moved(each, bodies, oddities) if each.settled else replace(each, on=told))
            if told != each.on:
                _odd(oddities, OddKind.DAY_APART, each, f"taken as {told}")
        else:
            _odd(oddities, told[0], each, told[1])
            broken.add((each.old, each.on))
    return sorted(sound, key=lambda each: (each.on, *each.pair)), broken


def _day_of(
    each: FoundSuccession, lives: dict[str, RegisteredLife], held: RegisterState, portfolio: str
) -> date | tuple[OddKind, str]:
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
    if each.settled:
        return _settled_day(each, old, new)
    on = each.on
    if old.closed is not None and max(on, new.opened) - old.closed > DAY and new.opened > old.closed:
        return OddKind.GAP, f"{old.code} closes on {old.closed}, {new.code} opens on {new.opened}"
    if old.closed != on:
        if old.closed != on + DAY:
            return OddKind.PREDECESSOR_GOES_ON, f"{old.code} {f'closes on {old.closed}' if old.closed else 'is open'}"
        on = old.closed
    if old.opened >= on:
        return OddKind.PREDECESSOR_GOES_ON, f"{old.code} opened on {old.opened}"
    if new.opened > on or (new.closed is not None and new.closed <= on):
        return OddKind.SUCCESSOR_NOT_THERE, f"{new.code} lived from {new.opened} to {new.closed or 'now'}"
    return on


def _settled_day(each: FoundSuccession, old: RegisteredLife, new: RegisteredLife) -> date | tuple[OddKind, str]:
    """The day that somebody has settled, or what stands against it: only dates of the files are moved, none of what is
    held."""
    if old.opened >= each.on:
        return OddKind.PREDECESSOR_GOES_ON, f"{old.code} opened on {old.opened}"
    if (new.opened > each.on and not new.new) or (new.closed is not None and new.closed <= each.on):
        return OddKind.SUCCESSOR_NOT_THERE, f"{new.code} lived from {new.opened} to {new.closed or 'now'}"
    return each.on


def _moved(each: FoundSuccession, bodies: RegisteredBodies, oddities: Oddities) -> FoundSuccession:
    """A settled succession whose note says which dates of the registers it moves; the lives are set to them."""
    old, new = bodies.lives[each.old], bodies.lives[each.new]
    moved = []
    if old.closed != each.on:
        was = f"closes {old.code} on {old.closed}" if old.closed else f"does not close {old.code}"
        moved.append(f"the register {was}; taken to close on {each.on}")
    if new.opened > each.on:
        moved.append(f"the register opens {new.code} on {new.opened}; taken to open on {each.on}")
        bodies.lives[new.code] = replace(new, opened=each.on)
    for words in moved:
        _odd(oddities, OddKind.DATE_MOVED, each, words)
    return replace(each, note="; ".join((each.note, *moved)))


def _together(these: list[FoundSuccession]) -> list[list[FoundSuccession]]:
    """Successions of one day that share a body, directly or through others, in the order of their codes."""
    group_of: dict[str, list[FoundSuccession]] = {}
    for each in these:
        joined: list[FoundSuccession] = [each]
        for group in {id(found): found for code in each.pair if (found := group_of.get(code))}.values():
            joined += group
        for member in joined:
            group_of[member.old] = group_of[member.new] = joined
    groups = {id(group): sorted(group, key=lambda each: each.pair) for group in group_of.values()}
    return sorted(groups.values(), key=lambda group: group[0].pair)


def _planned(
    on: date,
    group: list[FoundSuccession],
    bodies: RegisteredBodies,
    held: RegisterState,
    settled: Settled,
    oddities: Oddities,
    changes: RegisteredChanges,
) -> Planned | None:
    """The change a group of successions amounts to, or None where something is missing."""
    olds = list(dict.fromkeys(each.old for each in group))
    news = list(dict.fromkeys(each.new for each in group))
    born = [code for code in news if bodies.lives[code].new and bodies.lives[code].opened == on and code not in olds]
    going_on = [code for code in news if code not in born]
    kind = _kind(olds, news, going_on)
    carries = len(news) == 1
    if not carries:
        edges = _edges(group, settled, oddities)
        crowded = [code for code in olds if _is_crowded(code, on, bodies, held, changes, oddities)]
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


def _edges(group: list[FoundSuccession], settled: Settled, oddities: Oddities) -> list[dict[str, Any]] | None:
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


def _shares(old: str, these: list[FoundSuccession], settled: Settled) -> list[dict[str, Any]] | None:
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


def closings(
    bodies: RegisteredBodies, changes: RegisteredChanges, held: RegisterState, oddities: Oddities
) -> list[Planned]:
    """Dissolutions: of held bodies that have closed since, members before the bodies they belong to, and of new bodies
    whose end no succession explains although a change began them or passed through them. Both leave nothing open. A
    held body whose end cannot be recorded lives on."""
    found = []
    ended, touched = changes.ended, changes.touched
    for code, body in sorted(bodies.closed_since.items(), key=lambda item: item[0] in held.members):
        if code in ended or body.closed is None:
            continue
        if code in changes.crowded or _is_crowded(code, body.closed, bodies, held, changes, oddities):
            bodies.lives[code] = replace(bodies.lives[code], closed=None)
            continue
        oddities.note(
            OddKind.CLOSED_SINCE, code, f"{body.name}, {body.closed}", file=body.origin.file, line=body.origin.line
        )
        found.append(_dissolution(body, body.closed))
    for code, body in bodies.new.items():
        if code in touched and code not in ended and body.closed is not None:
            found.append(_dissolution(body, body.closed))
    return found


def _is_crowded(
    code: str, on: date, bodies: RegisteredBodies, held: RegisterState, changes: RegisteredChanges, oddities: Oddities
) -> bool:
    """Whether a body that ends with nobody to take its members over would leave some behind; if so it is noted."""
    members = _members_left(code, on, bodies, held, changes)
    if members:
        changes.crowded.add(code)
        origin = bodies.closed_since[code].origin if code in bodies.closed_since else Origin("")
        words = f"closed on {on}, {len(members)} members"
        oddities.note(OddKind.CLOSED_WITH_MEMBERS, code, words, file=origin.file, line=origin.line)
    return bool(members)


def _members_left(
    code: str, on: date, bodies: RegisteredBodies, held: RegisterState, changes: RegisteredChanges
) -> set[str]:
    """The members a body still has on a day, with those that these changes carry over to it, without those closed."""
    closed_since = bodies.closed_since
    found = set(held.members.get(code, ()))
    for change in changes.planned:
        if change.carries and change.successor == code and change.on < on:
            for old in change.ends:
                found |= _members_left(old, change.on, bodies, held, changes)
    return {each for each in found if each not in closed_since or (closed_since[each].closed or date.max) > on}


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


def new_forms(bodies: RegisteredBodies) -> list[Planned]:
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


def _odd(oddities: Oddities, kind: OddKind, each: FoundSuccession, more: str = "") -> None:
    words = f"{each.old} → {each.new}, {each.on}" + (f", {more}" if more else "")
    oddities.note(kind, each.old, words, file=each.origin.file, line=each.origin.line)
