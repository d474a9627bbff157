"""What the command `doctor` looks at: each part of a running pcorg, how it is, and what to do about it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
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


@dataclass(frozen=True, kw_only=True)
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
    for look in STORED:
        found = look()
        yield from found
        if look in BASIS and not all(finding.well for finding in found):
            return


def python() -> Diagnosis:
    """The interpreter."""
    state = f"Python {platform.python_version()}"
    if sys.version_info < OLDEST_PYTHON:
        return Diagnosis(part="Python", state=state, remedy="Use Python 3.11 or later.")
    return Diagnosis(part="Python", state=state)


def static_files() -> Diagnosis:
    """Style sheet and scripts, built and collected."""
    if staticfiles_storage.exists("staticfiles.json") and staticfiles_storage.exists(STYLE_SHEET):
        return Diagnosis(part="Static files", state=f"collected in {settings.STATIC_ROOT}")
    return Diagnosis(
        part="Static files",
        state=f"not all in {settings.STATIC_ROOT}",
        remedy="Run: make setup (or build the assets, then manage.py collectstatic)",
    )


def cache_answers() -> Diagnosis:
    """The cache, which throttles count in."""
    kind = "shared, Redis" if settings.CACHE_URL else "in the memory of each process"
    try:
        cache.set("pcorg.doctor", "well", timeout=10)
        answered = cache.get("pcorg.doctor") == "well"
    except Exception as error:  # whatever the cache's library raises, the cache does not work
        return Diagnosis(part="Cache", state=f"{kind}: {error}", remedy="See whether CACHE_URL is right and answers.")
    if not answered:
        remedy = "See whether CACHE_URL is right and answers, or give the cache more memory."
        return Diagnosis(part="Cache", state=f"{kind}: is away, or forgets at once", remedy=remedy)
    return Diagnosis(part="Cache", state=kind)


def database() -> list[Diagnosis]:
    """The database: which, how old, whether it answers."""
    fault = health.database_fault()
    if fault:
        return [
            Diagnosis(part="Database", state=fault, remedy="See whether DATABASE_URL is right and the server runs.")
        ]
    version = connection.get_database_version()
    numbers = ".".join(str(part) for part in version)
    if connection.vendor == "postgresql":
        state = f"PostgreSQL {numbers}"
        old = version[0] < OLDEST_POSTGRESQL
        remedy = f"Move to PostgreSQL {OLDEST_POSTGRESQL} or later." if old else ""
        return [Diagnosis(part="Database", state=state, remedy=remedy)]
    with connection.cursor() as cursor:
        journal = cursor.execute("PRAGMA journal_mode").fetchone()[0]
    state = f"SQLite {numbers}, {settings.DATABASES['default']['NAME']}, journal {journal}"
    # a database in memory, as tests have it, has no log to keep
    remedy = "" if journal in {"wal", "memory"} else "Keep the file on a local disk: a write-ahead log needs one."
    return [Diagnosis(part="Database", state=state, remedy=remedy)]


def migrations() -> list[Diagnosis]:
    """Whether the tables are those of this code."""
    fault = health.migrations_fault()
    if fault:
        return [Diagnosis(part="Migrations", state=fault, remedy="Run: manage.py migrate")]
    return [Diagnosis(part="Migrations", state="all applied")]


def reference() -> list[Diagnosis]:
    """Whether reference records are loaded, and how many."""
    fault = health.reference_fault()
    if fault:
        return [Diagnosis(part="Reference records", state=fault, remedy="Run: manage.py load_reference")]
    counts = (f"{model.objects.count()} {model._meta.verbose_name_plural}" for model in health.REFERENCE)
    return [Diagnosis(part="Reference records", state=", ".join(counts))]


def portfolios() -> list[Diagnosis]:
    """Each portfolio with the period it covers."""
    found = [
        Diagnosis(
            part=f"Portfolio {portfolio.slug}",
            state=f"{portfolio.covers_from} to {portfolio.covers_to}, {portfolio.bodies} bodies"
            + (", illustrative" if portfolio.illustrative else ""),
        )
        for portfolio in Portfolio.objects.annotate(bodies=Count("organisations", filter=existed("organisations__")))
    ]
    return found or [
        Diagnosis(
            part="Portfolios",
            state="none is loaded",
            remedy="Run: manage.py load_portfolio fixtures/portfolios/*.yaml",
        )
    ]


def relationships() -> list[Diagnosis]:
    """Whether every relationship that was loaded is held."""
    missing = list(missing_relationships())
    if missing:
        return [
            Diagnosis(
                part="Relationships",
                state=f"{len(missing)} loaded but not held, the first: {missing[0]}",
                remedy="Run: manage.py dump_portfolio for each portfolio, and load the files into a new database.",
            )
        ]
    return [Diagnosis(part="Relationships", state="all that were loaded are held")]


def memberships() -> list[Diagnosis]:
    """Practices that are members of two groups at once, which lists and totals would count twice."""
    found = list(in_two_groups())
    if not found:
        return [Diagnosis(part="Memberships", state="no practice is in two groups at once")]
    examples = "; ".join(
        f"{each.practice} in {' and '.join(each.groups)} from {each.first}" for each in found[:EXAMPLES]
    )
    more = f"; and {len(found) - EXAMPLES:,} more" if len(found) > EXAMPLES else ""
    return [
        Diagnosis(
            part="Memberships",
            state=f"{len(found):,} time(s) a practice is in two groups at once: {examples}{more}",
            remedy="Find out from the register which is right, and record a transfer of the practice or a correction.",
        )
    ]


def audit() -> list[Diagnosis]:
    """Whether the audit trail is whole, and how long it is."""
    faults = list(checking.faults())
    if faults:
        return [
            Diagnosis(
                part="Audit trail",
                state=f"{len(faults)} fault(s), the first: {faults[0]}",
                remedy="Run: manage.py verify_audit; compare with a backup; find out who altered it.",
            )
        ]
    return [
        Diagnosis(part="Audit trail", state=f"whole, {AuditEntry.objects.count()} entries; the data are as it says")
    ]


def jobs() -> list[Diagnosis]:
    """Whether somebody carries out the jobs that wait."""
    waiting = Job.objects.filter(state=JobState.QUEUED)
    late = waiting.filter(created__lt=Now() - LATE).count()
    state = f"{waiting.count():,} waiting, carried out by: {settings.TASKS_BY}"
    if not late:
        return [Diagnosis(part="Jobs", state=state)]
    remedy = "Run a worker: manage.py db_worker (see docs/deploy.md)."
    return [Diagnosis(part="Jobs", state=f"{state}; {late:,} for longer than ten minutes", remedy=remedy)]


STORED: list[Callable[[], list[Diagnosis]]] = [
    database,
    migrations,
    reference,
    portfolios,
    relationships,
    memberships,
    audit,
    jobs,
]
BASIS = (database, migrations)
