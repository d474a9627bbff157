"""What the command `doctor` looks at: each part of a running pcorg, how it is, and what to do about it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache
from django.db import connection
from django.db.models import Count
from django.db.models.functions import Now

from organisations.models import Portfolio
from organisations.models.querysets import existed
from organisations.selectors.gaps import in_two_groups, missing_relationships
from pcorg import health
from pcorg.core.audit import checking
from pcorg.core.audit.models import AuditEntry
from pcorg.core.jobs.models import Job, JobState

OLDEST_PYTHON = (3, 11)
OLDEST_POSTGRESQL = 15
STYLE_SHEET = "pcorg/app.css"
LATE = timedelta(minutes=10)
"""For how long a job may wait before something is thought wrong."""
EXAMPLES = 5
"""Cases of one kind that are named; the rest are counted."""


@dataclass(frozen=True)
class Diagnosis:
    """One part looked at. `remedy` says what to do, and is empty where nothing is wrong."""

    part: str
    state: str
    remedy: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.remedy


def findings() -> Iterator[Diagnosis]:
    """Every part in turn; what rests on a database that does not answer or lacks tables is left out."""
    yield python()
    yield static_files()
    yield cache_answers()
    for look in (database, migrations):
        finding = look()
        yield finding
        if not finding.well:
            return
    yield reference()
    yield from portfolios()
    for look in (relationships, memberships, audit, jobs):
        yield look()


def python() -> Diagnosis:
    """The interpreter."""
    old = sys.version_info < OLDEST_PYTHON
    return Diagnosis("Python", f"Python {platform.python_version()}", "Use Python 3.11 or later." if old else "")


def static_files() -> Diagnosis:
    """Style sheet and scripts, built and collected."""
    if staticfiles_storage.exists("staticfiles.json") and staticfiles_storage.exists(STYLE_SHEET):
        return Diagnosis("Static files", f"collected in {settings.STATIC_ROOT}")
    remedy = "Run: make setup (or build the assets, then manage.py collectstatic)"
    return Diagnosis("Static files", f"not all in {settings.STATIC_ROOT}", remedy)


def cache_answers() -> Diagnosis:
    """The cache, which throttles count in."""
    kind = "shared, Redis" if settings.CACHE_URL else "in the memory of each process"
    try:
        cache.set("pcorg.doctor", "well", timeout=10)
        answered = cache.get("pcorg.doctor") == "well"
    except Exception as error:  # whatever the cache's library raises, the cache does not work
        return Diagnosis("Cache", f"{kind}: {error}", "See whether CACHE_URL is right and answers.")
    if not answered:
        remedy = "See whether CACHE_URL is right and answers, or give the cache more memory."
        return Diagnosis("Cache", f"{kind}: is away, or forgets at once", remedy)
    return Diagnosis("Cache", kind)


def database() -> Diagnosis:
    """The database: which, how old, whether it answers."""
    if fault := health.database_fault():
        return Diagnosis("Database", fault, "See whether DATABASE_URL is right and the server runs.")
    version = connection.get_database_version()
    numbers = ".".join(str(part) for part in version)
    if connection.vendor == "postgresql":
        old = version[0] < OLDEST_POSTGRESQL
        remedy = f"Move to PostgreSQL {OLDEST_POSTGRESQL} or later." if old else ""
        return Diagnosis("Database", f"PostgreSQL {numbers}", remedy)
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    # a database in memory, as tests have it, has no log to keep
    remedy = "" if journal in {"wal", "memory"} else "Keep the file on a local disk: a write-ahead log needs one."
    return Diagnosis(
        "Database", f"SQLite {numbers}, {settings.DATABASES['default']['NAME']}, journal {journal}", remedy
    )


def migrations() -> Diagnosis:
    """Whether the tables are those of this code."""
    if fault := health.migrations_fault():
        return Diagnosis("Migrations", fault, "Run: manage.py migrate")
    return Diagnosis("Migrations", "all applied")


def reference() -> Diagnosis:
    """Whether reference records are loaded, and how many."""
    if fault := health.reference_fault():
        return Diagnosis("Reference records", fault, "Run: manage.py load_reference")
    counts = (f"{model.objects.count()} {model._meta.verbose_name_plural}" for model in health.REFERENCE)
    return Diagnosis("Reference records", ", ".join(counts))


def portfolios() -> list[Diagnosis]:
    """Each portfolio with the period it covers."""
    found = [
        Diagnosis(
            f"Portfolio {portfolio.slug}",
            f"{portfolio.covers_from} to {portfolio.covers_to}, {portfolio.bodies} bodies"
            + (", illustrative" if portfolio.illustrative else ""),
        )
        for portfolio in Portfolio.objects.annotate(bodies=Count("organisations", filter=existed("organisations__")))
    ]
    remedy = "Run: manage.py load_portfolio fixtures/portfolios/*.yaml"
    return found or [Diagnosis("Portfolios", "none is loaded", remedy)]


def relationships() -> Diagnosis:
    """Whether every relationship that was loaded is held."""
    missing = list(missing_relationships())
    if not missing:
        return Diagnosis("Relationships", "all that were loaded are held")
    state = f"{len(missing)} loaded but not held, the first: {missing[0]}"
    remedy = "Run: manage.py dump_portfolio for each portfolio, and load the files into a new database."
    return Diagnosis("Relationships", state, remedy)


def memberships() -> Diagnosis:
    """Practices that are members of two groups at once, which lists and totals would count twice."""
    found = list(in_two_groups())
    if not found:
        return Diagnosis("Memberships", "no practice is in two groups at once")
    examples = "; ".join(
        f"{each.practice} in {' and '.join(each.groups)} from {each.first}" for each in found[:EXAMPLES]
    )
    more = f"; and {len(found) - EXAMPLES:,} more" if len(found) > EXAMPLES else ""
    state = f"{len(found):,} time(s) a practice is in two groups at once: {examples}{more}"
    remedy = "Find out from the register which is right, and record a transfer of the practice or a correction."
    return Diagnosis("Memberships", state, remedy)


def audit() -> Diagnosis:
    """Whether the audit trail is whole, and how long it is."""
    if faults := list(checking.faults()):
        remedy = "Run: manage.py verify_audit; compare with a backup; find out who altered it."
        return Diagnosis("Audit trail", f"{len(faults)} fault(s), the first: {faults[0]}", remedy)
    return Diagnosis("Audit trail", f"whole, {AuditEntry.objects.count()} entries; the data are as it says")


def jobs() -> Diagnosis:
    """Whether somebody carries out the jobs that wait."""
    waiting = Job.objects.filter(state=JobState.QUEUED)
    late = waiting.filter(created__lt=Now() - LATE).count()
    state = f"{waiting.count():,} waiting, carried out by: {settings.TASKS_BY}"
    if not late:
        return Diagnosis("Jobs", state)
    remedy = "Run a worker: manage.py db_worker (see docs/deploy.md)."
    return Diagnosis("Jobs", f"{state}; {late:,} for longer than ten minutes", remedy)
