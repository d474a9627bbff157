"""Moving everything from one database to another, such as from SQLite to PostgreSQL: all in one transaction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dj_database_url
from django.contrib.contenttypes.models import ContentType
from django.core.management.base import CommandError
from django.core.management.color import no_style
from django.db import DatabaseError, connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from pcorg.core.audit.canonical import one_snapshot
from pcorg.core.batches import batches
from pcorg.core.copies.content import SEEDED, content_hash, holds_data, lasting, lasting_rows

SOURCE, TARGET = "source", "default"
BATCH = 500


def transfer(url: str) -> str:
    """Copy all lasting rows of another database into this one, which must be migrated and hold nothing yet. Gives the
    content hash, which is the same of both.

    Every guard stays on. Foreign keys are judged when all is there, so that tables need no order. The counters of keys
    go on after the last. Raises CommandError; nothing is changed then, as after any interruption.
    """
    _connect(url)
    try:
        return _transferred()
    except (DatabaseError, ValueError, TypeError, OverflowError) as error:
        raise CommandError(f"Nothing was transferred: {error}") from error
    finally:
        connections[SOURCE].close()
        del connections[SOURCE]
        del connections.databases[SOURCE]


def _transferred() -> str:
    target = connections[TARGET]
    applied, expected = (set(MigrationRecorder(connections[each]).applied_migrations()) for each in (TARGET, SOURCE))
    if applied != expected:
        names = ", ".join(".".join(key) for key in sorted(applied ^ expected)[:3])
        raise CommandError(f"The databases are not of one version; they differ in {names}. Run migrate on both.")
    with one_snapshot(SOURCE), transaction.atomic(using=TARGET):
        if holds_data(TARGET):
            raise CommandError("The database to transfer to holds data. Make a new one, run migrate, and try again.")
        models_: list[type[models.Model]] = [ContentType, *lasting()]
        with target.cursor() as cursor:
            for table in (*sorted(SEEDED), ContentType._meta.db_table):  # of the links first, by the alphabet
                cursor.execute(f"DELETE FROM {target.ops.quote_name(table)}")  # noqa: S608 - our own names
        for model in models_:
            _copy(model)
        with target.cursor() as cursor:
            for statement in target.ops.sequence_reset_sql(no_style(), models_):
                cursor.execute(statement)
        sent, received = content_hash(SOURCE), content_hash(TARGET)
        if sent != received:
            raise CommandError("Nothing was transferred: what arrived was not what was sent.")
    return received


def _copy(model: type[models.Model]) -> None:
    rows: Any = lasting_rows(model, SOURCE).order_by("pk").iterator(chunk_size=BATCH)
    fields: Any = list(model._meta.concrete_fields)
    to: Any = model._base_manager.using(TARGET)
    size = min(BATCH, connections[TARGET].ops.bulk_batch_size([field.name for field in fields], [None] * BATCH))
    for batch in batches(rows, size):
        to._insert(batch, fields=fields, using=TARGET, raw=True)  # raw: no field sets itself to now


def _connect(url: str) -> None:
    """Name the other database. Raises CommandError where it cannot be reached."""
    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError as error:
        raise CommandError(f"{error}") from error
    if settings["ENGINE"].endswith("sqlite3") and not Path(settings["NAME"]).is_file():
        raise CommandError(f"There is no database at {settings['NAME']}.")
    known: Any = connections
    known.databases[SOURCE] = settings
    known.configure_settings(known.databases)
    try:
        connections[SOURCE].ensure_connection()
    except DatabaseError as error:
        del known.databases[SOURCE]
        raise CommandError(f"The database to transfer from does not answer: {error}") from error
