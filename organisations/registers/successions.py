"""Successions put in order: stated once each, with one date, in one direction, and none in a circle."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from organisations.domain.vocabulary import Basis, ShareBasis
from organisations.registers.oddities import NOWHERE, Oddities, OddKind, Origin
from organisations.registers.overrides import Settled
from organisations.registers.reading import RecordReader, RegisterText, right_width
from organisations.registers.records import Facts, RegisteredSuccession, cited

Pair = tuple[str, str]

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FoundSuccession:
    """One body followed by another on a day, the first day of the follower. `settled` where an override says so; a
    share is given only by an override."""

    old: str
    new: str
    on: date
    origin: Origin
    source: str
    settled: bool = False
    share: Decimal | None = None
    share_basis: ShareBasis = ShareBasis.ESTIMATE
    note: str = ""

    @property
    def pair(self) -> Pair:
        """The two bodies."""
        return self.old, self.new

    @property
    def basis(self) -> Basis:
        """How the succession is known."""
        return Basis.INFERRED if self.settled else Basis.REGISTER


def in_order(stated: list[RegisteredSuccession], settled: Settled, oddities: Oddities) -> list[FoundSuccession]:
    """The successions that can be relied on, by day and codes; what is odd is noted."""
    by_pair: dict[Pair, list[RegisteredSuccession]] = defaultdict(list)
    for each in stated:
        if each.old == each.new:
            _odd(oddities, OddKind.SELF_SUCCESSION, each)
        else:
            by_pair[each.old, each.new].append(each)
    found: list[FoundSuccession] = []
    for pair, these in by_pair.items():
        if pair not in settled.successions:
            found += _one_date(these, oddities)
    for pair, override in settled.successions.items():
        these = by_pair.get(pair, [])
        oddities.note(OddKind.OVERRIDDEN, " → ".join(pair), override.reason)
        if override.on is not None:
            origin = these[0].origin if these else NOWHERE
            found.append(
                FoundSuccession(
                    *pair,
                    override.on,
                    origin,
                    these[0].source if these else "pcorg-model overrides",
                    settled=True,
                    share=override.share,
                    share_basis=override.basis,
                    note=override.reason,
                )
            )
        elif not these:
            oddities.note(OddKind.UNUSED_OVERRIDE, " → ".join(pair), "successions")
    return sorted(_without_circles(found, oddities), key=lambda each: (each.on, each.old, each.new))


def _one_date(these: list[RegisteredSuccession], oddities: Oddities) -> list[FoundSuccession]:
    """The one succession that several records of the same two bodies state."""
    first = these[0]
    dates = sorted({each.on for each in these if each.on is not None})
    if not dates:
        _odd(oddities, OddKind.UNDATED_SUCCESSION, first)
        return []
    if dates[-1] - dates[0] > DAY:
        _odd(oddities, OddKind.SEVERAL_DATES, first, ", ".join(map(str, dates)))
        return []
    for again in these[1:]:
        _odd(oddities, OddKind.BOTH_ENDS, again)
    if len(dates) > 1:
        _odd(oddities, OddKind.DAY_APART, first, " and ".join(map(str, dates)))
    return [FoundSuccession(first.old, first.new, dates[-1], first.origin, first.source)]


def _without_circles(found: list[FoundSuccession], oddities: Oddities) -> list[FoundSuccession]:
    """Leave out what leads back to where it began, save what an override has settled."""
    followers: dict[str, set[str]] = defaultdict(set)
    for each in found:
        followers[each.old].add(each.new)
    circling = _circling(followers)
    kept = []
    for each in found:
        back = each.old in circling and each.new in circling and _leads(each.new, each.old, followers, circling)
        if back and not each.settled:
            oddities.note(OddKind.CYCLE, each.old, f"{each.old} → {each.new}", each.origin)
        else:
            kept.append(each)
    return kept


def _circling(followers: dict[str, set[str]]) -> set[str]:
    """The bodies left once those without predecessor or without successor have been taken away, over and over: all
    that lie on a circle, and what lies between circles."""
    into: dict[str, set[str]] = defaultdict(set)
    for old, news in followers.items():
        for new in news:
            into[new].add(old)
    left = {*followers, *into}
    ends = [code for code in left if not followers.get(code) or not into.get(code)]
    out = {code: set(followers.get(code, ())) for code in left}
    while ends:
        code = ends.pop()
        if code not in left:
            continue
        left.discard(code)
        for new in out[code]:
            into[new].discard(code)
            if not into[new]:
                ends.append(new)
        for old in into.get(code, ()):
            out[old].discard(code)
            if not out[old]:
                ends.append(old)
    return left


def _leads(start: str, goal: str, followers: dict[str, set[str]], within: set[str]) -> bool:
    visited, frontier = set(), [start]
    while frontier:
        code = frontier.pop()
        if code == goal:
            return True
        if code not in visited:
            visited.add(code)
            frontier += [new for new in followers.get(code, ()) if new in within]
    return False


def _odd(oddities: Oddities, kind: OddKind, each: RegisteredSuccession, more: str = "") -> None:
    words = f"{each.old} → {each.new}" + (f", {more}" if more else f", {each.on}" if each.on else "")
    oddities.note(kind, each.old, words, each.origin)


WIDTH = 5
SOURCE = "ods-succ"


def read_successions(text: RegisterText, facts: Facts) -> None:
    """Add what the file says to the facts."""
    for origin, fields in right_width(text, WIDTH, facts):
        old, new = fields[0].upper(), fields[1].upper()
        if not old or not new:
            facts.oddities.note(OddKind.NO_CODE, old or new, origin=origin)
            continue
        on = RecordReader(facts, old, origin).day(fields[3])
        facts.successions.append(RegisteredSuccession(old, new, on, origin, cited(SOURCE, origin)))
