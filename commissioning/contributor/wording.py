"""What a change does to what bodies hold, in words: a line for each holding that ends or begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from commissioning.domain.kinds import KINDS
from commissioning.domain.vocabulary import HoldingKind, PartyRole, Separation
from organisations.contributors import EffectLine
from organisations.domain.effects import Effect

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
    facts = effect.before | effect.after
    why = f", for: {_lower(str(facts['because']))}" if "because" in facts else ""
    parts = [_parties(facts, name), *_figures(facts), _state(facts), _until(facts)]
    words = "; ".join(part for part in parts if part)
    kind = KINDS[HoldingKind(facts["kind"])]
    pounds = next((Decimal(facts[key]) for key in MONEY if facts.get(key) is not None), None)
    named = f"{facts['title']} ({facts['code']}){f': {words}' if words else ''}"
    return EffectLine(f"{wording}{why}", kind.one, kind.many, named, pounds)


def bodies_in(effect: Effect) -> Iterator[str]:
    """The bodies that hold what an effect is about."""
    facts = effect.before | effect.after
    return (str(facts[role.value]) for role in PartyRole if effect.operation in WORDINGS and role.value in facts)


def _parties(facts: Mapping[str, Any], name: Callable[[str], str]) -> str:
    """Who deals with whom, where more than one body has a part."""
    party = {role: name(str(facts[role.value])) for role in PartyRole if role.value in facts}
    if PartyRole.COMMISSIONER in party:
        return f"{party[PartyRole.COMMISSIONER]} with {party[PartyRole.PROVIDER]}"
    if PartyRole.POPULATION_OF in party and party[PartyRole.POPULATION_OF] != party[PartyRole.PROVIDER]:
        return f"{party[PartyRole.PROVIDER]} for the people of {party[PartyRole.POPULATION_OF]}"
    return ""


def _figures(facts: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"£{Decimal(facts[key]):,.2f} a year" for key in MONEY if facts.get(key) is not None)
    yield from (f"{Decimal(facts[key]):,} {unit}" for key, unit in FIGURES.items() if facts.get(key) is not None)


def _state(facts: Mapping[str, Any]) -> str:
    if facts["kind"] == HoldingKind.POOL:
        return "as its host" if facts.get("state") else ""
    return Separation(facts["state"]).label.lower() if facts.get("state") else ""


def _until(facts: Mapping[str, Any]) -> str:
    """The day on which it is to end, of what begins; what a change ends, ends on the day of the change."""
    until = facts.get("until")
    begins = "from" in facts and isinstance(until, date)
    return f"until {until.day} {until:%B %Y}" if begins and isinstance(until, date) else ""


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
