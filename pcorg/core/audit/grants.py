"""What a role of PostgreSQL may do that serves the product, and nothing more: it can add to the audit trail and never
alter it. Another role owns the tables and migrates."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db import connection

from pcorg.core.audit.guards import APPEND_ONLY
from pcorg.core.audit.models import AuditHead

HEAD = AuditHead._meta.db_table
READ_ONLY = ("django_migrations", "django_content_type")


def statements(role: str) -> Iterator[str]:
    """The statements, for the owner of the database to run after each migration; running them again does no harm."""
    name = connection.ops.quote_name
    to = name(role)
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    others = sorted(tables - {*APPEND_ONLY, HEAD, *READ_ONLY})
    yield f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {to};"
    yield f"GRANT USAGE ON SCHEMA public TO {to};"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {to};"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {to};"
    yield f"GRANT SELECT ON {', '.join(map(name, READ_ONLY))} TO {to};"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(map(name, others))} TO {to};"
    yield f"GRANT SELECT, INSERT ON {', '.join(map(name, APPEND_ONLY))} TO {to};"
    yield f"GRANT SELECT, UPDATE ON {name(HEAD)} TO {to};"
