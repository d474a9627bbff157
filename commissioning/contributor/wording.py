"""What a change does to what bodies hold, in words: a line for each holding that ends or begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from commissioning.contributor.reading import amounts_from, parties_from, state_columns, state_from
from commissioning.domain.kinds import KINDS
from commissioning.domain.vocabulary import EndReason, HoldingKind, PartyRole, Separation
from commissioning.models import HOLDINGS, ContractHolding
from commissioning.models.holding import HoldingModel as HoldingRow
from organisations.contributors import EffectLine
from organisations.domain.effects import Effect
from organisations.domain.operations import Facts
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
    columns += state_columns(model.kind)
    found: Iterator[dict[str, Any]] = (
        model._default_manager.filter(**by).order_by("item", "start", "pk").values(*columns).iterator()
    )
    return found


def _told(model: type[HoldingRow], row: dict[str, Any]) -> Facts:
    told: Facts = {"kind": model.kind.value, "code": row["item"], "title": row["item__title"]}
    told |= {role.value: code for role, code in parties_from(model, row)}
    told |= {name: None if amount is None else str(amount) for name, amount in amounts_from(model, row)}
    state = state_from(model.kind, row)
    return told | ({"state": state} if state else {})


WORDINGS: Mapping[str, str] = {
    "open-holding": "Comes to hold {}",
    "close-holding": "No longer holds {}",
    "revive-holding": "Holds {} again, as before",
    "revise-holding": "Is put right to have held {} for a shorter time, or never",
}
"""What is said of the holdings of each operation."""

TOTALS: Mapping[str, tuple[str, str]] = {
    "contracts": ("Contracts", "{:,}"),
    "contract_value": ("Contracts, pounds a year", "£{:,.2f}"),
    "budget": ("Budgets, pounds a year", "£{:,.2f}"),
    "pooled": ("Put into pooled budgets, pounds a year", "£{:,.2f}"),
    "provisions": ("Services they provide", "{:,}"),
    "staff_wte": ("Staff, whole-time equivalent", "{:,.2f}"),
}
"""Totals of what bodies hold (`commissioning.domain.totals`): the label and the format of the figure."""

MONEY = ("annual_value", "amount")
FIGURES: Mapping[str, str] = {"wte": "whole-time equivalent", "headcount": "people", "contacts": "contacts a year"}


def in_words(effect: Effect, name: Callable[[str], str]) -> EffectLine | None:
    """An effect on a holding in words; None of any other effect."""
    wording = WORDINGS.get(effect.operation)
    if wording is None:
        return None
    held = effect.before | effect.after
    why = f", for: {_lower(str(held['because']))}" if "because" in held else ""
    said = [_parties(held, name), *_figures(held), _state(held), _until(held)]
    words = "; ".join(part for part in said if part)
    kind = KINDS[HoldingKind(held["kind"])]
    pounds = next((Decimal(held[key]) for key in MONEY if held.get(key) is not None), None)
    named = f"{held['title']} ({held['code']}){f': {words}' if words else ''}"
    return EffectLine(f"{wording}{why}", kind.one, kind.many, named, pounds)


def bodies_in(effect: Effect) -> Iterator[str]:
    """The bodies that hold what an effect is about."""
    held = effect.before | effect.after
    return (str(held[role.value]) for role in PartyRole if effect.operation in WORDINGS and role.value in held)


def _parties(held: Mapping[str, Any], name: Callable[[str], str]) -> str:
    """Who deals with whom, where more than one body has a part."""
    party = {role: name(str(held[role.value])) for role in PartyRole if role.value in held}
    if PartyRole.COMMISSIONER in party:
        return f"{party[PartyRole.COMMISSIONER]} with {party[PartyRole.PROVIDER]}"
    if PartyRole.POPULATION_OF in party and party[PartyRole.POPULATION_OF] != party[PartyRole.PROVIDER]:
        return f"{party[PartyRole.PROVIDER]} for the people of {party[PartyRole.POPULATION_OF]}"
    return ""


def _figures(held: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"£{Decimal(held[key]):,.2f} a year" for key in MONEY if held.get(key) is not None)
    yield from (f"{Decimal(held[key]):,} {unit}" for key, unit in FIGURES.items() if held.get(key) is not None)


def _state(held: Mapping[str, Any]) -> str:
    if held["kind"] == HoldingKind.POOL:
        return "as its host" if held.get("state") else ""
    return Separation(held["state"]).label.lower() if held.get("state") else ""


def _until(held: Mapping[str, Any]) -> str:
    """The day on which it is to end, of what begins; what a change ends, ends on the day of the change."""
    until = held.get("until")
    begins = "from" in held and isinstance(until, date)
    return f"until {until.day} {until:%B %Y}" if begins and isinstance(until, date) else ""


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
