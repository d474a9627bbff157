"""Memberships of the registers: those both bodies lived through, each once, and not held yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from organisations.ingest.registers.bodies import Life
from organisations.ingest.registers.held import Held, HeldMembership
from organisations.ingest.registers.oddities import Oddities, OddKind
from organisations.ingest.registers.records import Facts, Origin, RegisteredMembership

OPEN = date.max


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership to be stated. `shortened` says that the register states more days than both bodies lived."""

    member: str
    parent: str
    start: date
    end: date | None
    origin: Origin
    source: str
    shortened: bool = False
    since_unknown: bool = False


@dataclass
class Memberships:
    """New memberships, and how many are held as they are stated."""

    new: list[Membership]
    unchanged: int = 0


def sorted_memberships(
    facts: Facts, lives: dict[str, Life], held: Held, carried: set[str], *, closed_since: set[str]
) -> Memberships:
    """The memberships that can be stated. `carried` are bodies that end by a change which carries their members over:
    an open membership of theirs stays open until then. What is odd is noted."""
    found = Memberships([])
    by_pair: dict[tuple[str, str], list[Membership]] = defaultdict(list)
    for stated in facts.memberships:
        membership = _within_lives(stated, lives, facts, carried)
        if membership is not None:
            by_pair[membership.member, membership.parent].append(membership)
    by_member: dict[str, list[Membership]] = defaultdict(list)
    for (member, _), these in by_pair.items():
        by_member[member] += _apart(these, facts.oddities)
    for member, these in by_member.items():
        known = held.memberships.get(member, [])
        for each in these:
            _place(each, known, found, facts.oddities, closed=member in closed_since)
    return found


def _within_lives(
    stated: RegisteredMembership, lives: dict[str, Life], facts: Facts, carried: set[str]
) -> Membership | None:
    member, parent = lives.get(stated.member), lives.get(stated.parent)
    if member is None:
        if stated.member not in facts.passed_over:
            _odd(facts.oddities, OddKind.UNKNOWN_MEMBER, stated)
        return None
    if parent is None:
        _odd(facts.oddities, OddKind.UNKNOWN_PARENT, stated)
        return None
    start = stated.joined or max(member.opened, parent.opened)
    period = member.lived_between(start, stated.left)
    if period is not None:
        period = parent.lived_between(*period)
    if period is None:
        _odd(facts.oddities, OddKind.NEVER_MET, stated)
        return None
    first, last = period
    if last != stated.left and last == parent.closed and parent.code in carried and last != member.closed:
        last = None
    shortened = first != start or (stated.left is not None and last != stated.left)
    if shortened or (stated.left is None and last is not None and last != member.closed):
        shortened = True
        _odd(facts.oddities, OddKind.SHORTENED, stated, f"taken from {first} to {last or 'now'}")
    return Membership(
        member=stated.member,
        parent=stated.parent,
        start=first,
        end=last,
        origin=stated.origin,
        source=stated.source,
        shortened=shortened,
        since_unknown=stated.joined is None,
    )


def _apart(these: list[Membership], oddities: Oddities) -> list[Membership]:
    """Memberships of the same two that do not overlap; of two that begin together, the one that has ended."""
    kept: list[Membership] = []
    for each in sorted(these, key=lambda each: (each.start, each.end or OPEN)):
        if kept and (kept[-1].start, kept[-1].end) == (each.start, each.end):
            continue
        if kept and each.start < (kept[-1].end or OPEN):
            words = f"{each.parent} from {each.start} to {each.end or 'now'}"
            oddities.note(OddKind.OVERLAPPING, each.member, words, file=each.origin.file, line=each.origin.line)
        else:
            kept.append(each)
    return kept


def _place(
    each: Membership, known: list[HeldMembership], found: Memberships, oddities: Oddities, *, closed: bool
) -> None:
    """Tell whether a membership is new, held, or other than is held. Where the member has closed since, its closing
    ends what is open."""
    same = [held for held in known if held.parent == each.parent and held.start == each.start]
    if same and (same[0].end == each.end or (closed and same[0].end is None)):
        found.unchanged += 1
        return
    clash = same or [held for held in known if _overlap(held, each)]
    if not clash:
        found.new.append(each)
        return
    spells = ", ".join(f"{held.parent} from {held.start} to {held.end or 'now'}" for held in clash)
    words = f"register {each.parent} from {each.start} to {each.end or 'now'}, held {spells}"
    oddities.note(OddKind.MEMBERSHIP_DIFFERS, each.member, words, file=each.origin.file, line=each.origin.line)


def _overlap(held: HeldMembership, each: Membership) -> bool:
    return held.start < (each.end or OPEN) and each.start < (held.end or OPEN)


def _odd(oddities: Oddities, kind: OddKind, stated: RegisteredMembership, more: str = "") -> None:
    spell = f"from {stated.joined or 'unknown'} to {stated.left or 'now'}"
    words = f"{stated.parent} {spell}" + (f", {more}" if more else "")
    oddities.note(kind, stated.member, words, file=stated.origin.file, line=stated.origin.line)
