"""A register of many dated changes and a slow, obvious way of saying where its people went.

`Register` makes up a history: bodies merge, take over others, divide, hand over a part, take a new code, change their
name, and parts that were taken over are set free again. `Cohorts` follows the people of such a history: a cohort is a
number of people who have been together in the same bodies all their lives. Where only a part of a body leaves, every
cohort in it leaves by that part, unless the change says whose people it takes back.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

FORM = "clinical-commissioning-group"
KNOWN = {"basis": "illustrative", "source": "pcorg-illustration"}


@dataclass(frozen=True)
class Handover:
    """A share of an original's people that goes to another body; `of` names the body whose people go back."""

    original: str
    resulting: str
    share: Fraction
    of: str = ""


@dataclass
class Cohort:
    """People who have always been together: how many, and the bodies that they belonged to, each from a moment."""

    people: Fraction
    moments: tuple[tuple[date, int], ...]
    bodies: tuple[str, ...]

    def where(self, day: date) -> str | None:
        """The body they belong to at the end of a day; None before they belonged to any."""
        at = bisect_right(self.moments, (day, 1_000_000)) - 1
        return self.bodies[at] if at >= 0 else None

    def moved(self, people: Fraction, moment: tuple[date, int], to: str) -> Cohort:
        """So many of them, who belong to another body from a moment on."""
        return Cohort(people, (*self.moments, moment), (*self.bodies, to))


@dataclass
class Cohorts:
    """Everybody, by the body they belong to now."""

    of: dict[str, list[Cohort]] = field(default_factory=lambda: defaultdict(list))

    def settle(self, body: str, people: int, day: date) -> None:
        """People of a body from its opening."""
        self.of[body].append(Cohort(Fraction(people), ((day, -1),), (body,)))

    def people(self, body: str) -> Fraction:
        """How many belong to a body now."""
        return sum((cohort.people for cohort in self.of[body]), Fraction(0))

    def apply(self, moment: tuple[date, int], handovers: Iterable[Handover]) -> None:
        """Hand over people at a moment, all at once; a body that keeps nothing is empty afterwards."""
        arriving: list[tuple[str, Cohort]] = []
        by_original: dict[str, list[Handover]] = defaultdict(list)
        for handover in handovers:
            by_original[handover.original].append(handover)
        for original, leaving in by_original.items():
            whole, staying = self.people(original), self.of[original]
            for handover in sorted(leaving, key=lambda each: not each.of):
                if handover.of:
                    back = [cohort for cohort in staying if handover.of in cohort.bodies]
                    part = handover.share * whole / sum(cohort.people for cohort in back)
                    assert part == 1, "a made-up register takes back all of them"
                    arriving += [(handover.resulting, c.moved(c.people, moment, handover.resulting)) for c in back]
                    staying = [cohort for cohort in staying if handover.of not in cohort.bodies]
            kept = 1 - sum((each.share for each in leaving if not each.of), Fraction(0))
            for handover in leaving:
                if not handover.of:
                    arriving += [
                        (handover.resulting, c.moved(c.people * handover.share, moment, handover.resulting))
                        for c in staying
                    ]
            self.of[original] = [Cohort(c.people * kept, c.moments, c.bodies) for c in staying] if kept else []
        for body, cohort in arriving:
            if cohort.people:
                self.of[body].append(cohort)

    def everybody(self) -> Iterator[Cohort]:
        """All cohorts, wherever they are."""
        for cohorts in self.of.values():
            yield from cohorts

    def came_from(self, body: str) -> dict[str, Fraction]:
        """The other bodies whose people are now in a body, each with the part of its first people who are."""
        first: dict[str, Fraction] = defaultdict(Fraction)
        here: dict[str, Fraction] = defaultdict(Fraction)
        for cohort in self.everybody():
            first[cohort.bodies[0]] += cohort.people
        for cohort in self.of[body]:
            here[cohort.bodies[0]] += cohort.people
        return {code: people / first[code] for code, people in here.items() if code != body}

    def stand_ins(self, body: str, start: date, on: date) -> dict[str, Fraction]:
        """Where those who belonged to a body on one day are on another, as parts of the whole."""
        out: dict[str, Fraction] = defaultdict(Fraction)
        for cohort in self.everybody():
            if cohort.where(start) == body:
                out[cohort.where(on) or ""] += cohort.people
        whole = sum(out.values())
        return {code: people / whole for code, people in out.items()} if whole else {}


class Register:
    """A made-up history over years, as a portfolio document and as the cohorts that it moves."""

    def __init__(self, *, bodies: int, changes: int, first: date, days: int, seed: int) -> None:
        self.random = Random(seed)
        self.first, self.days = first, days
        self.cohorts = Cohorts()
        self.stated: list[dict[str, Any]] = []
        self.alive: dict[str, date] = {}
        self.lives: dict[str, tuple[date, date | None]] = {}
        self.absorbed: list[tuple[str, str]] = []  # (who was taken over, by whom), nothing since
        self.number = 0
        self.opening = []
        for _ in range(bodies):
            code = self._code()
            people = self.random.randrange(60, 900) * 60
            self.cohorts.settle(code, people, first)
            self.alive[code] = first
            self.lives[code] = (first, None)
            self.opening.append(
                {
                    "code": code,
                    "name": f"Body {code}",
                    "form": FORM,
                    "opened": first,
                    **KNOWN,
                    "populations": [{"count": people, "on": first, "basis": "registered"}],
                }
            )
        moments = sorted(self.random.randrange(30, days) // 30 * 30 for _ in range(changes))
        sequence: dict[int, int] = defaultdict(int)
        for offset in moments:
            sequence[offset] += 1
            self._change(first + timedelta(days=offset), sequence[offset])

    def document(self, slug: str) -> dict[str, Any]:
        """The history as a portfolio document states it."""
        return {
            "schema": "pcorg-portfolio/1",
            "portfolio": {
                "slug": slug,
                "title": slug.title(),
                "illustrative": True,
                "covers": {"from": self.first, "to": self.first + timedelta(days=self.days + 365)},
            },
            "bodies": self.opening,
            "changes": self.stated,
        }

    def _code(self) -> str:
        self.number += 1
        return f"X-R{self.number}"

    def _old(self, day: date, count: int) -> list[str]:
        """Bodies in force that did not open that very day."""
        return self.random.sample(sorted(code for code, opened in self.alive.items() if opened < day), count)

    def _change(self, day: date, sequence: int) -> None:
        kind = self.random.choices(
            ("merger", "takeover", "split", "transfer", "recode", "rename", "back"), (20, 40, 6, 10, 10, 6, 8)
        )[0]
        getattr(self, f"_{kind}")(day, sequence)

    def _state(self, day: date, kind: str, **said: Any) -> None:
        number = len(self.stated) + 1
        self.stated.append(
            {
                "reference": f"change-{number}",
                "kind": kind,
                "effective_on": day,
                "title": f"Change {number}",
                **KNOWN,
                **said,
            }
        )

    def _move(
        self, day: date, sequence: int, handovers: list[Handover], closing: Iterable[str], new: Iterable[str]
    ) -> None:
        self.cohorts.apply((day, sequence), handovers)
        touched = {each.original for each in handovers} | {each.resulting for each in handovers}
        self.absorbed = [pair for pair in self.absorbed if not touched & set(pair)]
        for code in closing:
            del self.alive[code]
            self.lives[code] = (self.lives[code][0], day)
        for code in new:
            self.alive[code] = day
            self.lives[code] = (day, None)

    def _body(self, code: str) -> dict[str, Any]:
        return {"code": code, "name": f"Body {code}", "form": FORM}

    def _merger(self, day: date, sequence: int) -> None:
        old, new = self._old(day, self.random.choice((2, 2, 3))), self._code()
        self._state(day, "merger", originals=old, resulting=[self._body(new)])
        self._move(day, sequence, [Handover(code, new, Fraction(1)) for code in old], old, [new])

    def _takeover(self, day: date, sequence: int) -> None:
        heir, *old = self._old(day, self.random.choice((2, 2, 2, 3)))
        self._state(day, "merger", originals=[heir, *old], resulting=[{"code": heir}])
        self._move(day, sequence, [Handover(code, heir, Fraction(1)) for code in old], old, [])
        if len(old) == 1:
            self.absorbed.append((old[0], heir))

    def _split(self, day: date, sequence: int) -> None:
        (old,), parts = self._old(day, 1), [self._code(), self._code()]
        share = Fraction(self.random.randrange(1, 10), 10)
        hand = [Handover(old, parts[0], share), Handover(old, parts[1], 1 - share)]
        self._state(day, "split", originals=[old], resulting=[self._body(code) for code in parts], edges=_edges(hand))
        self._move(day, sequence, hand, [old], parts)

    def _transfer(self, day: date, sequence: int) -> None:
        giver, taker = self._old(day, 2)
        hand = [Handover(giver, taker, Fraction(self.random.randrange(1, 10), 20))]
        self._state(
            day, "transfer", originals=[giver, taker], resulting=[{"code": giver}, {"code": taker}], edges=_edges(hand)
        )
        self._move(day, sequence, hand, [], [])

    def _recode(self, day: date, sequence: int) -> None:
        (old,), new = self._old(day, 1), self._code()
        self._state(day, "transition", route="succession", originals=[old], resulting=[self._body(new)])
        self._move(day, sequence, [Handover(old, new, Fraction(1))], [old], [new])

    def _rename(self, day: date, sequence: int) -> None:
        (code,) = self._old(day, 1)
        renamed = [each for each in self.stated if each["kind"] == "rename" and each["effective_on"] == day]
        if any(each["originals"] == [code] for each in renamed):
            return  # one name a day
        self._state(day, "rename", originals=[code], name=f"Body {code} of {day:%B %Y}")

    def _back(self, day: date, sequence: int) -> None:
        pairs = [pair for pair in self.absorbed if pair[1] in self.alive and self.lives[pair[0]][1] < day]
        if not pairs:
            self._takeover(day, sequence)
            return
        freed, holder = self.random.choice(pairs)
        whole = self.cohorts.people(holder)
        back = sum(c.people for c in self.cohorts.of[holder] if freed in c.bodies)
        share = back / whole
        new = self._code()
        hand = [Handover(holder, new, share, freed)]
        self._state(
            day, "separation", originals=[holder], resulting=[{"code": holder}, self._body(new)], edges=_edges(hand)
        )
        self._move(day, sequence, hand, [], [new])


def _edges(handovers: Iterable[Handover]) -> list[dict[str, Any]]:
    return [
        {"original": each.original, "resulting": each.resulting, "share": round(float(each.share), 6)}
        | ({"of": each.of} if each.of else {})
        for each in handovers
    ]
