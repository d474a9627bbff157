"""A population that a change computed says so: from which counts, and when the oldest of them was taken."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("organisations", "0003_stored_statements")]

    operations = [
        migrations.RemoveConstraint(model_name="population", name="one_population_a_day"),
        migrations.AddField("population", "at_least", models.BooleanField(default=False)),
        migrations.AddField("population", "oldest_on", models.DateField(blank=True, null=True)),
        migrations.AddField("population", "parts", models.JSONField(blank=True, default=list)),
        migrations.AddField(
            "population",
            "superseded_by",
            models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.change",
            ),
        ),
        migrations.AlterField(
            "population",
            "counted",
            models.CharField(
                choices=[
                    ("registered", "Patients registered with practices"),
                    ("resident", "People resident in the area"),
                    ("estimate", "Estimate"),
                    ("computed", "Computed from the counts of the organisations that changed"),
                ],
                max_length=20,
            ),
        ),
    ]
