"""The facts that stand in the test database, and how they are put back after a test that commits.

Django empties every table after such a test. That would take the facts away from the tests that follow, and the audit
trail refuses to be emptied at all on SQLite. So a copy of the loaded database is kept and laid back over it.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.db import connection
from django.test import TransactionTestCase

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
PORTFOLIOS = sorted((FIXTURES / "portfolios").glob("*.yaml"))


def load() -> None:
    """Load the reference records, every shipped portfolio and the shipped assessments."""
    from evaluation.actions.load_assessments import load_assessments
    from organisations.actions.load_portfolio import load_portfolio
    from organisations.actions.load_reference import load_reference

    load_reference(folder=FIXTURES / "reference", by="tests")
    for path in PORTFOLIOS:
        load_portfolio(path=path, by="tests")
    load_assessments(path=FIXTURES / "assessments" / "shipped.yaml", by="tests")


def keep() -> Kept:
    """Keep a copy of the database as it stands, to be laid back after every test that commits."""
    kept = KeptSqlite() if connection.vendor == "sqlite" else KeptPostgres()
    TransactionTestCase._fixture_teardown = lambda case: kept.lay_back()
    return kept


class KeptSqlite:
    """A copy in memory."""

    def __init__(self) -> None:
        connection.ensure_connection()
        self._copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(self._copy)

    def lay_back(self) -> None:
        connection.ensure_connection()
        self._copy.backup(connection.connection)

    def forget(self) -> None:
        self._copy.close()


class KeptPostgres:
    """A database beside it, used as the template of a new one."""

    def __init__(self) -> None:
        self._name = connection.settings_dict["NAME"]
        self._copy = f"{self._name}_kept"
        self.forget()
        connection.close()
        self._run(f'CREATE DATABASE "{self._copy}" TEMPLATE "{self._name}"')

    def lay_back(self) -> None:
        connection.close()
        self._run(f'DROP DATABASE "{self._name}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{self._name}" TEMPLATE "{self._copy}"')

    def forget(self) -> None:
        self._run(f'DROP DATABASE IF EXISTS "{self._copy}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


Kept = KeptSqlite | KeptPostgres
