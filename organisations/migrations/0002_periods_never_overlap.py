"""Periods of one thing never overlap: exclusion constraints on PostgreSQL, triggers on SQLite.

Each guarded table names the columns that say what the period is about.
"""

from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations

GUARDED = {
    "organisations_formperiod": ("organisation_id",),
    "organisations_nameperiod": ("organisation_id",),
    "organisations_boardseat": ("organisation_id", "constituency"),
    "organisations_relationship": ("kind", "subject_id", "object_id"),
}


def constraint(table):
    return f"{table}_never_overlaps"


def exclusion(table, columns):
    same = ", ".join(f'"{column}" WITH =' for column in columns)
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{constraint(table)}" '
        f'EXCLUDE USING gist ({same}, daterange("start", "end", \'[)\') WITH &&)'
    )


def trigger(table, columns, event):
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in columns)
    return f"""
        CREATE TRIGGER "{constraint(table)}_{event.lower()}" BEFORE {event} ON "{table}"
        WHEN EXISTS (
            SELECT 1 FROM "{table}" WHERE {same} AND "id" IS NOT NEW."id"
            AND (NEW."end" IS NULL OR "start" < NEW."end") AND ("end" IS NULL OR NEW."start" < "end")
        )
        BEGIN SELECT RAISE(ABORT, '{constraint(table)}'); END
    """


def guard(apps, schema_editor):
    for table, columns in GUARDED.items():
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(exclusion(table, columns))
        else:
            for event in ("INSERT", "UPDATE"):
                schema_editor.execute(trigger(table, columns, event))


def unguard(apps, schema_editor):
    for table in GUARDED:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint(table)}"')
        else:
            for event in ("insert", "update"):
                schema_editor.execute(f'DROP TRIGGER "{constraint(table)}_{event}"')


class Migration(migrations.Migration):
    dependencies = [("organisations", "0001_initial")]
    operations = [BtreeGistExtension(), migrations.RunPython(guard, unguard)]
