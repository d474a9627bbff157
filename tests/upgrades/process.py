"""Builds a database at the migrations of an earlier version with rows in it, migrates, and tells what became of them.

python -m tests.upgrades.process VERSION    on the empty database of DATABASE_URL; prints JSON
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django must be set up first
from django.db import connection, models, transaction  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

VERSIONS = Path(__file__).parent
KNOWN = {"basis": "decision"}
DAY = date(2001, 4, 1)
COUNTED = date(2000, 7, 1)


def build(version: str) -> dict[str, int]:
    """Migrate to a version and put rows into its tables; gives how many rows every table has that has some."""
    targets = list(json.loads((VERSIONS / f"{version}.json").read_text()).items())
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    apps = MigrationExecutor(connection).loader.project_state(targets).apps
    with transaction.atomic():
        _fill(apps)
    return {model._meta.label: count for model in apps.get_models() if (count := model._default_manager.count())}


def _fill(apps: Any) -> None:
    """Two bodies merged into a third by a change of that version, what they hold, an assessment, and the trail."""

    def make(label: str, /, **values: Any) -> Any:
        return apps.get_model(label)._default_manager.create(**values)

    make("organisations.Source", slug="s", title="A source", year=2001)
    form = make(
        "organisations.Form", slug="pct", label="Trust", plural="Trusts", family="", nature="body", source_id="s"
    )
    held = make(
        "organisations.Portfolio", slug="x-old", title="Old", illustrative=True, covers_from=COUNTED, covers_to=DAY
    )
    closed = {"closed": DAY}
    for code, life in (("X-A", closed), ("X-B", closed), ("X-N", {})):
        opened = DAY if code == "X-N" else COUNTED
        make(
            "organisations.Organisation",
            code=code,
            portfolio=held,
            opened=opened,
            opened_basis="exact",
            **life,
            **KNOWN,
        )
    change = make(
        "organisations.Change",
        portfolio=held,
        kind="merger",
        status="effected",
        recorded=True,
        reference="m",
        effective_on=DAY,
        sequence=1,
        title="Merger",
        originals_count=2,
        resulting_count=1,
        **KNOWN,
    )
    for position, (code, role) in enumerate((("X-A", "original"), ("X-B", "original"), ("X-N", "resulting"))):
        make("organisations.ChangeParty", change=change, organisation_id=code, role=role, position=position)
        begun, end = (COUNTED, DAY) if role == "original" else (DAY, None)
        by = {"ended_by": change} if end else {"begun_by": change}
        period = {"organisation_id": code, "start": begun, "end": end, **by, **KNOWN}
        make("organisations.FormPeriod", form=form, **period)
        make("organisations.NamePeriod", name=f"The trust {code}", **period)
        if role == "original":
            make(
                "organisations.LineageEdge", change=change, original_id=code, resulting_id="X-N", share=1, basis="whole"
            )
            make("organisations.Population", organisation_id=code, on=COUNTED, count=100, counted="registered", **KNOWN)
    make(
        "commissioning.Budget",
        code="X-M",
        portfolio=held,
        title="Care",
        stream="prescribing",
        price_year="2000/01",
        set_by="historic",
        **KNOWN,
    )
    for code, period in (
        ("X-A", {"start": COUNTED, "end": DAY, "ended_by": change}),
        ("X-N", {"start": DAY, "begun_by": change}),
    ):
        make("commissioning.BudgetHolding", item_id="X-M", organisation_id=code, amount="10.00", **period)
    make(
        "organisations.ChangeDecision",
        change=change,
        status="effected",
        by="ann",
        at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    _trail(apps)


def _trail(apps: Any) -> None:
    """Two entries as that version wrote them."""
    from pcorg.core.audit.models import AuditEntry
    from pcorg.core.audit.trail import digest_of

    old: type[models.Model] = apps.get_model("audit.AuditEntry")
    previous, at = "0" * 64, datetime(2026, 11, 22, tzinfo=UTC)
    for sequence in (1, 2):
        said = {"sequence": sequence, "at": at, "actor": "ann", "action": "load", "subject": "portfolio x-old"}
        said |= {"particulars": {"n": 1.5}, "previous": previous}
        previous = digest_of(AuditEntry(form=1, **said))
        old._default_manager.create(digest=previous, **said)
    apps.get_model("audit.AuditHead")._default_manager.filter(id=1).update(sequence=2, digest=previous, at=at)


def told() -> dict[str, Any]:
    """What the database holds now, as this version reads it."""
    from organisations.models import Change, NamePeriod, Organisation
    from organisations.services.load_reference import load_reference
    from organisations.services.outcomes import effects_of_change
    from pcorg.core.audit.checking import faults
    from pcorg.core.audit.models import AuditEntry
    from tests.databases import FIXTURES

    said: dict[str, Any] = {
        "faults": list(faults()),
        "entries": list(AuditEntry.objects.order_by("sequence").values_list("action", flat=True)),
        "ended_by": list(NamePeriod.objects.order_by("organisation").values_list("ended_by__reference", flat=True)),
        "closed_by": list(Organisation.objects.order_by("code").values_list("closed_by__reference", flat=True)),
    }
    effects = effects_of_change(Change.objects.get(reference="m"))
    said["effects"] = [[each.operation, each.subject] for each in effects]
    load_reference(folder=FIXTURES / "reference", by="tests")
    said["faults afterwards"] = list(faults())
    return said


if __name__ == "__main__":
    from django.apps import apps as now

    before = build(sys.argv[1])
    call_command("migrate", interactive=False, verbosity=0)
    kept = {label: now.get_model(label)._base_manager.count() for label in before}
    print(json.dumps({"before": before, "kept": kept, **told()}))
