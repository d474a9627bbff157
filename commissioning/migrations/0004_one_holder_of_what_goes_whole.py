"""Premises, a provider arm and a group of services have one holder at a time, whoever it is: PostgreSQL's exclusion
constraints are made anew. SQLite's triggers are put back after every migration (`commissioning.models.guards`)."""

from django.db import migrations

from organisations.models.guards import constraint, exclusion

TABLES = ("commissioning_premisesholding", "commissioning_armholding", "commissioning_groupholding")
ONE_HOLDER = dict.fromkeys(TABLES, ("item_id",))
SAME_HOLDER = dict.fromkeys(TABLES, ("item_id", "organisation_id"))


def _guarded_by(guarded):
    def guard(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for table in TABLES:
                schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint(table)}"')
                schema_editor.execute(exclusion(table, guarded))

    return guard


class Migration(migrations.Migration):
    dependencies = [("commissioning", "0003_indexes_for_filters")]
    operations = [migrations.RunPython(_guarded_by(ONE_HOLDER), _guarded_by(SAME_HOLDER))]
