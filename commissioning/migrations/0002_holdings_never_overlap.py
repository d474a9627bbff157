"""Holdings of one thing by the same bodies never overlap: exclusion constraints on PostgreSQL. SQLite's triggers are put
back after every migration (`commissioning.models.guards`)."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from organisations.models.guards import constraint, exclusion

GUARDED = {
    "commissioning_contractholding": ("item_id", "commissioner_id", "provider_id"),
    "commissioning_budgetholding": ("item_id", "organisation_id"),
    "commissioning_contribution": ("item_id", "partner_id"),
    "commissioning_provisionholding": ("item_id", "provider_id", "population_of_id"),
    "commissioning_staffingholding": ("item_id", "organisation_id"),
    "commissioning_premisesholding": ("item_id",),
    "commissioning_armholding": ("item_id",),
    "commissioning_groupholding": ("item_id",),
}


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in GUARDED:
            schema_editor.execute(exclusion(table, GUARDED))


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in GUARDED:
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint(table)}"')


class Migration(migrations.Migration):
    dependencies = [("commissioning", "0001_initial")]
    operations = [BtreeGistExtension(), migrations.RunPython(guard, unguard)]
