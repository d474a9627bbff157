"""Loading portfolio documents: whole or not at all, every fault with its line, twice without effect."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from organisations.models import Change, LineageEdge, Organisation, PortfolioLoad, Relationship
from organisations.portfolios.reading import DocumentRefused
from organisations.services.load_portfolio import load_portfolio
from organisations.services.load_reference import load_reference
from pcorg.core.audit.checking import chain_faults
from pcorg.core.audit.models import AuditEntry
from pcorg.core.audit.trail import data_version
from tests.databases import FIXTURES, PORTFOLIOS, Content, copied

HEAD = """\
schema: pcorg-portfolio/1
portfolio:
  slug: little-valley
  title: Little valley
  illustrative: true
  covers: {from: 1999-04-01, to: 2010-03-31}
"""
KNOWN = "basis: illustrative, source: pcorg-illustration"
VALLEY = f"""{HEAD}
bodies:
  - {{code: X-V1, name: Upper Valley Group, form: pcg-1, {KNOWN},
     populations: [{{count: 80001, on: 1999-04-01, basis: registered}}]}}
  - {{code: X-V2, name: Lower Valley Group, form: pcg-1, {KNOWN},
     populations: [{{count: 70000, on: 1999-04-01, basis: registered}}]}}
  - {{code: X-VH, name: Valley Health Authority, form: health-authority, opened: 1996-04-01, {KNOWN}}}
relationships:
  - {{kind: neighbour-of, subject: X-V1, object: X-V2, {KNOWN}}}
  - {{kind: accountable-to, subject: X-V1, object: X-VH, {KNOWN}}}
changes:
  - reference: one-trust
    kind: merger
    effective_on: 2000-04-01
    title: The valley becomes one trust
    {KNOWN.replace(", ", chr(10) + "    ")}
    originals: [X-V1, X-V2]
    resulting: [{{code: X-VT, name: Valley Primary Care Trust, form: pct-3}}]
"""

Write = Callable[[str], Path]


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes a document into a file of its own."""

    def write(text: str, name: str = "valley.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def rows() -> dict[str, int]:
    """How many rows every table has."""
    return {model._meta.label: model._default_manager.count() for model in apps.get_models()}


def refused(path: Path) -> DocumentRefused:
    before = rows()
    with pytest.raises(DocumentRefused) as caught:
        load_portfolio(path=path, by="tests")
    assert rows() == before
    return caught.value


@pytest.mark.parametrize("path", PORTFOLIOS, ids=lambda path: path.stem)
def test_loading_a_shipped_portfolio_again_changes_nothing(db: None, path: Path) -> None:
    before, version = rows(), data_version()
    report = load_portfolio(path=path, by="tests")
    assert report.nothing_new
    assert report.unchanged > 300
    assert rows() == before
    assert data_version() == version


def test_loading_the_reference_records_again_changes_nothing(db: None) -> None:
    before, version = rows(), data_version()
    report = load_reference(folder=FIXTURES / "reference", by="tests")
    assert report.nothing_new
    assert (rows(), data_version()) == (before, version)


def test_a_load_writes_bodies_history_and_lineage(db: None, written: Write) -> None:
    report = load_portfolio(path=written(VALLEY), by="ann")
    assert (report.created, report.bodies, report.changes) == (7, 4, 1)
    upper, trust = Organisation.objects.get(pk="X-V1"), Organisation.objects.get(pk="X-VT")
    assert (upper.opened_basis, str(upper.closed)) == ("coverage", "2000-04-01")
    assert (trust.opened_basis, str(trust.opened), trust.closed) == ("recorded", "2000-04-01", None)
    assert trust.populations.get().count == 150_001
    assert trust.populations.get().counted == "computed"
    assert str(trust.populations.get().oldest_on) == "1999-04-01"
    assert [part["count"] for part in trust.populations.get().parts] == [80001, 70000]
    assert [(edge.original_id, edge.share) for edge in LineageEdge.objects.filter(resulting="X-VT")] == [
        ("X-V1", 1),
        ("X-V2", 1),
    ]
    answers = Relationship.objects.get(subject="X-VT", kind="accountable-to")
    assert (answers.object_id, answers.end) == ("X-VH", None)
    assert str(Relationship.objects.get(subject="X-V1", object="X-V2").end) == "2000-04-01"
    change = Change.objects.get(reference="one-trust")
    assert (change.status, change.recorded, change.decisions.get().by) == ("effected", True, "ann")
    advice = {finding.policy_check_id: finding.outcome for finding in change.findings.all()}
    assert set(advice.values()) == {"advise"}
    assert {"population-in-range", "consultation-held", "board-composition"} <= advice.keys()
    load = PortfolioLoad.objects.get(portfolio="little-valley")
    assert (load.loaded_by, load.created, len(load.sha256)) == ("ann", 7, 64)
    assert AuditEntry.objects.order_by("-sequence")[0].action == "load-portfolio"
    assert not list(chain_faults())


def dry_run(path: Path, *words: str) -> list[str]:
    """What the command says of a document that it does not load."""
    out = StringIO()
    call_command("load_portfolio", str(path), "--dry-run", *words, stdout=out)
    return out.getvalue().splitlines()


def test_a_dry_run_names_what_would_be_new_and_what_would_change(db: None, written: Write) -> None:
    lines = dry_run(written(VALLEY))
    assert "bodies, new:" in lines
    assert "  X-V1: Upper Valley Group (pcg-1)" in lines
    assert "  one-trust: The valley becomes one trust (Merger of X-V1, X-V2, 1 April 2000, opens X-VT)" in lines
    load_portfolio(path=written(VALLEY), by="tests")
    lines = dry_run(written(VALLEY.replace("title: Little valley", "title: Lesser valley")))
    assert lines[-3:] == [
        "portfolio, changed:",
        "  little-valley: Lesser valley",
        "    title: Little valley becomes Lesser valley",
    ]


def test_a_dry_run_names_all_where_it_is_asked_to(db: None, written: Write) -> None:
    many = "".join(f"  - {{code: X-M{number}, name: Group, form: pcg-1, {KNOWN}}}\n" for number in range(30))
    path = written(f"{HEAD}bodies:\n{many}")
    assert sum(line.startswith("  X-M") for line in dry_run(path)) == 20
    assert "  and 10 more; --all names them" in dry_run(path)
    assert sum(line.startswith("  X-M") for line in dry_run(path, "--all")) == 30


def test_a_dry_run_says_what_would_be_loaded_and_writes_nothing(db: None, written: Write) -> None:
    before = rows()
    report = load_portfolio(path=written(VALLEY), by="tests", dry_run=True)
    assert (report.created, report.dry_run) == (7, True)
    assert rows() == before


def test_a_longer_document_brings_only_what_is_new(db: None, written: Write) -> None:
    load_portfolio(path=written(VALLEY), by="tests")
    longer = VALLEY + (
        "  - {reference: level-four, kind: transition, route: level, effective_on: 2002-04-01, title: Level four, "
        f"{KNOWN}, originals: [X-VT], to_form: pct-4}}\n"
    )
    report = load_portfolio(path=written(longer), by="tests")
    assert (report.created, report.unchanged) == (1, 7)
    assert [period.form_id for period in Organisation.objects.get(pk="X-VT").form_periods.all()] == [
        "pct-3",
        "pct-4",
    ]


def test_a_record_that_says_something_else_than_before_is_refused(db: None, written: Write) -> None:
    load_portfolio(path=written(VALLEY), by="tests")
    found = refused(written(VALLEY.replace("Upper Valley Group", "Higher Valley Group")))
    assert [(fault.code, fault.line) for fault in found.faults] == [("conflict", 9)]
    assert "correction" in found.faults[0].message


def test_every_fault_of_form_is_reported_with_its_line(db: None, written: Write) -> None:
    found = refused(
        written(
            f"""{HEAD}
colour: red
bodies:
  - {{code: X V1, name: Upper, form: pcg-1, {KNOWN}}}
  - {{code: X-V2, form: pcg-1, {KNOWN}}}
  - {{code: X-V3, name: Lower, form: pcg-1, {KNOWN}, opened: yesterday}}
  - {{code: X-V4, name: Lower, form: pcg-1, {KNOWN}, populations: [{{count: many, on: 1999-04-01, basis: guess}}]}}
changes:
  - {{reference: a, kind: takeover, effective_on: 2000-04-01, title: A, {KNOWN}}}
"""
        )
    )
    assert {fault.line for fault in found.faults} == {8, 10, 11, 12, 13, 15}
    assert {fault.pointer for fault in found.faults} == {
        "/colour",
        "/bodies/0/code",
        "/bodies/1/name",
        "/bodies/2/opened",
        "/bodies/3/populations/0/count",
        "/bodies/3/populations/0/basis",
        "/changes/0/kind",
    }


def test_every_fault_of_reference_is_reported_with_its_line(db: None, written: Write) -> None:
    found = refused(
        written(
            f"""{HEAD}
bodies:
  - {{code: X-V1, name: Upper, form: pcg-9, {KNOWN}}}
  - {{code: X-V1, name: Again, form: pcg-1, {KNOWN}}}
  - {{code: V2, name: Not marked, form: pcg-1, {KNOWN}}}
  - {{code: X-V3, name: Unsourced, form: pcg-1}}
  - {{code: X-V4, name: Rumour, form: pcg-1, basis: source, source: hearsay}}
relationships:
  - {{kind: neighbour-of, subject: X-V3, object: X-V1, {KNOWN}}}
  - {{kind: member-of, subject: X-V3, object: X-V9, {KNOWN}}}
changes:
  - {{reference: a, kind: rename, effective_on: 2000-04-01, title: A, {KNOWN}, originals: [X-V3], name: B,
     evidence: {{omens: good}}}}
"""
        )
    )
    said = {(fault.line, fault.pointer) for fault in found.faults}
    assert said >= {
        (9, "/bodies/0/form"),
        (10, "/bodies/1/code"),
        (11, "/bodies/2/code"),
        (12, "/bodies/3/basis"),
        (12, "/bodies/3/source"),
        (13, "/bodies/4/source"),
        (15, "/relationships/0/subject"),
        (16, "/relationships/1/object"),
        (19, "/changes/0/evidence/omens"),
    }


def test_every_change_that_cannot_be_is_reported(db: None, written: Write) -> None:
    found = refused(
        written(
            VALLEY
            + f"""\
  - {{reference: late, kind: rename, effective_on: 2001-04-01, title: A, {KNOWN}, originals: [X-V1], name: B}}
  - {{reference: nobody, kind: dissolution, effective_on: 2001-04-01, title: A, {KNOWN}, originals: [X-V8]}}
  - {{reference: alone, kind: merger, effective_on: 2001-04-01, title: A, {KNOWN}, originals: [X-VH],
     resulting: [{{code: X-VZ, name: Again, form: pct-3}}]}}
  - {{reference: half, kind: split, effective_on: 2002-04-01, title: A, {KNOWN}, originals: [X-VT],
     resulting: [{{code: X-VA, name: A, form: pct-3}}, {{code: X-VB, name: B, form: pct-3}}],
     edges: [{{original: X-VT, resulting: X-VA, share: 0.5}}, {{original: X-VT, resulting: X-VB, share: 0.4}}]}}
"""
        )
    )
    said = {(fault.pointer, fault.code) for fault in found.faults}
    assert said >= {
        ("/changes/1/originals/0", "not-in-force"),
        ("/changes/2/originals/0", "unknown-organisation"),
        ("/changes/3/originals", "invalid"),
        ("/changes/4/originals/0", "invalid"),
    }


def test_faults_of_every_depth_are_reported_together_and_what_follows_from_one_is_not(db: None, written: Write) -> None:
    found = refused(
        written(
            VALLEY.replace("name: Lower Valley Group, ", "")
            + f"""\
  - {{reference: afterwards, kind: rename, effective_on: 2001-04-01, title: A, {KNOWN}, originals: [X-VT], name: B}}
  - {{reference: unknown-form, kind: transition, route: level, effective_on: 2001-04-01, title: A, {KNOWN},
     originals: [X-VH], to_form: pct-9}}
  - {{reference: nobody, kind: dissolution, effective_on: 2001-04-01, title: A, {KNOWN}, originals: [X-V8]}}
"""
        )
    )
    assert [(fault.line, fault.pointer) for fault in found.faults] == [
        (11, "/bodies/1/name"),
        (28, "/changes/2/to_form"),
        (29, "/changes/3/originals/0"),
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"a: &x [1]\nb: *x\n", "aliases"),
        (b"a: 1\na: 2\n", "twice"),
        (b"a: [1, 2\n", "well-formed"),
        (b"\xff\xfe\x00", "kinds of file"),
        (b"[" * 60 + b"]" * 60, "deep"),
        (b"", "fields"),
        (b"- 1\n", "fields"),
        (b"a: !!python/object/apply:os.system [ls]\n", ""),
    ],
    ids=["alias", "repeated", "broken", "not-text", "deep", "empty", "list", "tag"],
)
def test_what_is_not_a_document_is_refused(db: None, tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "odd.yaml"
    path.write_bytes(content)
    found = refused(path)
    assert found.faults
    assert words in " ".join(fault.message for fault in found.faults)


def test_a_json_document_loads_too(db: None, written: Write) -> None:
    document = {
        "schema": "pcorg-portfolio/1",
        "portfolio": {
            "slug": "in-json",
            "title": "In JSON",
            "illustrative": True,
            "covers": {"from": "1999-04-01", "to": "2000-04-01"},
        },
        "bodies": [
            {
                "code": "X-J1",
                "name": "J",
                "form": "pcg-1",
                "basis": "illustrative",
                "source": "pcorg-illustration",
            }
        ],
    }
    report = load_portfolio(path=written(json.dumps(document, indent=1), "valley.json"), by="tests")
    assert report.created == 2


def test_the_command_tells_every_fault_and_fails(db: None, written: Write, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(VALLEY.replace("pcg-1", "pcg-9"))
    with pytest.raises(CommandError, match="1 of 1"):
        call_command("load_portfolio", str(path))
    told = capsys.readouterr().err
    assert told.count("There is no form called pcg-9") == 2
    assert "line 9" in told
    assert "line 11" in told


LOADED = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from tests.integration.test_load_portfolio import rows
call_command("load_portfolio", *sys.argv[1:])
call_command("load_assessments", "fixtures/assessments/shipped.yaml")
call_command("verify_audit")
print(json.dumps(rows()))
"""


@pytest.mark.both_databases
@pytest.mark.exhaustive
def test_the_commands_load_what_every_test_begins_with(db: None) -> None:
    """The database of the tests is a copy that was built earlier; this one is loaded here and now."""
    with copied(Content.REFERENCE, "loader") as url:
        done = subprocess.run(
            [sys.executable, "-c", LOADED, *map(str, PORTFOLIOS)],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "pcorg.settings"},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == rows()
