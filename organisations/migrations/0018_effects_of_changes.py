"""What a change does is stored when it is carried out. Of changes carried out before, it is read from the rows that
they wrote, as their pages told it until now; a migration of commissioning adds what bodies hold."""

from collections import defaultdict
from typing import Any

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F
from django.db.models.functions import Coalesce


def store(apps: Any, schema_editor: Any) -> None:
    """Store the effects of every change that was carried out, by kind; what was struck out since is among them."""
    done = apps.get_model("organisations", "Change").objects.filter(status="effected").order_by("pk")
    days = {number: {"day": on.isoformat()} for number, on in done.values_list("pk", "effective_on")}
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)

    def rows(name: str, by: str, *columns: Any, **where: Any) -> Any:
        manager = apps.get_model("organisations", name)._base_manager
        written = manager.filter(**{f"{by}__isnull": False}, **where)
        if name == "LineageEdge":  # what a later correction put in the place of others, the change itself did not draw
            written = written.exclude(note__startswith="re-based: ")
        return written.order_by("pk").values_list(by, *columns).iterator()

    def add(change: int, operation: str, subject: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        found[change].append({"operation": operation, "subject": subject, "before": before, "after": after})

    for change, code in rows("Organisation", "closed_by", "pk"):
        add(change, "close-organisation", code, {}, {"closed": days[change]})
    for change, code in rows("FormPeriod", "begun_by", "organisation", start=F("organisation__opened")):
        add(change, "open-organisation", code, {}, {"opened": days[change]})
    for name, fact in (("FormPeriod", "form"), ("NamePeriod", "name")):
        ended = {(change, code): was for change, code, was in rows(name, "ended_by", "organisation", fact)}
        for change, code, now in rows(name, "begun_by", "organisation", fact):
            add(change, f"open-{fact}", code, {fact: ended.get((change, code))}, {fact: now})
    for change, code, resulting, share, basis, of in rows(
        "LineageEdge", "change", "original", "resulting", "share", "basis", "of"
    ):
        drawn = {"resulting": resulting, "share": str(share), "basis": basis}
        add(change, "record-lineage", code, {}, drawn | ({"of": of} if of else {}))
    for change, code, resulting, share, basis in rows(
        "LineageLink", "change", "original", "resulting", "share", "basis"
    ):
        add(change, "record-link", code, {}, {"resulting": resulting, "share": str(share), "basis": basis})
    moves = apps.get_model("organisations", "ChangeMove").objects.order_by("pk")
    for change, what, giver, receiver in moves.values_list("change", "what", "giver", "receiver"):
        add(change, "move-item", giver, {"what": what, "with": giver}, {"what": what, "with": receiver})
    for change, code, count, on, basis, at_least, parts in rows(
        "Population", "begun_by", "organisation", "count", Coalesce("oldest_on", "on"), "counted", "at_least", "parts"
    ):
        people = {"population": count, "on": {"day": on.isoformat()}, "basis": basis}
        computed = {"at_least": at_least, "parts": parts} if basis == "computed" else {}
        add(change, "record-population", code, {}, people | computed)
    for change, code, constituency, seats in rows("BoardSeat", "begun_by", "organisation", "constituency", "seats"):
        add(change, "open-seat", code, {}, {"constituency": constituency, "seats": seats})
    for change, code, kind, other in rows("Relationship", "ended_by", "subject", "kind", "object"):
        add(change, "close-relationship", code, {"kind": kind, "organisation": other}, {"until": days[change]})
    for change, code, kind, other in rows("Relationship", "begun_by", "subject", "kind", "object"):
        add(change, "open-relationship", code, {}, {"kind": kind, "organisation": other})

    model = apps.get_model("organisations", "ChangeEffects")
    model.objects.bulk_create([model(change_id=each, effects=found[each]) for each in days], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0017_no_file_decides")]

    operations = [
        migrations.CreateModel(
            name="ChangeEffects",
            fields=[
                (
                    "change",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="effects",
                        serialize=False,
                        to="organisations.change",
                    ),
                ),
                ("effects", models.JSONField()),
            ],
            options={"ordering": ["change"]},
        ),
        migrations.RunPython(store, migrations.RunPython.noop),
    ]
