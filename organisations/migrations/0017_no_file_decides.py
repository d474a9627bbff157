"""What files said was decided here, before they were refused that, was decided elsewhere."""

from typing import Any

from django.db import migrations

HERE, ELSEWHERE = "decision", "decided-elsewhere"
DATED = ("FormPeriod", "NamePeriod", "Relationship", "Population", "BoardSeat")


def tell(apps: Any, schema_editor: Any) -> None:
    """Changes that were loaded and not carried out here, and the facts that they began."""
    loaded = apps.get_model("organisations", "Change").objects.filter(recorded=True)
    numbers = list(loaded.filter(basis=HERE).values_list("pk", flat=True))
    for name in DATED:
        model = apps.get_model("organisations", name)
        for number in numbers:
            model._base_manager.filter(begun_by=number, basis=HERE).update(basis=ELSEWHERE)
    loaded.filter(basis=HERE).update(basis=ELSEWHERE)


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0016_loads_that_wait"),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
