"""What bodies hold on a day, added up: what a change must not lose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from commissioning.domain.holdings import Holding, Holdings
from commissioning.domain.vocabulary import HoldingKind, PartyRole
from organisations.domain.totals import Total, total_of

NOTHING = Decimal("0.00")


def totals(portfolios: Mapping[str, str], all_holdings: Holdings, on: date) -> dict[str, Total]:
    """Named totals of what bodies hold on a day; `portfolios` names the portfolio of each body.

    `contracts` counts the contracts in which any of them is a party, once each; `contract_value`, `budget` and
    `pooled` (what they put into pooled budgets) are pounds a year; `provisions` counts the services they provide;
    `staff_wte` is whole-time equivalent.

    A portfolio that holds things of a kind holds all of them that its bodies have: a body without any has none. One
    that holds nothing of the kind does not record it, so that what its bodies have is unknown.
    """
    by_kind: dict[HoldingKind, list[Holding]] = {kind: [] for kind in HoldingKind}
    for each in all_holdings.of_any(portfolios, on):
        by_kind[each.kind].append(each)
    provided = [each for each in by_kind[HoldingKind.PROVISION] if each.party(PartyRole.PROVIDER) in portfolios]

    def number(kind: HoldingKind, holdings: Iterable[Holding]) -> Total:
        return total_of([1] * len({each.item for each in holdings}), complete=_recorded(kind, portfolios, all_holdings))

    def amount(kind: HoldingKind, name: str) -> Total:
        amounts = [each.amount(name) for each in by_kind[kind]]
        return total_of(amounts, NOTHING, complete=_recorded(kind, portfolios, all_holdings))

    return {
        "contracts": number(HoldingKind.CONTRACT, by_kind[HoldingKind.CONTRACT]),
        "contract_value": amount(HoldingKind.CONTRACT, "annual_value"),
        "budget": amount(HoldingKind.BUDGET, "amount"),
        "pooled": amount(HoldingKind.POOL, "amount"),
        "provisions": number(HoldingKind.PROVISION, provided),
        "staff_wte": amount(HoldingKind.STAFFING, "wte"),
    }


def _recorded(kind: HoldingKind, portfolios: Mapping[str, str], holdings: Holdings) -> bool:
    """Whether the portfolio of every body records what of a kind its bodies hold."""
    return all((portfolio, kind) in holdings.recorded for portfolio in portfolios.values())
