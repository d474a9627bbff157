"""`verify_audit` and `doctor`."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from organisations.models import Portfolio, TransitionRule
from pcorg import diagnosis
from pcorg.core.audit import trail
from pcorg.core.audit.models import AuditEntry, AuditHead
from pcorg.diagnosis import Diagnosis

pytestmark = pytest.mark.django_db


def run(command: str) -> tuple[int, str]:
    """A command's exit status and what it prints."""
    out, status = StringIO(), 0
    try:
        call_command(command, stdout=out)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, out.getvalue()


def write(number: int) -> list[int]:
    """Some entries at the end of the trail; their sequence numbers."""
    with transaction.atomic():
        for entry in range(number):
            trail.record(actor="tests", action="try", subject=str(entry))
    end = AuditHead.objects.get().sequence
    return list(range(end - number + 1, end + 1))


@pytest.mark.parametrize("attempt", ["update", "delete"])
def test_the_database_refuses_to_alter_or_delete_an_entry(attempt: str) -> None:
    (sequence,) = write(1)
    entry = AuditEntry.objects.filter(sequence=sequence)

    with pytest.raises(DatabaseError, match="never altered or deleted"), transaction.atomic():
        entry.update(actor="another") if attempt == "update" else entry.delete()


@pytest.fixture
def unprotected() -> None:
    """The trail without the triggers that keep it from being altered, as somebody with the database's
    password could make it; undone with the test."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_append_only")
        else:
            cursor.execute("DROP TRIGGER audit_append_only_update")
            cursor.execute("DROP TRIGGER audit_append_only_delete")


def test_a_whole_trail_is_said_to_be_whole() -> None:
    write(3)

    status, said = run("verify_audit")

    assert status == 0
    assert said.startswith(f"The audit trail is whole: {AuditEntry.objects.count()} entries")
    assert trail.data_version()[0] in said


@pytest.mark.usefixtures("unprotected")
def test_an_altered_entry_is_named_one_line_a_fault() -> None:
    first, second, third = write(3)
    AuditEntry.objects.filter(sequence=first).update(actor="somebody else")
    AuditEntry.objects.filter(sequence=third).update(subject="another")

    status, said = run("verify_audit")

    assert status == 1
    assert said.splitlines() == [f"Entry {first} has been altered.", f"Entry {third} has been altered."]
    assert f"Entry {second}" not in said


@pytest.mark.usefixtures("unprotected")
def test_a_missing_entry_is_named() -> None:
    _, second, third = write(3)
    AuditEntry.objects.filter(sequence=second).delete()

    status, said = run("verify_audit")

    assert status == 1
    assert said.splitlines() == [
        f"Entry {second} is missing; the next is {third}.",
        f"Entry {third} does not follow the one before it.",
    ]


@pytest.mark.usefixtures("unprotected")
def test_a_trail_cut_short_is_noticed() -> None:
    *_, last = write(2)
    AuditEntry.objects.filter(sequence=last).delete()

    assert run("verify_audit")[0] == 1


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Static files that are there, whether or not they are on the machine that tests."""
    monkeypatch.setattr(diagnosis, "static_files", lambda: Diagnosis(part="Static files", state="collected"))


@pytest.mark.usefixtures("collected")
def test_the_doctor_finds_nothing_wrong_where_nothing_is() -> None:
    status, said = run("doctor")

    assert status == 0, said
    assert "WRONG" not in said
    for part in ("Python", "Static files", "Cache", "Database", "Migrations", "Audit trail"):
        assert part in said
    for portfolio in Portfolio.objects.all():
        assert portfolio.slug in said
        assert f"{portfolio.covers_from} to" in " ".join(said.split())


def without_reference(_: pytest.MonkeyPatch) -> None:
    TransitionRule.objects.all().delete()


def without_migration(_: pytest.MonkeyPatch) -> None:
    MigrationRecorder.Migration.objects.filter(app="audit").delete()


def without_head(_: pytest.MonkeyPatch) -> None:
    AuditHead.objects.update(sequence=0)


def without_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ConnectionError("no answer")

    monkeypatch.setattr(diagnosis.cache, "set", refuse)


def without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OperationalError("no answer")

    monkeypatch.setattr(connection, "cursor", refuse)


@pytest.mark.usefixtures("collected")
@pytest.mark.parametrize(
    ("spoil", "advice"),
    [
        (without_reference, "Reference records: Run: manage.py load_reference"),
        (without_migration, "Migrations: Run: manage.py migrate"),
        (without_head, "Audit trail: Run: manage.py verify_audit"),
        (without_cache, "Cache: See whether CACHE_URL is right"),
        (without_database, "Database: See whether DATABASE_URL is right"),
    ],
)
def test_the_doctor_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, spoil: Callable[[pytest.MonkeyPatch], None], advice: str
) -> None:
    spoil(monkeypatch)

    status, said = run("doctor")

    assert status == 1
    assert advice in said


def test_the_doctor_misses_static_files_that_were_never_collected(settings: object, tmp_path: object) -> None:
    settings.STATIC_ROOT = tmp_path  # type: ignore[attr-defined]

    assert not diagnosis.static_files().well
