"""A document's history in segments, each of which is written before the next is worked out.

What a document tells of the past is replayed by its dates, whatever the order of its list. What another copy of this
product carried out is replayed in the order of the list, for it was worked out upon everything that was known by then.
A correction that alters what is recorded begins a segment, for it asks which change began or ended what it alters.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from organisations.domain.changes import ChangeRequest
from organisations.domain.replay import StatedFact, Step, by_day
from organisations.domain.vocabulary import Basis, ChangeKind
from organisations.portfolios.lives import Lives
from organisations.specs.document import StatedChange


@dataclass(frozen=True)
class Segment:
    """A run of changes that are replayed together. `decided` tells those that another copy of this
    product carried out; `numbers` are those of its changes in the list of the document."""

    requests: tuple[ChangeRequest, ...]
    numbers: frozenset[int]
    decided: bool

    def in_order(self, requests: Sequence[ChangeRequest], facts: Sequence[StatedFact]) -> Iterator[Step]:
        """Those of its changes that are new, with the facts that become known in it, as one history."""
        if self.decided:
            yield facts
            yield from requests
            return
        upsetting = [each for each in requests[:1] if each.upsets_history]
        yield from upsetting
        yield from by_day(requests[len(upsetting) :], sorted(facts, key=lambda fact: fact.start))


def segments_of(
    changes: Iterable[tuple[int, StatedChange, ChangeRequest]], breaks: Container[str]
) -> tuple[Segment, ...]:
    """The changes of a document, each with its number, in segments; one ends with each change named in `breaks`. There
    is always a last segment that facts can become known in."""
    runs: list[list[tuple[int, ChangeRequest]]] = [[]]
    decided = [False]
    broken = False
    for number, change, request in changes:
        here = change.basis is Basis.ELSEWHERE
        alters = request.upsets_history or (here and request.kind is ChangeKind.CORRECTION)
        if broken or alters or here is not decided[-1]:
            runs.append([])
            decided.append(here)
        runs[-1].append((number, request))
        broken = change.reference in breaks
    if broken or decided[-1]:
        runs.append([])
        decided.append(False)
    return tuple(_segment(run, here) for run, here in zip(runs, decided, strict=True))


def _segment(run: list[tuple[int, ChangeRequest]], decided: bool) -> Segment:
    requests = [request for _, request in run]
    if not decided:
        upsetting = [each for each in requests[:1] if each.upsets_history]
        by_date = sorted(requests[len(upsetting) :], key=lambda request: request.effective_on)
        requests = [*upsetting, *by_date]
    return Segment(tuple(requests), frozenset(number for number, _ in run), decided)


def by_segment(
    segments: Sequence[Segment],
    facts: Iterable[StatedFact],
    known_after: Callable[[StatedFact], str | None],
    lives: Lives,
) -> Mapping[int, list[StatedFact]]:
    """Facts by the number of the segment in which they become known: after the change that each is known after, and
    where the last of what they rest upon comes about; where that was carried out here, then in the next."""
    after = {request.reference: number + 1 for number, each in enumerate(segments) for request in each.requests}
    made = {
        maker: number + 1 if each.decided else number for number, each in enumerate(segments) for maker in each.numbers
    }
    of_thing: dict[str, int] = {}
    found: dict[int, list[StatedFact]] = {number: [] for number in range(len(segments))}
    for fact in facts:
        makers = {lives[code].maker for code in fact.rests_on if code in lives}
        numbers = [made[maker] for maker in makers if maker in made]
        numbers += [of_thing.get(code, 0) for code in fact.rests_on]
        number = max((after.get(known_after(fact) or "", 0), *numbers))
        of_thing[fact.brings] = max(number, of_thing.get(fact.brings, 0))
        found[number].append(fact)
    return found
