"""The items named by the moves of a change: a thing's code, a service of the catalogue, or a group of services.

A service that passes takes along what the giver provides of it, the staff employed for it, and the contracts under
which the giver provides nothing but services that pass to that receiver; an internal agreement becomes one between the
two. A group takes along itself and all its services; a provider arm itself and all its groups.

A contract named to pass to its other party, or to the body to which that party's part comes, lapses: the work becomes
that body's own.

A giver that goes on gives its part as provider, or else the part it has; one that ends gives every part.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from commissioning.domain.holdings import Holding, Holdings, Item, Key
from commissioning.domain.vocabulary import HoldingKind, PartyRole
from organisations.domain.changes import ChangeRequest, Move
from organisations.domain.operations import Impossible


@dataclass(frozen=True)
class NamedItems:
    """Who takes what from whom: by giver and thing, and by giver and service."""

    held: Holdings
    closing: frozenset[str]
    things: Mapping[tuple[str, Key], str]
    services: Mapping[str, Mapping[str, str]]

    def roles_of(self, holding: Holding) -> dict[PartyRole, str]:
        """The parts of a holding that its being named settles, with who has each afterwards; empty where it is not
        named."""
        roles: dict[PartyRole, str] = {}
        item = self.held.items[holding.thing]
        for code in dict.fromkeys(holding.bodies):
            receiver = self.things.get((code, holding.thing)) or self._by_service(holding, item, code)
            if receiver is not None:
                roles |= self._parts(holding, code, receiver)
        return roles

    def itself(self, holding: Holding) -> bool:
        """Whether it is named by its own code, or as a part of what is."""
        return any((code, holding.thing) in self.things for code in holding.bodies)

    def _by_service(self, holding: Holding, item: Item, giver: str) -> str | None:
        passing = self.services.get(giver)
        if not passing or not item.services or not _provides(holding, giver):
            return None
        receivers = {passing.get(service) for service in item.services}
        return receivers.pop() if len(receivers) == 1 else None

    def _parts(self, holding: Holding, giver: str, receiver: str) -> dict[PartyRole, str]:
        own = [role for role, code in holding.parties if code == giver]
        if giver not in self.closing and PartyRole.PROVIDER in own:
            return {role: receiver if role is PartyRole.PROVIDER else giver for role in own}
        return dict.fromkeys(own, receiver)


def named_in(request: ChangeRequest, holdings: Holdings) -> NamedItems:
    """What the moves of a change name. Raises Impossible where a giver does not hold the thing that it is to give."""
    things: dict[tuple[str, Key], str] = {}
    services: dict[str, dict[str, str]] = defaultdict(dict)
    known = _by_code(holdings) if request.moves else {}
    for number, move in enumerate(request.moves):
        item = known.get(move.what) or known.get(move.what.upper())
        if item is None:
            services[move.giver][move.what] = move.receiver
            continue
        if not any(each.lasts_beyond(request.effective_on) for each in _held_by(holdings, item.key, move.giver)):
            raise Impossible(
                "invalid",
                f"{move.giver} does not hold {item.title} ({item.code}) on {request.effective_on:%-d %B %Y}, and so "
                "cannot pass it on.",
                f"/moves/{number}/what",
            )
        for taken in _taken_along(holdings, item, move):
            things[move.giver, taken.key] = move.receiver
            if taken.kind is HoldingKind.GROUP:
                services[move.giver] |= dict.fromkeys(taken.services, move.receiver)
    return NamedItems(holdings, frozenset(request.closing), things, services)


def _by_code(holdings: Holdings) -> dict[str, Item]:
    """Things by their codes as they are recorded, and in capitals: codes are accepted in either case. Where things of
    two kinds have one code, the first kind counts."""
    known: dict[str, Item] = {}
    order = list(HoldingKind)
    for item in sorted(holdings.items.values(), key=lambda item: order.index(item.kind)):
        known.setdefault(item.code, item)
    for code, item in list(known.items()):
        known.setdefault(code.upper(), item)
    return known


def _taken_along(holdings: Holdings, item: Item, move: Move) -> Iterator[Item]:
    """The thing itself and, with an arm, the giver's groups of it."""
    yield item
    if item.kind is HoldingKind.ARM:
        groups = {each.thing for each in holdings.with_body(move.giver) if each.kind is HoldingKind.GROUP}
        yield from (holdings.items[key] for key in sorted(groups) if holdings.items[key].part_of == item.code)


def _held_by(holdings: Holdings, thing: Key, code: str) -> Iterator[Holding]:
    return (each for each in holdings.of_thing(thing) if code in each.bodies)


def _provides(holding: Holding, code: str) -> bool:
    """Whether the body provides under the holding, or employs for it: what passes with a service."""
    if holding.kind is HoldingKind.STAFFING:
        return holding.party(PartyRole.ORGANISATION) == code
    return holding.kind in {HoldingKind.PROVISION, HoldingKind.CONTRACT} and holding.party(PartyRole.PROVIDER) == code
