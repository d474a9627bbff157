"""The role that serves can write the data and add to the trail, and nothing that alters the trail."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests import databases

ROLE = f"pcorg_serving_{os.getpid()}"
WRITES = """
from organisations.services.proposals import comment_on, propose
from organisations.specs.change import ProposedMerger, proposed
from organisations.models import Change, Organisation
from pcorg.core.policies import Actor
found = Organisation.objects.filter(form_periods__form="clinical-commissioning-group", closed=None).order_by("code")
body = {
    "originals": list(found.values_list("code", flat=True)[:2]),
    "resulting": {"code": "9E001", "name": "Evidence", "form": "clinical-commissioning-group"},
    "effective_on": "2015-03-01",
}
change = propose(spec=proposed(ProposedMerger, body).as_change(), by=Actor("ann", commissions=True))
comment_on(change_id=change.pk, by=Actor("ann", commissions=True), text="Said.")
"""
ATTACKS = (
    "UPDATE audit_auditentry SET actor = 'x' WHERE sequence = 1",
    "DELETE FROM audit_auditentry WHERE sequence > 1",
    "TRUNCATE audit_auditentry",
    "UPDATE audit_auditseal SET digest = ''",
    "DELETE FROM audit_auditseal",
    "TRUNCATE audit_auditseal",
    "TRUNCATE audit_audithead",
    "DELETE FROM audit_audithead",
    "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
    "DROP TRIGGER audit_append_only ON audit_auditentry",
    "DROP FUNCTION audit_refuse() CASCADE",
    "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    "DROP TABLE audit_auditentry",
    "ALTER TABLE audit_auditentry RENAME TO gone",
    "SET session_replication_role = replica",
    "SET ROLE postgres",
    "CREATE TABLE x (a int)",
    "DELETE FROM django_migrations",
)


@pytest.fixture
def served() -> Iterator[str]:
    """The address of a whole database for a role that the grants were given to."""
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("roles and grants are of PostgreSQL")
    import psycopg2

    with databases.copied(databases.Content.WHOLE, "grants") as url:
        printed = manage(url, "database_grants", ROLE)
        with closing(psycopg2.connect(url)) as owner:
            owner.autocommit = True
            with owner.cursor() as cursor:
                cursor.execute(f"CREATE ROLE {ROLE} LOGIN")
                for _ in range(2):  # again does no harm
                    cursor.execute(printed)
            parts = urlsplit(url)
            try:
                yield urlunsplit(parts._replace(netloc=f"{ROLE}@{parts.netloc.rpartition('@')[2]}"))
            finally:
                with owner.cursor() as cursor:
                    cursor.execute(f"DROP OWNED BY {ROLE}")
                    cursor.execute(f"DROP ROLE {ROLE}")


def manage(url: str, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=databases.ROOT,
        env={**os.environ, "DATABASE_URL": url, "PCORG_LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_role_that_serves_writes_and_cannot_alter_the_trail(served: str) -> None:
    import psycopg2

    manage(served, "shell", "-c", WRITES)
    manage(served, "load_portfolio", *map(str, databases.PORTFOLIOS))
    manage(served, "load_reference")
    manage(served, "api_token", "ada", "--create", "--role", "commissioner")
    assert "is whole" in manage(served, "verify_audit")

    with closing(psycopg2.connect(served)) as connection:
        connection.autocommit = True
        for attack in ATTACKS:
            with connection.cursor() as cursor, pytest.raises(psycopg2.Error) as refused:
                cursor.execute(attack)
            assert any(word in str(refused.value) for word in ("permission denied", "must be owner")), attack
    assert "is whole" in manage(served, "verify_audit")


def test_setting_up_gives_the_role_that_serves_the_same() -> None:
    if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
        pytest.skip("roles and grants are of PostgreSQL")
    import psycopg2

    held = (
        "SELECT table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = %s ORDER BY 1, 2"
    )
    role = f"{ROLE}_set_up"
    with databases.copied(databases.Content.REFERENCE, "set-up") as url, closing(psycopg2.connect(url)) as owner:
        owner.autocommit = True
        with owner.cursor() as cursor:
            cursor.execute(f"CREATE ROLE {role}")
            try:
                manage(url, "setup", "--bare", "--serving-role", role)
                cursor.execute(held, [role])
                given = cursor.fetchall()
                cursor.execute(manage(url, "database_grants", role))
                cursor.execute(held, [role])
                assert given == cursor.fetchall()
                assert ("audit_auditentry", "INSERT") in given
                assert ("audit_auditentry", "UPDATE") not in given
            finally:
                cursor.execute(f"DROP OWNED BY {role}")
                cursor.execute(f"DROP ROLE {role}")
