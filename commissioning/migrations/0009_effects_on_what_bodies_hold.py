"""What changes that were carried out before did to what bodies hold, read from the rows that they wrote, is added to
their stored effects."""

from collections import defaultdict
from typing import Any

from django.db import migrations

HOLDINGS = (
    ("contract", "ContractHolding", ("commissioner", "provider"), ("annual_value",), ""),
    ("budget", "BudgetHolding", ("organisation",), ("amount",), ""),
    ("pool", "Contribution", ("partner",), ("amount",), "hosts"),
    ("provision", "ProvisionHolding", ("provider", "population_of"), ("wte", "annual_value", "contacts"), ""),
    ("staffing", "StaffingHolding", ("organisation",), ("wte", "headcount"), ""),
    ("premises", "PremisesHolding", ("organisation",), (), ""),
    ("arm", "ArmHolding", ("organisation",), (), "separation"),
    ("group", "GroupHolding", ("organisation",), (), ""),
)
"""Kinds of thing: their holdings, who has a part in one, its quantities, and what else holds of it."""
LAPSED = "It lapses: both parts come to one body, as the change says, and the work becomes its own"


def add(apps: Any, schema_editor: Any) -> None:
    """Add every holding that a change ended and every one that it began."""
    moves = apps.get_model("organisations", "ChangeMove").objects
    named = set(moves.values_list("change", "what"))
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for kind, name, parties, amounts, state in HOLDINGS:
        manager = apps.get_model("commissioning", name)._base_manager
        begun_anew = set(manager.filter(begun_by__isnull=False).values_list("begun_by", "item"))
        for operation, by in (("close-holding", "ended_by"), ("open-holding", "begun_by")):
            rows = manager.filter(**{f"{by}__isnull": False}).order_by("item", "start", "pk")
            columns = ("item", "item__title", "start", "end", *parties, *amounts, *([state] if state else []))
            for row in rows.values(by, *columns).iterator():
                held = {"kind": kind, "code": row["item"], "title": row["item__title"]}
                held |= {role: row[role] for role in parties}
                held |= {name: None if row[name] is None else str(row[name]) for name in amounts}
                if state and row[state]:
                    held["state"] = "hosts" if kind == "pool" else row[state]
                this = (row[by], row["item"])
                if operation == "open-holding":
                    before, after = {}, held | {"from": {"day": row["start"].isoformat()}}
                else:
                    before, after = held, {"until": {"day": row["end"].isoformat()}}
                    if kind == "contract" and this in named and this not in begun_anew:
                        after["because"] = LAPSED
                effect = {"operation": operation, "subject": row[parties[0]], "before": before, "after": after}
                found[row[by]].append(effect)
    stored = apps.get_model("organisations", "ChangeEffects").objects
    for number, effects in found.items():
        row = stored.get(pk=number)
        row.effects += effects
        row.save(update_fields=["effects"])


class Migration(migrations.Migration):
    dependencies = [
        ("commissioning", "0008_decided_elsewhere"),
        ("organisations", "0018_effects_of_changes"),
    ]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
