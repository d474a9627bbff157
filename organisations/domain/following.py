"""Following the people of one body forwards through every change that meets them.

People are followed as flows: a share of the root's people that is in one body and has one past. All edges of a body at
one moment apply together, to what it holds then; what arrives later never leaves by an earlier edge.

A flow knows the bodies in which it was divided, or through which it came, while other people were there too
(`through`): its share rests on taking all of them to be alike. It knows in which bodies its people were before, where
an edge takes people back or a link states where they are.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Protocol

from organisations.domain.edges import NOTHING, WHOLE, Edge, HeldShare, LineageShare, Moment

LAST = 10**9
"""A place in a day after that of every change."""
CHANGES, LINKS = 0, 1
"""What happens at a moment, in this order."""


class Graph(Protocol):
    """What is asked of the lineage."""

    @property
    def forwards(self) -> Mapping[str, tuple[Edge, ...]]: ...
    @property
    def backwards(self) -> Mapping[str, tuple[Edge, ...]]: ...
    @property
    def links(self) -> Mapping[str, tuple[LineageShare, ...]]: ...
    @property
    def joined(self) -> Mapping[str, tuple[Edge | LineageShare, ...]]: ...
    @property
    def founders(self) -> frozenset[str]: ...
    @property
    def peopled(self) -> frozenset[str]: ...
    @property
    def recalled(self) -> frozenset[str]: ...
    def behind(self, code: str, on: date) -> frozenset[str]: ...


@dataclass(frozen=True, slots=True)
class Stem:
    """How people came to a body that they were in when it ended."""

    code: str
    path: tuple[str, ...]
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """What tells the flows in one body apart: the bodies the people were once in (`of`), those that some of them may
    have come from before they are followed (`perhaps`), and those with a stated link that they were in at the end."""

    of: frozenset[str] = frozenset()
    perhaps: frozenset[str] = frozenset()
    ended_with: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """A share of the root's people, the weight and path of the greatest part of it, and where it mixed."""

    share: Decimal
    best: Decimal
    path: tuple[str, ...]
    through: tuple[str, ...] = ()
    stems: tuple[Stem, ...] = ()

    def part(self, fraction: Decimal, through: tuple[str, ...]) -> Flow:
        """A fraction of it that stays where it is."""
        return replace(self, share=self.share * fraction, best=self.best * fraction, through=through)

    def joined(self, other: Flow) -> Flow:
        """The two as one."""
        more, less = (self, other) if self.best >= other.best else (other, self)
        return Flow(
            self.share + other.share,
            more.best,
            more.path,
            _union(flow.through for flow in (more, less) if flow.share or not (more.share or less.share)),
            more.stems or less.stems,
        )


Held = dict[str, dict[Past, Flow]]
Arrival = tuple[str, Past, Flow]
Portion = tuple[Edge, Decimal, Past]


class Following:
    """The people of `root`: those it had at the end of the day `since`, or those with whom it opened."""

    def __init__(self, graph: Graph, root: str, *, since: date | None = None) -> None:
        self.graph = graph
        self.root = root
        self.start: Moment | None = None if since is None else (since, LAST)
        self.gathered = self.start
        """Whoever joined the root later than this is not of the people followed; None: whoever joined at all."""
        perhaps: frozenset[str] = frozenset()
        if since is None and root not in graph.founders and root in graph.backwards:
            self.gathered = graph.backwards[root][0].moment
        if graph.recalled and self.gathered is not None:
            perhaps = graph.behind(root, self.gathered[0]) & graph.recalled - {root}
        self.past = Past(graph.recalled & {root}, perhaps)

    def until(self, *, on: date | None = None, before: Moment | None = None) -> tuple[HeldShare, ...]:
        """Where they are at the end of a day, or just before a moment (else in the end), largest share first."""
        self.on, self.before = on, before
        self.carried: dict[int, frozenset[str]] = {}
        """Edges and links by which nobody came but those who are followed, and people whom they had been taken to be
        like in the bodies named."""
        self.holds: Held = {self.root: {self.past: Flow(WHOLE, WHOLE, (self.root,))}}
        self.queue: list[tuple[date, int, int, str]] = []
        self.queued: set[tuple[date, int, int, str]] = set()
        self._expect(self.root, self.start)
        while self.queue:
            now = self.queue[0][:3]
            bodies = []
            while self.queue and self.queue[0][:3] == now:
                bodies.append(heapq.heappop(self.queue)[3])
            act = self._leaving if now[2] == CHANGES else self._linked
            arriving = [arrival for body in bodies for arrival in act(body, (now[0], now[1]))]
            for body, past, flow in arriving:
                self._arrive(body, past, flow)
                self._expect(body, (now[0], now[1]))
        return self._holdings()

    def _expect(self, body: str, after: Moment | None) -> None:
        """Queue what will meet the people in a body."""
        steps = [(edge.moment, CHANGES) for edge in self.graph.forwards.get(body, ())]
        steps += [(link.moment, LINKS) for link in self.graph.links.get(body, ())]
        for moment, step in steps:
            entry = (*moment, step, body)
            in_time = (self.on is None or moment[0] <= self.on) and (self.before is None or moment < self.before)
            if in_time and (after is None or moment > after) and entry not in self.queued:
                self.queued.add(entry)
                heapq.heappush(self.queue, entry)

    def _arrive(self, body: str, past: Past, flow: Flow) -> None:
        flows = self.holds.setdefault(body, {})
        flows[past] = flows[past].joined(flow) if past in flows else flow

    def _holdings(self) -> tuple[HeldShare, ...]:
        found = []
        for body, flows in self.holds.items():
            ordered = sorted(flows.values(), key=lambda flow: -flow.best)
            counted = [flow for flow in ordered if flow.share] or ordered
            if ordered:
                share = sum((flow.share for flow in ordered), NOTHING)
                found.append(HeldShare(body, share, ordered[0].path, _union(flow.through for flow in counted)))
        return tuple(sorted(found, key=lambda holding: (-holding.share, holding.code)))

    # --- changes -----------------------------------------------------------------------------------------------------

    def _leaving(self, body: str, moment: Moment) -> Iterator[Arrival]:
        """What leaves a body at a moment; what stays is left there."""
        flows = self.holds.pop(body, None)
        if not flows:
            return
        leaving = [edge for edge in self.graph.forwards[body] if edge.moment == moment]
        ends = sum((edge.share for edge in leaving), NOTHING) >= WHOLE
        through: dict[int, set[str] | None] = {id(edge): set() for edge in leaving}
        for past, flow in flows.items():
            mixed = self._mixed(flow, body, moment)
            composed = _union((flow.through, (body,))) if mixed else flow.through
            portions, kept = _portions(past, leaving)
            for edge, fraction, now in portions:
                assumes = mixed and self._assumes(flow, edge, fraction, leaving)
                part = flow.part(fraction, composed if assumes else flow.through)
                if mixed and not (assumes and flow.share):
                    through[id(edge)] = None
                elif (so_far := through[id(edge)]) is not None:
                    so_far.update(part.through)
                stem = self._stem(flow, body, composed, ends=ends)
                yield self._passed(part, now, edge.resulting, stem)
            if kept > 0:
                divided = kept < WHOLE and not any(self._names_root(edge) for edge in leaving)
                stays = flow.part(kept, composed if divided else flow.through)
                self._arrive(body, _unsure_no_more(past, leaving), stays)
        self.carried |= {key: frozenset(bodies) for key, bodies in through.items() if bodies is not None}

    def _passed(self, flow: Flow, past: Past, to: str, stems: tuple[Stem, ...]) -> Arrival:
        if to in self.graph.recalled:
            past = replace(past, of=past.of | {to}, perhaps=past.perhaps - {to})
        past = replace(past, ended_with=tuple(stem.code for stem in stems))
        return to, past, replace(flow, path=(*flow.path, to), stems=stems)

    def _stem(self, flow: Flow, body: str, composed: tuple[str, ...], *, ends: bool) -> tuple[Stem, ...]:
        if not ends or body not in self.graph.links:
            return flow.stems
        return (*flow.stems, Stem(body, flow.path, flow.through if body == self.root else composed))

    def _mixed(self, flow: Flow, body: str, moment: Moment) -> bool:
        """Whether people were in a body just before a moment whom the flow has not been taken to be like before."""
        if body != self.root and body in self.graph.founders:
            return True
        since = self.gathered if body == self.root else None
        return any(
            way.original in self.graph.peopled
            and way.moment < moment
            and (since is None or way.moment > since)
            and not (id(way) in self.carried and self.carried[id(way)] <= set(flow.through))
            for way in self.graph.joined.get(body, ())
        )

    def _assumes(self, flow: Flow, edge: Edge, fraction: Decimal, leaving: Sequence[Edge]) -> bool:
        """Whether a portion rests on taking all people of the body to be alike, if others are there too.

        It does not where nobody goes, where the change says whose people go, and where all go that the root ever had.
        """
        if not fraction or self._names_root(edge):
            return False
        told_apart = any(each.of for each in leaving) or len(flow.path) == 1
        return not (told_apart and fraction == WHOLE)

    def _names_root(self, edge: Edge) -> bool:
        return edge.of == (self.root,)

    # --- links -------------------------------------------------------------------------------------------------------

    def _linked(self, original: str, moment: Moment) -> Iterator[Arrival]:
        """Put those whom `original` had in the end where a link states that they are; the rest stay where they are."""
        links = [link for link in self.graph.links[original] if link.moment == moment]
        stated = {link.descendant: link.share for link in links}
        theirs = [
            (body, past, flow)
            for body, flows in self.holds.items()
            for past, flow in flows.items()
            if body == original or original in past.ended_with
        ]
        whole = sum((flow.share for _, _, flow in theirs), NOTHING)
        if not whole:
            return
        left = WHOLE - sum(stated.values(), NOTHING)
        elsewhere = sum((flow.share for body, _, flow in theirs if body not in stated), NOTHING)
        stems = [_stem_of(original, flow) for _, _, flow in theirs]
        for body, past, flow in theirs:
            del self.holds[body][past]
            if left > 0 and body not in stated and elsewhere:
                self._arrive(body, past, flow.part(left * whole / elsewhere, flow.through))
        path = max(stems, key=lambda stem: len(stem.path)).path
        through = _union(stem.through for stem in stems)
        before = Stem(original, path, through)
        past = Past(of=self.past.of | (self.graph.recalled & {original}), ended_with=(original,))
        base = Flow(whole, whole, path, through, (before,))
        self.carried |= {id(link): frozenset(through) for link in links}
        ways = {body: flow.path for body, _, flow in sorted(theirs, key=lambda holding: holding[2].best)}
        for descendant, share in stated.items():
            to, since, flow = self._passed(base.part(share, through), past, descendant, (before,))
            yield to, since, replace(flow, path=ways.get(descendant, flow.path))
        if left > 0 and not elsewhere:
            yield original, past, base.part(left, through)


def _stem_of(original: str, flow: Flow) -> Stem:
    return next((stem for stem in flow.stems if stem.code == original), Stem(original, flow.path, flow.through))


def _portions(past: Past, leaving: Sequence[Edge]) -> tuple[list[Portion], Decimal]:
    """What part of people with one past goes by each edge, and what part stays.

    Edges that take people back come first. By the others go the rest, in proportion; where the body ends, all of them.
    """
    total = sum((edge.share for edge in leaving), NOTHING)
    back = [edge for edge in leaving if edge.of]
    if not back:
        return [(edge, edge.share, past) for edge in leaving], WHOLE - total
    rest, room = WHOLE, WHOLE
    fractions: dict[int, Decimal] = {}
    for number, edge in enumerate(leaving):
        if edge.of:
            fractions[number] = min(rest, _taken_back(past, edge))
            rest -= fractions[number]
            room -= edge.share
    plain = [number for number, edge in enumerate(leaving) if not edge.of]
    given = sum((leaving[number].share for number in plain), NOTHING)
    if total >= WHOLE:
        takers = plain if given else [number for number in fractions if leaving[number].share]
        among = sum((leaving[number].share for number in takers), NOTHING)
    else:
        takers, among = plain, room
    kept = rest
    for number in takers:
        part = rest * leaving[number].share / among
        if total >= WHOLE and number == takers[-1]:
            part = kept
        fractions[number] = fractions.get(number, NOTHING) + part
        kept -= part
    for number in plain:
        fractions.setdefault(number, NOTHING)
    unsure = _unsure_no_more(past, leaving)
    return [
        (edge, fractions[number], _as_taken(past, edge) if edge.of else unsure)
        for number, edge in enumerate(leaving)
        if fractions[number] or not edge.share
    ], kept


def _taken_back(past: Past, edge: Edge) -> Decimal:
    """What part of people with one past an edge takes back. Of people who may be of those named, it takes what it takes
    of the body's people."""
    if past.of.intersection(edge.of):
        return edge.of_share
    return edge.share if past.perhaps.intersection(edge.of) else edge.others_share


def _as_taken(past: Past, edge: Edge) -> Past:
    """People who may have been of those named, and were taken back as such."""
    named = past.perhaps.intersection(edge.of)
    return replace(past, of=past.of | named, perhaps=past.perhaps - named)


def _unsure_no_more(past: Past, leaving: Sequence[Edge]) -> Past:
    """People who may have been of those named, and were not taken back."""
    named = {code for edge in leaving for code in edge.of}
    return replace(past, perhaps=past.perhaps - named) if past.perhaps & named else past


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for group in groups for code in group))
