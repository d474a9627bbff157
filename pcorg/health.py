"""Whether the product is alive and ready, for whatever watches over it, and the questions behind the answers.

`/health/` says that the process answers; `/ready/` that it can do its work. Both are plain Django views: no
session, no throttle, never cached.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import structlog
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Exists
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from commissioning.models import (
    Approach,
    ArmOption,
    ContractType,
    Recommendation,
    Service,
    ServiceGroup,
    StaffGroup,
)
from organisations.models import Form, GlossaryTerm, PolicyCheck, Source, TransitionRule
from pcorg.core.audit.models import AuditHead

log = structlog.get_logger("pcorg.health")

REFERENCE = (
    Source,
    Form,
    PolicyCheck,
    TransitionRule,
    GlossaryTerm,
    ServiceGroup,
    Service,
    StaffGroup,
    ContractType,
    Approach,
    Recommendation,
    ArmOption,
)


def database_fault() -> str | None:
    """Why the database does not answer; None when it does."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.error("the database does not answer", error=str(error))
        return "The database does not answer."
    return None


def migrations_fault() -> str | None:
    """Which migrations of the code the database lacks; None when it has them all."""
    pending = sorted(_migrations_of_the_code() - set(MigrationRecorder(connection).applied_migrations()))
    if not pending:
        return None
    first = ", ".join(".".join(key) for key in pending[:3])
    return f"{len(pending)} migration(s) are not applied, the first: {first}."


@cache
def _migrations_of_the_code() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def reference_fault() -> str | None:
    """Which kinds of reference record are missing altogether; None when there are some of each."""
    some = (Exists(model.objects.all()) for model in REFERENCE)
    found = AuditHead.objects.values_list(*some).get(id=1)  # a table that always has its one row: one query for all
    missing = [str(model._meta.verbose_name_plural) for model, any_ in zip(REFERENCE, found, strict=True) if not any_]
    return f"No reference records of: {', '.join(missing)}." if missing else None


READY: dict[str, Callable[[], str | None]] = {
    "database": database_fault,
    "migrations": migrations_fault,
    "reference-data": reference_fault,
}


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """The process answers. Touches nothing else, so that a slow database does not get it restarted."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers, its tables are those of this code, and reference records are loaded; else 503
    with the first of these that fails, for the later ones rest on it."""
    for code, fault_of in READY.items():
        try:
            fault = fault_of()
        except DatabaseError as error:
            log.error("readiness could not be judged", check=code, error=str(error))
            fault = "The database refused a question."
        if fault:
            problem = {
                "type": "about:blank",
                "title": "Not ready",
                "status": 503,
                "detail": fault,
                "code": "not-ready",
                "errors": [{"code": code, "detail": fault}],
            }
            return JsonResponse(
                problem, status=503, content_type="application/problem+json", headers={"Retry-After": "10"}
            )
    return JsonResponse({"status": "ready", "checks": list(READY)})
