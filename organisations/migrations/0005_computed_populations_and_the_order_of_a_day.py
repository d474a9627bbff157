"""Name the parts of populations that changes had computed before they said so, and give changes of one day an order."""

from collections import defaultdict
from decimal import Decimal

from django.db import migrations

NOTE = "worked out from the originals' populations and shares"


def name_the_parts(apps, schema_editor):
    """The counts of the originals on the eve, with the shares of the change; of a body that goes on its own too."""
    Population = apps.get_model("organisations", "Population")
    LineageEdge = apps.get_model("organisations", "LineageEdge")
    ChangeParty = apps.get_model("organisations", "ChangeParty")
    worked_out = Population.objects.filter(note=NOTE, begun_by__isnull=False)
    for row in list(worked_out.order_by("on", "begun_by__sequence", "pk")):
        gained = list(
            LineageEdge.objects.filter(
                change=row.begun_by_id, resulting=row.organisation_id, superseded_by=None, share__gt=0
            ).values_list("original_id", "share")
        )
        given = LineageEdge.objects.filter(
            change=row.begun_by_id, original=row.organisation_id, superseded_by=None
        ).values_list("share", flat=True)
        goes_on = ChangeParty.objects.filter(
            change=row.begun_by_id, organisation=row.organisation_id, role="original", superseded_by=None
        )
        if goes_on.exists():
            gained.insert(0, (row.organisation_id, 1 - sum(given, Decimal(0))))
        parts = [_part(Population, code, share, row.on) for code, share in gained]
        days = [part["on"] for part in parts if part["on"] is not None]
        row.counted, row.parts, row.oldest_on = "computed", parts, min(days, default=row.on.isoformat())
        row.at_least = len(days) < len(parts)
        row.save(update_fields=["counted", "parts", "oldest_on", "at_least"])


def _part(Population, code, share, on):
    counts = Population.objects.filter(organisation=code)
    held = counts.filter(on__lt=on).order_by("-on").first() or counts.filter(on__gte=on).order_by("on").first()
    part = {
        "code": code,
        "share": f"{share.normalize():f}",
        "count": None,
        "on": None,
        "basis": None,
        "at_least": False,
    }
    if held is not None:
        part |= {"count": held.count, "on": (held.oldest_on or held.on).isoformat(), "basis": held.counted}
    return part


def put_in_order(apps, schema_editor):
    """Where two changes of a portfolio have one place in the order of a day, number those of the day again."""
    Change = apps.get_model("organisations", "Change")
    days = defaultdict(list)
    effected = Change.objects.filter(status="effected").order_by("effective_on", "sequence", "pk")
    for pk, portfolio, on, sequence in effected.values_list("pk", "portfolio_id", "effective_on", "sequence"):
        days[portfolio, on].append((pk, sequence))
    for changes in days.values():
        if len({sequence for _, sequence in changes}) < len(changes):
            for number, (pk, _) in enumerate(changes, start=1):
                Change.objects.filter(pk=pk).update(sequence=number)


class Migration(migrations.Migration):
    dependencies = [("organisations", "0004_populations_say_what_they_are_computed_from")]

    operations = [
        migrations.RunPython(name_the_parts, migrations.RunPython.noop),
        migrations.RunPython(put_in_order, migrations.RunPython.noop),
    ]
