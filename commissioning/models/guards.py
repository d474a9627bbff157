"""Guards that the ORM cannot declare: holdings of one thing by the same bodies never overlap, nor those of a thing
that goes whole (see `organisations.models.guards`)."""

from __future__ import annotations

from typing import Any

from organisations.models import guards

GUARDED: guards.Guarded = {
    "commissioning_contractholding": ("item_id", "commissioner_id", "provider_id"),
    "commissioning_budgetholding": ("item_id", "organisation_id"),
    "commissioning_contribution": ("item_id", "partner_id"),
    "commissioning_provisionholding": ("item_id", "provider_id", "population_of_id"),
    "commissioning_staffingholding": ("item_id", "organisation_id"),
    "commissioning_premisesholding": ("item_id",),
    "commissioning_armholding": ("item_id",),
    "commissioning_groupholding": ("item_id",),
}
"""The tables of holdings: what is held, and by whom; of what is never divided, by whomsoever."""


def put_back_triggers(*, using: str, **_: Any) -> None:
    """After migrations on SQLite: see that every table of holdings has its triggers."""
    guards.put_back_triggers(using=using, guarded=GUARDED)
