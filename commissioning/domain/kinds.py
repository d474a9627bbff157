"""The kinds of thing that bodies hold, each declared once. Tables, guards, documents, what a change moves and how it is
said follow from this."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from commissioning.domain.vocabulary import HoldingKind, PartyRole


@dataclass(frozen=True, slots=True)
class ThingKind:
    """A kind of thing: the section of a portfolio document that states it, what one and several are called, who has a
    part in it, and its quantities, which a change divides and never loses.

    The first part is that of the holder; a part that a record leaves out is the first one's too. `state` is the column
    that says what else holds of a holding, and `worth` the quantity that is told, in pounds a year. What has no
    quantity is never divided: one body at a time holds it.
    """

    name: HoldingKind
    section: str
    one: str
    many: str
    parties: tuple[PartyRole, ...] = (PartyRole.ORGANISATION,)
    amounts: tuple[str, ...] = ()
    state: str = ""
    worth: str = ""

    @property
    def undivided(self) -> bool:
        """Whether it goes whole: one body at a time holds a building, a provider arm or a group of services."""
        return not self.amounts


_ALL = (
    ThingKind(
        HoldingKind.CONTRACT,
        "contracts",
        "contract",
        "contracts",
        parties=(PartyRole.COMMISSIONER, PartyRole.PROVIDER),
        amounts=("annual_value",),
        worth="annual_value",
    ),
    ThingKind(HoldingKind.BUDGET, "budgets", "budget", "budgets", amounts=("amount",), worth="amount"),
    ThingKind(
        HoldingKind.POOL,
        "pooled_budgets",
        "pooled budget",
        "pooled budgets",
        parties=(PartyRole.PARTNER,),
        amounts=("amount",),
        state="hosts",
        worth="amount",
    ),
    ThingKind(
        HoldingKind.PROVISION,
        "provisions",
        "service provided",
        "services provided",
        parties=(PartyRole.PROVIDER, PartyRole.POPULATION_OF),
        amounts=("wte", "annual_value", "contacts"),
    ),
    ThingKind(HoldingKind.STAFFING, "staffing", "staff group", "staff groups", amounts=("wte", "headcount")),
    ThingKind(HoldingKind.PREMISES, "premises", "building", "buildings"),
    ThingKind(HoldingKind.ARM, "provider_arms", "provider arm", "provider arms", state="separation"),
    ThingKind(HoldingKind.GROUP, "portfolio_groups", "group of services", "groups of services"),
)

KINDS: Mapping[HoldingKind, ThingKind] = MappingProxyType({kind.name: kind for kind in _ALL})
"""Every kind, in the order in which they are told."""

KIND_OF: Mapping[str, HoldingKind] = {kind.section: kind.name for kind in _ALL}
"""The kind of thing that each section of a document states."""
