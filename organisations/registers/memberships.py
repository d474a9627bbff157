"""Memberships of the registers: those both bodies lived through, each once, and not held yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from organisations.registers.bodies import RegisteredLife
from organisations.registers.held import HeldMembership
from organisations.registers.oddities import Oddities, OddKind, Origin
from organisations.registers.reading import RecordReader, RegisterText, right_width
from organisations.registers.records import Facts, RegisteredMembership, cited

OPEN = date.max
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership to be stated. `until` is the day on which a change carries an open one over to the next body.
    `shortened` says that the registers state more days than are taken, and `words` which."""

    member: str
    parent: str
    start: date
    end: date | None
    origin: Origin
    source: str
    until: date | None = None
    shortened: bool = False
    since_unknown: bool = False
    words: str = ""

    @property
    def over(self) -> date:
        """The first day on which it holds no more, whatever ends it."""
        return self.end or self.until or OPEN

    def __str__(self) -> str:
        return _in_words(self.parent, self.start, self.end or self.until)


@dataclass
class Memberships:
    """New memberships, and how many are held as they are stated."""

    new: list[Membership]
    unchanged: int = 0


def sorted_memberships(
    facts: Facts, lives: Mapping[str, RegisteredLife], after: Mapping[str, list[HeldMembership]], carried: set[str]
) -> Memberships:
    """The memberships that can be stated. `after` are those that are held, by member, as they are once the changes of
    this run are recorded. `carried` are bodies that end by a change which carries their members over: an open
    membership of theirs stays open until then. What is odd is noted."""
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
        known = after.get(member, [])
        for each in _one_at_a_time(these, facts.oddities):
            _place(each, known, found, facts.oddities)
    return found


def _within_lives(
    stated: RegisteredMembership, lives: Mapping[str, RegisteredLife], facts: Facts, carried: set[str]
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
    until = None
    if last != stated.left and last == parent.closed and parent.code in carried and last != member.closed:
        last, until = None, last
    shortened = first != start or (stated.left is not None and last != stated.left)
    shortened = shortened or (stated.left is None and last is not None and last != member.closed)
    return Membership(
        member=stated.member,
        parent=stated.parent,
        start=first,
        end=last,
        origin=stated.origin,
        source=stated.source,
        until=until,
        shortened=shortened,
        since_unknown=stated.joined is None,
        words=f"{_stated(stated)}, taken from {first} to {last or 'now'}" if shortened else "",
    )


def _apart(these: list[Membership], oddities: Oddities) -> list[Membership]:
    """Memberships of the same two that do not overlap; of two that begin together, the one that has ended."""
    kept: list[Membership] = []
    for each in sorted(these, key=lambda each: (each.start, each.end or OPEN)):
        if kept and (kept[-1].start, kept[-1].end) == (each.start, each.end):
            continue
        if kept and each.start < (kept[-1].end or OPEN):
            oddities.note(OddKind.OVERLAPPING, each.member, str(each), each.origin)
        else:
            kept.append(each)
    return kept


def _one_at_a_time(these: list[Membership], oddities: Oddities) -> list[Membership]:
    """The memberships of one practice in order. One that the registers leave open ends where another takes the place
    of carrying it over; one that ends on the day after the next began ends a day sooner. Longer overlaps are noted."""
    kept: list[Membership] = []
    for each in sorted(these, key=lambda each: (each.start, each.over)):
        for at, before in enumerate(kept):
            if before.until is not None and before.until <= each.start:
                words = f"{before.parent} is taken to {before.until}" * (before.until < each.start)
                kept[at] = replace(before, end=before.until, words=before.words or words)
            elif before.over - DAY == each.start and before.start < each.start:
                oddities.note(OddKind.TWO_GROUPS_FOR_A_DAY, each.member, f"{before}, {each}", each.origin)
                kept[at] = replace(before, end=each.start, until=None, shortened=True)
            elif before.over > each.start:
                oddities.note(OddKind.TWO_GROUPS, each.member, f"{before}, {each}", each.origin)
        if each.over - each.start == DAY:
            oddities.note(OddKind.SINGLE_DAY, each.member, str(each), each.origin)
        kept.append(each)
    return kept


def _place(each: Membership, known: list[HeldMembership], found: Memberships, oddities: Oddities) -> None:
    """Tell whether a membership is new, held, or other than is held."""
    same = [membership for membership in known if membership.parent == each.parent and membership.start == each.start]
    if same and same[0].end == (each.end or each.until):
        found.unchanged += 1
        return
    if each.words:
        oddities.note(OddKind.SHORTENED, each.member, each.words, each.origin)
    clash = same or [membership for membership in known if _overlap(membership, each)]
    if not clash:
        found.new.append(each)
        return
    periods = ", ".join(_in_words(membership.parent, membership.start, membership.end) for membership in clash)
    oddities.note(OddKind.MEMBERSHIP_DIFFERS, each.member, f"register {each}, held {periods}", each.origin)


def _overlap(membership: HeldMembership, each: Membership) -> bool:
    return membership.start < each.over and each.start < (membership.end or OPEN)


def _in_words(parent: str, start: date | None, end: date | None) -> str:
    return f"{parent} from {start or 'unknown'} to {end or 'now'}"


def _stated(stated: RegisteredMembership) -> str:
    return _in_words(stated.parent, stated.joined, stated.left)


def _odd(oddities: Oddities, kind: OddKind, stated: RegisteredMembership) -> None:
    oddities.note(kind, stated.member, _stated(stated), stated.origin)


WIDTH = 6
SOURCE = "ods-epcmem"


def read_memberships(text: RegisterText, facts: Facts) -> None:
    """Add what the file says to the facts. The parent's type is left aside: its code says what it is."""
    for origin, fields in right_width(text, WIDTH, facts):
        member, parent = fields[0].upper(), fields[1].upper()
        reader = RecordReader(facts, member, origin)
        if not member or not parent:
            reader.note(OddKind.NO_CODE, "no practice" if not member else "no commissioner")
            continue
        joined, left = reader.day(fields[3]), reader.last_day(fields[4])
        facts.memberships.append(RegisteredMembership(member, parent, origin, cited(SOURCE, origin), joined, left))
