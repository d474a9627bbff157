"""What an effected change did to the things that bodies hold, as the rows tell that it wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commissioning.contributor.columns import STATES, amounts_from, parties_from, state_of
from commissioning.domain.operations import Facts
from commissioning.domain.vocabulary import EndReason
from commissioning.models import HOLDINGS, ContractHolding
from commissioning.models.holding import HoldingModel as HoldingRow
from organisations.domain.effects import Effect
from organisations.models import Change


def effects_of_change(change: Change) -> Iterator[Effect]:
    """Every holding that the change ended and every one that it began, of each kind of thing. Of a contract that it
    named and that nobody has any more, also that it lapsed."""
    named = frozenset(change.moves.values_list("what", flat=True))
    for model in HOLDINGS:
        contracts = named if model is ContractHolding else frozenset()
        begun_anew = model._default_manager.filter(begun_by=change, item__in=contracts) if contracts else ()
        lapsed = contracts - {row.item_id for row in begun_anew}
        for row in _rows(model, ended_by=change):
            until: Facts = {"until": row["end"]}
            until |= {"because": EndReason.LAPSED.label} if row["item"] in lapsed else {}
            yield Effect("close-holding", row[model.parties[0].value], _told(model, row), until)
        for row in _rows(model, begun_by=change):
            begun = _told(model, row) | {"from": row["start"]}
            yield Effect("open-holding", row[model.parties[0].value], {}, begun)


def _rows(model: type[HoldingRow], **by: Change) -> Iterator[dict[str, Any]]:
    columns = ["item", "item__title", "start", "end", *model.amounts, *(role.value for role in model.parties)]
    columns += [STATES[model.kind]] if model.kind in STATES else []
    found: Iterator[dict[str, Any]] = (
        model._default_manager.filter(**by).order_by("item", "start", "pk").values(*columns).iterator()
    )
    return found


def _told(model: type[HoldingRow], row: dict[str, Any]) -> Facts:
    told: Facts = {"kind": model.kind.value, "code": row["item"], "title": row["item__title"]}
    told |= {role.value: code for role, code in parties_from(model, row)}
    told |= {name: None if amount is None else str(amount) for name, amount in amounts_from(model, row)}
    state = state_of(model.kind, row[STATES[model.kind]]) if model.kind in STATES else ""
    return told | ({"state": state} if state else {})
