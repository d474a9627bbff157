"""The facts that stand in the test database, and how they are put back after a test that commits.

Django empties every table after such a test. That would take the facts away from the tests that follow, and on SQLite
the audit trail refuses to be emptied at all. So a copy of an SQLite database is kept and laid back over it; on
PostgreSQL, where emptying is quick and the trail's triggers do not see it, the facts are loaded again.
"""

from __future__ import annotations

import sqlite3
from importlib import import_module
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.test import TransactionTestCase

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
PORTFOLIOS = sorted((FIXTURES / "portfolios").glob("*.yaml"))
_copies: list[sqlite3.Connection] = []


def load() -> None:
    """Load the reference records and every shipped portfolio."""
    from organisations.actions.load_portfolio import load_portfolio
    from organisations.actions.load_reference import load_reference

    load_reference(folder=FIXTURES / "reference", by="tests")
    for path in PORTFOLIOS:
        load_portfolio(path=path, by="tests")


def keep() -> None:
    """Remember the database as it stands, and have it put back after every test that commits."""
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        connection.connection.backup(copy)
        _copies[:] = [copy]
        TransactionTestCase._fixture_teardown = _lay_back
    else:
        empty = TransactionTestCase._fixture_teardown
        TransactionTestCase._fixture_teardown = lambda case: (empty(case), _load_again())


def _lay_back(case: TransactionTestCase) -> None:
    connection.close_if_unusable_or_obsolete()
    connection.ensure_connection()
    _copies[0].backup(connection.connection)


def _load_again() -> None:
    # What migrations put there went with the rest.
    from pcorg.audit.models import AuditHead
    from pcorg.audit.trail import GENESIS

    AuditHead.objects.get_or_create(id=1, defaults={"sequence": 0, "digest": GENESIS})
    import_module("pcorg.accounts.migrations.0001_roles").make_roles(apps, None)
    load()
