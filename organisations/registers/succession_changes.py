"""Changes that successions amount to: those of a day and of the same bodies put together.

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

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

from organisations.domain.vocabulary import ChangeKind, Route, ShareBasis
from organisations.registers.bodies import RegisteredLife
from organisations.registers.changes import Planned, RegisteredChanges, stated_change
from organisations.registers.oddities import OddKind
from organisations.registers.overrides import Settled
from organisations.registers.successions import FoundSuccession

DAY = timedelta(days=1)
WHOLE = Decimal("0.95")
"""The shares of a table that belong to the successors of a body must make up this much of it to be scaled to one."""

SIX_PLACES = Decimal("0.000001")


@dataclass(frozen=True)
class SuccessionPlanner:
    """Adds to some changes those that successions amount to. What cannot be recorded is noted. The lives of the bodies
    that end are set to end that day."""

    changes: RegisteredChanges
    settled: Settled
    portfolio: str

    def plan(self, successions: Iterable[FoundSuccession]) -> None:
        """Add the changes that the successions amount to, save those recorded already."""
        fresh = [each for each in successions if each.pair not in self.changes.held.lineage]
        sound, broken = self._sound(fresh)
        ended: dict[str, date] = {}
        for on, these in groupby(sound, key=lambda each: each.on):
            kept = []
            for each in these:
                if (each.old, on) in broken or (each.old, on - DAY) in broken:
                    self._odd(OddKind.PARTIAL, each)
                elif ended.setdefault(each.old, on) != on:
                    self._odd(OddKind.ENDS_TWICE, each, f"ends on {ended[each.old]}")
                else:
                    kept.append(each)
            for group in _together(kept):
                planned = self._planned(on, group)
                if planned is not None:
                    self.changes.planned.append(planned)
                    for code in planned.ends:
                        self._lives[code] = replace(self._lives[code], closed=on)

    @property
    def _lives(self) -> dict[str, RegisteredLife]:
        return self.changes.bodies.lives

    def _odd(self, kind: OddKind, each: FoundSuccession, more: str = "") -> None:
        words = f"{each.old} → {each.new}, {each.on}" + (f", {more}" if more else "")
        self.changes.oddities.note(kind, each.old, words, each.origin)

    def _sound(self, successions: Iterable[FoundSuccession]) -> tuple[list[FoundSuccession], set[tuple[str, date]]]:
        """Successions of bodies that were there that day, in order of their days, and, by body and day, those of which
        one cannot be recorded."""
        sound: list[FoundSuccession] = []
        broken: set[tuple[str, date]] = set()
        for each in successions:
            told = self._day_of(each)
            if isinstance(told, date):
                sound.append(self._moved(each) if each.settled else replace(each, on=told))
                if told != each.on:
                    self._odd(OddKind.DAY_APART, each, f"taken as {told}")
            else:
                self._odd(told[0], each, told[1])
                broken.add((each.old, each.on))
        return sorted(sound, key=lambda each: (each.on, *each.pair)), broken

    def _day_of(self, each: FoundSuccession) -> date | tuple[OddKind, str]:
        """The day a succession took effect, or what stands against it."""
        held = self.changes.held.bodies
        old, new = self._lives.get(each.old), self._lives.get(each.new)
        if old is None or new is None:
            unknown = [code for code, life in ((each.old, old), (each.new, new)) if life is None]
            return OddKind.UNKNOWN_PARTY, f"{' and '.join(unknown)} not known"
        elsewhere = [life.code for life in (old, new) if life.portfolio != self.portfolio]
        if elsewhere:
            return OddKind.OTHER_PORTFOLIO, f"{' and '.join(elsewhere)} held elsewhere"
        if each.old in held and held[each.old].closed is not None:
            return OddKind.LATE_SUCCESSION, f"{old.code} closed on {old.closed}"
        if each.settled:
            return _settled_day(each, old, new)
        on = each.on
        if old.closed is not None and max(on, new.opened) - old.closed > DAY and new.opened > old.closed:
            return OddKind.GAP, f"{old.code} closes on {old.closed}, {new.code} opens on {new.opened}"
        if old.closed != on:
            if old.closed != on + DAY:
                life = f"closes on {old.closed}" if old.closed else "is open"
                return OddKind.PREDECESSOR_GOES_ON, f"{old.code} {life}"
            on = old.closed
        if old.opened >= on:
            return OddKind.PREDECESSOR_GOES_ON, f"{old.code} opened on {old.opened}"
        if new.opened > on or (new.closed is not None and new.closed <= on):
            return OddKind.SUCCESSOR_NOT_THERE, f"{new.code} lived from {new.opened} to {new.closed or 'now'}"
        return on

    def _moved(self, each: FoundSuccession) -> FoundSuccession:
        """A settled succession whose note says which dates of the registers it moves; the lives are set to them."""
        old, new = self._lives[each.old], self._lives[each.new]
        moved = []
        if old.closed != each.on:
            was = f"closes {old.code} on {old.closed}" if old.closed else f"does not close {old.code}"
            moved.append(f"the register {was}; taken to close on {each.on}")
        if new.opened > each.on:
            moved.append(f"the register opens {new.code} on {new.opened}; taken to open on {each.on}")
            self._lives[new.code] = replace(new, opened=each.on)
        for words in moved:
            self._odd(OddKind.DATE_MOVED, each, words)
        return replace(each, note="; ".join((each.note, *moved)))

    def _planned(self, on: date, group: list[FoundSuccession]) -> Planned | None:
        """The change a group of successions amounts to, or None where something is missing."""
        lives = self._lives
        olds = list(dict.fromkeys(each.old for each in group))
        news = list(dict.fromkeys(each.new for each in group))
        born = [code for code in news if lives[code].new and lives[code].opened == on and code not in olds]
        going_on = [code for code in news if code not in born]
        kind = _kind(olds, news, going_on)
        carries = len(news) == 1
        more: dict[str, Any] = {"route": Route.SUCCESSION.value} if kind is ChangeKind.TRANSITION else {}
        if not carries:
            edges = self._edges(group)
            crowded = [code for code in olds if self.changes.is_crowded(code, on)]
            if edges is None or crowded:
                return None
            more["edges"] = edges
        names = [lives[code].name for code in olds]
        titles = {
            ChangeKind.TRANSITION: f"{names[0]} succeeded by {lives[news[0]].name}",
            ChangeKind.MERGER: f"{_listed(names)} merged into {lives[news[0]].name}",
            ChangeKind.SPLIT: f"{names[0]} divided among {len(news)} bodies",
            ChangeKind.RECONFIGURATION: f"{_listed(names)} reconfigured into {_counted(len(news))}",
        }
        first = group[0]
        stated = stated_change(
            kind,
            on,
            f"succession-{on}-{olds[0].lower()}-{news[0].lower()}",
            titles[kind],
            basis=first.basis,
            source=first.source,
            note="; ".join(dict.fromkeys(each.note for each in group if each.note)),
            originals=[*olds, *(code for code in going_on if code not in olds)],
            resulting=[{"code": code} for code in (*going_on, *born)],
            **more,
        )
        return Planned(stated, first.origin, tuple(born), tuple(olds), carries)

    def _edges(self, group: list[FoundSuccession]) -> list[dict[str, Any]] | None:
        """The shares of each body that ends, which add up to one; None where they are not known."""
        edges: list[dict[str, Any]] = []
        complete = True
        for old, found in groupby(group, key=lambda each: each.old):
            these = list(found)
            shares = _shares(old, these, self.settled)
            if shares is None:
                complete = False
                for each in these:
                    self._odd(OddKind.NO_SHARES, each)
            else:
                edges += shares
        return edges if complete else None


def _settled_day(each: FoundSuccession, old: RegisteredLife, new: RegisteredLife) -> date | tuple[OddKind, str]:
    """The day that somebody has settled, or what stands against it: only dates of the files are moved, none of what is
    held."""
    if old.opened >= each.on:
        return OddKind.PREDECESSOR_GOES_ON, f"{old.code} opened on {old.opened}"
    if (new.opened > each.on and not new.new) or (new.closed is not None and new.closed <= each.on):
        return OddKind.SUCCESSOR_NOT_THERE, f"{new.code} lived from {new.opened} to {new.closed or 'now'}"
    return each.on


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


def _kind(olds: list[str], news: list[str], going_on: list[str]) -> ChangeKind:
    if len(news) == 1:
        return ChangeKind.TRANSITION if len(olds) == 1 and not going_on else ChangeKind.MERGER
    return ChangeKind.SPLIT if len(olds) == 1 and not going_on else ChangeKind.RECONFIGURATION


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


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _counted(number: int) -> str:
    return "one body" if number == 1 else f"{number} bodies"
