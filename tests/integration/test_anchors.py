"""Checkpoints outside the database find what the database, made to agree with itself, cannot tell."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import Settings

from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.trail import record
from tests.tampering import cut, rehash, run, unguard

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    settings.ANCHOR_KEY = "k" * 32


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    """A file with two checkpoints, an entry between them and one after."""
    path = tmp_path / "anchors"
    for _ in range(2):
        call_command("audit_anchor", path, stdout=StringIO())
        write()
    return path


def write() -> None:
    with transaction.atomic():
        record(actor="tests", action="try", subject="form pct-4")


def verified(path: Path | None) -> tuple[int, str]:
    out, status = StringIO(), 0
    try:
        call_command("verify_audit", anchors=path, stdout=out, stderr=StringIO())
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, out.getvalue()


def test_a_trail_that_went_on_agrees(anchors: Path) -> None:
    status, said = verified(anchors)
    assert status == 0
    assert said.endswith("It agrees with 2 checkpoints.\n")
    assert AuditEntry.objects.latest("sequence").digest in said


def test_a_cut_tail_is_found(anchors: Path) -> None:
    unguard()
    last = AuditEntry.objects.latest("sequence").sequence
    cut(after=last - 2)
    assert verified(None)[0] == 0, "the database agrees with itself"
    status, said = verified(anchors)
    assert status == 1
    assert f"names entry {last - 1}, which is not there" in said


def test_a_chain_worked_out_anew_is_found(anchors: Path) -> None:
    unguard()
    run("UPDATE audit_auditentry SET actor = 'somebody else' WHERE sequence = 3")
    rehash(first=3)
    assert verified(None)[0] == 0, "the database agrees with itself"
    status, said = verified(anchors)
    assert status == 1
    assert said.count("the trail was written anew") == 2


def test_a_file_goes_on_under_a_new_key(anchors: Path, settings: Settings) -> None:
    settings.ANCHOR_KEY, settings.ANCHOR_KEY_FALLBACKS = "n" * 32, ["k" * 32]
    call_command("audit_anchor", anchors, stdout=StringIO())
    assert verified(anchors)[0] == 0
    assert len(anchors.read_text().splitlines()) == 3

    settings.ANCHOR_KEY_FALLBACKS = []
    status, said = verified(anchors)
    assert status == 1
    assert said.count("the key is another") == 2

    settings.ANCHOR_KEY, settings.ANCHOR_KEY_FALLBACKS = "o" * 32, ["k" * 32]
    assert "the key is another" in verified(anchors)[1]


def test_a_trail_begun_anew_is_found(anchors: Path) -> None:
    unguard()
    run("DELETE FROM audit_auditseal")
    run("DELETE FROM audit_auditentry WHERE sequence > 3")
    run("UPDATE audit_auditentry SET content = ''")
    rehash(first=1)
    status, said = verified(anchors)
    assert status == 1
    assert said.count("which is not there") == 2


def test_no_checkpoint_is_made_of_a_trail_that_is_not_whole(anchors: Path) -> None:
    before = anchors.read_text()
    unguard()
    run("UPDATE audit_auditentry SET actor = 'x' WHERE sequence = 3")
    with pytest.raises(CommandError, match=r"Entry 3 has been altered"):
        call_command("audit_anchor", anchors)
    rehash(first=3)
    with pytest.raises(CommandError, match=r"written anew"):
        call_command("audit_anchor", anchors)
    assert anchors.read_text() == before


@pytest.mark.parametrize("what", ["altered", "taken out", "of another key", "rubbish"])
def test_a_file_that_was_tampered_with_is_told(anchors: Path, what: str, settings: Settings) -> None:
    first, second = anchors.read_text().splitlines()
    if what == "altered":
        anchors.write_text(json.dumps(json.loads(first) | {"sequence": 1}) + f"\n{second}\n")
    elif what == "taken out":
        anchors.write_text(f"{second}\n")
    elif what == "of another key":
        settings.ANCHOR_KEY = "o" * 32
    else:
        anchors.write_bytes(b"\xff{]\n[]\n" + second.encode() + b"\n")
    status, said = verified(anchors)
    assert status == 1
    assert "of the file of checkpoints" in said
    with pytest.raises(CommandError, match="of the file of checkpoints"):
        call_command("audit_anchor", anchors)


def test_a_key_is_needed(tmp_path: Path, anchors: Path, settings: Settings) -> None:
    settings.ANCHOR_KEY = "short"
    with pytest.raises(CommandError, match="Set PCORG_ANCHOR_KEY"):
        call_command("audit_anchor", tmp_path / "new")
    with pytest.raises(CommandError, match="Set PCORG_ANCHOR_KEY"):
        call_command("verify_audit", anchors=anchors)
