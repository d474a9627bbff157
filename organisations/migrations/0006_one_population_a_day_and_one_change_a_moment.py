"""Guards: one population of a body stands on a day, a computed one knows its oldest part, and no two changes of a
portfolio have one place in the order of a day."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("organisations", "0005_computed_populations_and_the_order_of_a_day")]

    operations = [
        migrations.AddConstraint(
            "population",
            models.UniqueConstraint(
                condition=Q(superseded_by__isnull=True), fields=("organisation", "on"), name="one_population_a_day"
            ),
        ),
        migrations.AddConstraint(
            "population",
            models.CheckConstraint(
                condition=Q(begun_by__isnull=False, counted="computed", oldest_on__isnull=False)
                | Q(~Q(counted="computed"), at_least=False, oldest_on__isnull=True),
                name="computed_population_has_its_oldest_day",
            ),
        ),
        migrations.AddConstraint(
            "change",
            models.UniqueConstraint(
                condition=Q(status="effected"),
                fields=("portfolio", "effective_on", "sequence"),
                name="one_change_at_a_moment",
            ),
        ),
    ]
