"""Things that bodies hold, and who holds them when: the part of a snapshot that commissioning keeps.

An `Item` is the thing itself (a contract, a budget, a service provided) and never changes; a `Holding` says which
bodies hold it in which parts, for which period, and how much of it. Money is in pounds, staff in whole-time
equivalent.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from commissioning.domain.kinds import KINDS
from commissioning.domain.pilots import Pilot, places_of
from commissioning.domain.vocabulary import HoldingKind, PartyRole, Sector
from organisations.domain.versions import IndexedLog, Log, Versioned
from pcorg.core.periods import Period

NAME = "commissioning"
"""The name under which a snapshot keeps this app's part."""

Parties = tuple[tuple[PartyRole, str], ...]
"""Who holds a thing: the code of a body for each part, in the order the kind of thing declares."""

Amounts = tuple[tuple[str, Decimal | None], ...]
"""How much: each quantity by its name; None is unknown."""

Key = tuple[HoldingKind, str]
"""What identifies a thing: its kind and its code."""

Same = tuple[HoldingKind, str, Parties]
"""What tells a holding from others at one time: the thing and who holds it."""

HOSTS = "hosts"
"""The state of a partner that hosts its pool."""


@dataclass(frozen=True, slots=True)
class Item:
    """A thing that bodies hold. `services` are the slugs it concerns; `agreement` tells a contract that cannot be
    enforced in law, which alone a body may have with itself; `part_of` is the arm of a group of services."""

    kind: HoldingKind
    code: str
    title: str
    services: frozenset[str] = frozenset()
    agreement: bool = False
    type: str = ""
    sector: Sector | None = None
    part_of: str = ""
    chosen_form: str = ""

    @property
    def key(self) -> Key:
        """Its kind and code."""
        return self.kind, self.code


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds a thing for a period, and how much. `state` is what else holds of it then: how far an arm is
    separated, or that a partner hosts its pool.

    `due` is the day on which it was to end, where the change `ended_by` ended it; None where it had no end.
    """

    kind: HoldingKind
    item: str
    parties: Parties
    period: Period
    amounts: Amounts = ()
    state: str = ""
    begun_by: int | None = None
    ended_by: int | None = None
    due: date | None = None

    @property
    def thing(self) -> Key:
        """What is held."""
        return self.kind, self.item

    @property
    def same(self) -> Same:
        """What tells it from others at one time: the thing and who holds it."""
        return self.kind, self.item, self.parties

    @property
    def bodies(self) -> tuple[str, ...]:
        """The codes of the bodies that hold it."""
        return tuple(code for _, code in self.parties)

    def party(self, role: PartyRole) -> str:
        """The body in a part. Raises KeyError where the thing knows no such part."""
        return dict(self.parties)[role]

    def amount(self, name: str) -> Decimal | None:
        """A quantity by its name; None where it is unknown or the thing has none such."""
        return dict(self.amounts).get(name)

    def lasts_beyond(self, on: date) -> bool:
        """Whether it is in force on a day or stated to begin later."""
        return self.period.end is None or self.period.end > on


class Holdings:
    """Commissioning's part of a snapshot: things by kind and code, and their holdings.

    It knows every holding of each thing that one of the snapshot's bodies ever held, and every service that anybody
    provides for the people whom they serve. They are found by the thing, by the body or by both at a cost in proportion
    to the answer: a contract or a pool may have a thousand holders. Immutable to its readers; operations write on a
    draft's own copy.

    `pilots` are the personal medical services pilots among the people of the snapshot's bodies. `struck` are holdings
    that a change struck out before they began, with the period they were to have. `recorded` says which portfolios
    record which kinds of thing: each that holds any thing of the kind.
    """

    def __init__(
        self,
        items: Iterable[Item] = (),
        holdings: Iterable[Holding] = (),
        pilots: Iterable[Pilot] = (),
        struck: Iterable[Holding] = (),
        recorded: Iterable[tuple[str, HoldingKind]] = (),
    ) -> None:
        self.items: Versioned[Key, Item] = Versioned((item.key, item) for item in items)
        self.pilots: IndexedLog[Pilot] = IndexedLog(places_of, pilots)
        self.recorded = frozenset(recorded)
        self._struck: Versioned[Holding, None] = Versioned((holding, None) for holding in struck)
        self._of_same: Versioned[Same, tuple[Holding, ...]] = Versioned()
        self._sames_of_thing: Versioned[Key, Log[Same]] = Versioned()
        self._sames_of_body: Versioned[str, Log[Same]] = Versioned()
        for holding in holdings:
            self.add(holding)

    # --- reading -----------------------------------------------------------------------------------------------------

    @property
    def holdings(self) -> Iterator[Holding]:
        """Every holding, past, present and to come."""
        return (each for of_same in self._of_same.values() for each in of_same)

    @property
    def struck(self) -> Collection[Holding]:
        """Holdings that a change struck out before they began."""
        return self._struck.keys()

    def of_thing(self, thing: Key) -> Iterator[Holding]:
        """Every holding of a thing, in the order in which its holders became known."""
        return (each for same in self._sames_of_thing.get(thing, ()) for each in self._of_same[same])

    def of_same(self, same: Same) -> tuple[Holding, ...]:
        """Every holding of a thing by the same bodies in the same parts, in the order in which they became known."""
        return self._of_same.get(same, ())

    def beside(self, holding: Holding) -> Iterator[Holding]:
        """Every holding that may not run at one time with this one: those by the same bodies; of what is never divided,
        those by anybody."""
        return self.of_thing(holding.thing) if KINDS[holding.kind].undivided else iter(self.of_same(holding.same))

    def with_body(self, code: str) -> Iterator[Holding]:
        """Every holding, past, present and to come, in which a body has a part."""
        return (each for same in self._sames_of_body.get(code, ()) for each in self._of_same[same])

    def of(self, code: str, on: date) -> Iterator[Holding]:
        """Holdings in force on a day in which a body has a part."""
        return (each for each in self.with_body(code) if each.period.holds(on))

    def of_any(self, codes: Iterable[str], on: date) -> Iterator[Holding]:
        """Holdings in force on a day in which any of the bodies has a part, each once."""
        sames = dict.fromkeys(same for code in codes for same in self._sames_of_body.get(code, ()))
        return (each for same in sames for each in self._of_same[same] if each.period.holds(on))

    def in_force(self, on: date) -> Iterator[Holding]:
        """All holdings in force on a day."""
        return (each for each in self.holdings if each.period.holds(on))

    def bodies(self) -> set[str]:
        """The codes of all bodies that ever had a part in what is known here, and of the pilots and their practices."""
        pilots = {code for pilot in self.pilots for code in (pilot.code, *pilot.members)}
        return pilots.union(self._sames_of_body)

    def without(self, changes: Container[int | None]) -> Holdings:
        """The state as it would be had these changes not happened: what they began is not there, and what they ended
        goes on to the day on which it was due to end."""
        kept = [
            replace(each, period=Period(each.period.start, each.due), ended_by=None, due=None)
            if each.ended_by is not None and each.ended_by in changes
            else each
            for each in (*self.holdings, *(each for each in self.struck if each.ended_by in changes))
            if each.begun_by is None or each.begun_by not in changes
        ]
        return Holdings(self.items.values(), kept, self.pilots, recorded=self.recorded)

    # --- writing, on a draft's own copy ------------------------------------------------------------------------------

    def copy(self) -> Holdings:
        """A copy to write on. It shares what it does not alter."""
        made = Holdings(recorded=self.recorded)
        made.items, made.pilots, made._struck = self.items.fork(), self.pilots, self._struck.fork()
        made._of_same = self._of_same.fork()
        made._sames_of_thing, made._sames_of_body = self._sames_of_thing.fork(), self._sames_of_body.fork()
        return made

    def add_item(self, item: Item) -> None:
        """Know one more thing."""
        self.items[item.key] = item

    def add(self, holding: Holding) -> None:
        """Know one more holding."""
        same = holding.same
        if same not in self._of_same:
            of_thing = self._sames_of_thing
            of_thing[holding.thing] = of_thing.get(holding.thing, Log()).adding(same)
            for code in dict.fromkeys(holding.bodies):
                self._sames_of_body[code] = self._sames_of_body.get(code, Log()).adding(same)
        self._of_same[same] = (*self.of_same(same), holding)

    def replace(self, old: Holding, *new: Holding) -> None:
        """Put others of the same bodies, or nothing, in the place of a holding. Raises ValueError where it is not
        there."""
        same = old.same
        like = list(self.of_same(same))
        at = like.index(old)
        like[at : at + 1] = new
        self._of_same[same] = tuple(like)

    def revive(self, struck: Holding, revived: Holding) -> None:
        """Know a holding that was struck out before it began as one that goes on. Raises KeyError where it was not."""
        del self._struck[struck]
        self.add(revived)
