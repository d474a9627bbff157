"""Periods of one thing never overlap: exclusion constraints on PostgreSQL. SQLite's triggers are put back after every
migration (`organisations.models.guards`)."""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

from organisations.models.guards import GUARDED, constraint, exclusion


def guard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in GUARDED:
            schema_editor.execute(exclusion(table))


def unguard(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in GUARDED:
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint(table)}"')


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [BtreeGistExtension(), migrations.RunPython(guard, unguard)]
