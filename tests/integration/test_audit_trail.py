"""The audit trail: it only grows, it is chained, and tampering shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from pcorg.core.audit.checking import chain_faults
from pcorg.core.audit.models import AuditEntry, AuditHead
from pcorg.core.audit.trail import GENESIS, TrailEntry, data_version, digest_of, record, record_all

pytestmark = pytest.mark.django_db


def write(*subjects: str) -> list[AuditEntry]:
    for subject in subjects:
        record(actor="tester", action="test", subject=subject, particulars={"said": "naïve – yes", "n": 1})
    return list(AuditEntry.objects.order_by("-sequence")[: len(subjects)])[::-1]


@contextmanager
def unguarded() -> Iterator[None]:
    """The table as somebody sees it who can switch its triggers off. The test's rollback brings them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER audit_append_only")
        else:
            cursor.execute("DROP TRIGGER audit_append_only_update")
            cursor.execute("DROP TRIGGER audit_append_only_delete")
    yield


def test_entries_follow_each_other() -> None:
    before = AuditHead.objects.get()
    first, second = write("one", "two")
    assert (first.sequence, second.sequence) == (before.sequence + 1, before.sequence + 2)
    assert first.previous == before.digest
    assert second.previous == first.digest
    assert second.digest == digest_of(second)
    head = AuditHead.objects.get()
    assert (head.sequence, head.digest, head.at) == (second.sequence, second.digest, second.at)
    assert list(chain_faults()) == []


def test_several_are_written_at_once_in_order() -> None:
    before = AuditHead.objects.get().sequence
    record_all(actor="tester", entries=[TrailEntry("test", subject) for subject in "abc"])
    written = AuditEntry.objects.filter(sequence__gt=before).order_by("sequence")
    assert "".join(entry.subject for entry in written) == "abc"
    assert list(chain_faults()) == []


def test_the_loads_of_this_database_stand_in_a_whole_chain() -> None:
    assert AuditEntry.objects.get(sequence=1).previous == GENESIS
    assert AuditEntry.objects.filter(action="load-portfolio", actor="tests").count() == 3
    assert list(chain_faults()) == []


def test_the_version_of_the_data_changes_with_every_entry() -> None:
    versions = {data_version()[0]}
    for subject in "abc":
        write(subject)
        versions.add(data_version()[0])
    assert len(versions) == 4


@pytest.mark.django_db(transaction=True)
def test_nothing_is_written_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        record(actor="tester", action="test", subject="alone")


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_entry() -> None:
    before = data_version()
    with transaction.atomic():
        write("undone")
        transaction.set_rollback(True)
    assert data_version() == before
    assert list(chain_faults()) == []


class TestAppendOnly:
    def test_no_entry_is_altered(self) -> None:
        (entry,) = write("one")
        with pytest.raises(DatabaseError, match="never altered or deleted"), transaction.atomic():
            AuditEntry.objects.filter(pk=entry.pk).update(actor="somebody else")

    def test_nor_saved_again(self) -> None:
        (entry,) = write("one")
        with pytest.raises(DatabaseError, match="never altered or deleted"), transaction.atomic():
            entry.save()

    def test_nor_deleted(self) -> None:
        (entry,) = write("one")
        with pytest.raises(DatabaseError, match="never altered or deleted"), transaction.atomic():
            entry.delete()
        with pytest.raises(DatabaseError, match="never altered or deleted"), transaction.atomic():
            AuditEntry.objects.all().delete()


class TestTampering:
    """By somebody who has switched the guards off."""

    @pytest.mark.parametrize(
        "alteration",
        [{"actor": "x"}, {"action": "x"}, {"subject": "x"}, {"particulars": {}}, {"at": "2001-01-01T00:00Z"}],
    )
    def test_an_altered_entry_shows(self, alteration: dict) -> None:
        first, *_ = write("one", "two", "three")
        with unguarded():
            AuditEntry.objects.filter(pk=first.pk).update(**alteration)
        assert list(chain_faults()) == [f"Entry {first.sequence} has been altered."]

    def test_an_entry_altered_with_its_digest_shows_in_the_next(self) -> None:
        first, second = write("one", "two")
        with unguarded():
            first.actor = "x"
            first.digest = digest_of(first)
            first.save()
        assert list(chain_faults()) == [f"Entry {second.sequence} does not follow the one before it."]

    def test_a_missing_entry_shows(self) -> None:
        first, second = write("one", "two")
        with unguarded():
            AuditEntry.objects.filter(pk=first.pk).delete()
        assert list(chain_faults()) == [
            f"Entry {first.sequence} is missing; the next is {second.sequence}.",
            f"Entry {second.sequence} does not follow the one before it.",
        ]

    def test_a_missing_end_shows(self) -> None:
        first, second = write("one", "two")
        with unguarded():
            AuditEntry.objects.filter(pk=second.pk).delete()
        (fault,) = chain_faults()
        assert fault.startswith(f"The head says {second.sequence} entries end the chain; {first.sequence} were found")

    def test_a_moved_head_shows(self) -> None:
        write("one")
        AuditHead.objects.update(digest=GENESIS)
        assert len(list(chain_faults())) == 1
