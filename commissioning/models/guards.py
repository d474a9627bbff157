"""Guards that the ORM cannot declare: holdings of one thing by the same bodies never overlap, nor those of a thing
that goes whole (see `organisations.models.guards`)."""

from __future__ import annotations

from typing import Any

from commissioning.domain.kinds import KINDS
from commissioning.models import HOLDINGS
from organisations.models import guards

GUARDED: guards.Guarded = {
    holding._meta.db_table: ("item_id",)
    if KINDS[holding.kind].undivided
    else ("item_id", *(f"{role.value}_id" for role in KINDS[holding.kind].parties))
    for holding in HOLDINGS
}
"""The tables of holdings: what is held, and by whom; of what is never divided, by whomsoever."""


def put_back_triggers(*, using: str, **_: Any) -> None:
    """After migrations on SQLite: see that every table of holdings has its triggers."""
    guards.put_back_triggers(using=using, guarded=GUARDED)
